// Writes generated files: only those that differ, so that nothing that watches them wakes without a change.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SdkFile } from "./sdk-source.ts";

/** Names of the files that were written; the folder is made if it is missing. */
export function writeFiles(folder: string, files: readonly SdkFile[]): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return files
    .filter(({ name, text }) => textOf(join(folder, name)) !== text)
    .map(({ name, text }) => {
      writeFileSync(join(folder, name), text);
      return name;
    });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
