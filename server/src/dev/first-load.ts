// The first load of the project: while it has a mistake, shows it and waits for it to be mended.
import { MooseError } from "../model/errors.ts";
import { type LoadedProject, loadProject } from "../project/load-project.ts";
import { describeError } from "./describe-error.ts";
import { mistakenFile } from "./reload.ts";
import type { Terminal } from "./terminal.ts";
import { watchProject } from "./watch-project.ts";

/** Undefined when the signal came first. A bug is thrown. */
export async function firstLoad(
  projectDir: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LoadedProject | undefined> {
  let changed = false;
  let wake = (): void => {};
  const wakeUp = (): void => {
    changed = true;
    wake();
  };
  // Watches from before the first load, so that no change falls between a load and the wait.
  const watcher = watchProject({ projectDir, onChange: async () => wakeUp(), onProblem: wakeUp });
  signal.addEventListener("abort", wakeUp);
  try {
    while (!signal.aborted) {
      changed = false;
      try {
        return await loadProject(projectDir);
      } catch (error) {
        if (!(error instanceof MooseError)) throw error;
        const { paint } = terminal;
        terminal.line(
          `${describeError(error, paint)}\n\n${paint.yellow("Not started yet: waiting for this to be mended.")}\n`,
        );
        watcher.follow(mistakenFile(projectDir, error));
      }
      if (changed) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return undefined;
  } finally {
    signal.removeEventListener("abort", wakeUp);
    await watcher.close();
  }
}
