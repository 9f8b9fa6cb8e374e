// Loads the project again while its files change under the load: what is read of half a save is nobody's project.
import { statSync } from "node:fs";
import { type LoadedProject, loadProject } from "../project/load-project.ts";

/** A file that is written without end is loaded as it is; its next change is noticed anyway. */
const MOST_LOADS = 5;

/** `files` are those known so far, absolute. Throws as `loadProject` does. */
export async function loadSettled(projectDir: string, files: readonly string[]): Promise<LoadedProject> {
  for (let loads = 1; ; loads++) {
    const before = stampsOf(files);
    const isLast = (): boolean => loads === MOST_LOADS || stampsOf(files) === before;
    try {
      const project = await loadProject(projectDir);
      if (isLast()) return project;
    } catch (error) {
      if (isLast()) throw error;
    }
  }
}

function stampsOf(files: readonly string[]): string {
  const stamp = (file: string): string => {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined ? "gone" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
  };
  return files.map(stamp).join("\n");
}
