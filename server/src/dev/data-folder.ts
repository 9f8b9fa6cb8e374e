// The project's data folder: one process at a time uses it, and `--reset` removes only what Moose made.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { MooseError } from "../model/errors.ts";

/** Stands in every data folder that Moose made: without it nothing is ever removed. */
const MARKER = "moose-data.json";
const LOCK = "moose.lock";
/** Made in the default data folder by loading the project, before there is any data. */
const BUILD = "build";

interface Lock {
  readonly pid: number;
  /** When the process started, where the system tells: numbers of ended processes are used again. */
  readonly started: string;
}

/** Makes the folder where needed and takes it for this process. Returns what gives it back. Throws `data_folder_in_use`, `disk_full`. */
export function claimDataFolder(folder: string): () => void {
  const lockPath = join(folder, LOCK);
  withDiskErrors(folder, () => {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).every((name) => name === BUILD)) {
      writeFileSync(
        join(folder, MARKER),
        `${JSON.stringify({ what: "data of Moose: streams and tables", version: 1 })}\n`,
      );
    }
    refuseWhenInUse(folder);
    rmSync(lockPath, { force: true });
    const lock: Lock = { pid: process.pid, started: startOf(process.pid) };
    // "wx" fails when another process was quicker.
    writeFileSync(lockPath, JSON.stringify(lock), { flag: "wx" });
  });
  return () => rmSync(lockPath, { force: true });
}

/** Removes the data. Does nothing when there is none. Throws `data_folder_in_use`, and `config_invalid` when the folder is not one of ours. */
export function resetDataFolder(projectDir: string, folder: string): void {
  const entries = existsSync(folder) ? readdirSync(folder).filter((name) => name !== BUILD) : [];
  if (entries.length === 0) return;
  const holdsProject = !relative(folder, projectDir).startsWith("..") || resolve(folder) === dirname(resolve(folder));
  if (holdsProject || resolve(folder) === homedir() || !entries.includes(MARKER)) {
    throw new MooseError(
      "config_invalid",
      `${folder} does not look like a data folder of Moose (it has no ${MARKER}), so --reset leaves it alone. Remove it yourself, or name another one with --data-dir.`,
    );
  }
  refuseWhenInUse(folder);
  for (const name of entries) rmSync(join(folder, name), { recursive: true, force: true });
}

function refuseWhenInUse(folder: string): void {
  const lock = readLock(join(folder, LOCK));
  if (lock === undefined || !isRunning(lock)) return;
  throw new MooseError(
    "data_folder_in_use",
    `The data folder ${folder} is in use by a Moose that runs already (process ${lock.pid}). End that one first, or start this one with another folder: --data-dir <folder>.`,
    { extra: { pid: lock.pid } },
  );
}

function readLock(path: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Lock;
  } catch {
    // No lock, or one that a crash left half written: nobody holds it.
    return undefined;
  }
}

function isRunning({ pid, started }: Lock): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return started === startOf(pid);
}

/** Field 22 of /proc/<pid>/stat; "" where there is no such file, which equals itself. The name in field 2 may hold spaces. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function withDiskErrors(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC") {
      throw new MooseError("disk_full", `The disk that holds ${folder} is full: free some space and start again.`, {
        cause: error,
      });
    }
    if (code === "EACCES" || code === "EROFS" || code === "EPERM" || code === "ENOTDIR") {
      throw new MooseError(
        "config_invalid",
        `The data folder ${folder} cannot be written (${code}): choose another one with --data-dir <folder>.`,
        { cause: error },
      );
    }
    if (code === "EEXIST" && syscall === "mkdir") {
      throw new MooseError(
        "config_invalid",
        `The data folder ${folder} is a file: choose another one with --data-dir <folder>.`,
        { cause: error },
      );
    }
    if (code === "EEXIST") {
      throw new MooseError("data_folder_in_use", `Another Moose took the data folder ${folder} just now.`, {
        cause: error,
      });
    }
    throw error;
  }
}
