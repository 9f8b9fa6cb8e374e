// How a loaded function is started: its modules are written to disk, because packages are found from the place of a file.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadedFunction } from "../model/function-spec.ts";
import type { ProcessCommand } from "./function-process.ts";

export interface WrittenCommand extends ProcessCommand {
  /** Removes what was written; the process may run on. */
  remove(): void;
}

let written = 0;

/** Every call writes files of its own: several servers, and two versions of one function, may run side by side. */
export function writeCommand({ spec, program }: LoadedFunction): WrittenCommand {
  if (program.language === "python") {
    const pythonPath = [...program.pythonPath, process.env.PYTHONPATH].filter((path) => path !== undefined);
    return {
      command: program.python,
      args: ["-m", "moose_functions", "serve", program.path, spec.name],
      cwd: program.projectDir,
      env: { ...process.env, PYTHONPATH: pythonPath.join(delimiter), PYTHONUNBUFFERED: "1" },
      payload: "json",
      remove() {},
    };
  }
  const { directory, projectDir, processCode, threadCode } = program;
  mkdirSync(directory, { recursive: true });
  const stem = join(directory, `function-${spec.name}-${process.pid}-${++written}`);
  const paths = { process: `${stem}-process.mjs`, thread: `${stem}.mjs` };
  writeFileSync(paths.process, processCode);
  writeFileSync(paths.thread, threadCode);
  return {
    command: process.execPath,
    args: [paths.process, pathToFileURL(paths.thread).href],
    cwd: projectDir,
    env: process.env,
    payload: "native",
    remove() {
      for (const path of Object.values(paths)) rmSync(path, { force: true });
    },
  };
}
