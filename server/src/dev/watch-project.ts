// Tells when a file of the project may have changed: watches its definition folders, its root and the files it imports.
import { type FSWatcher, watch } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { configFileName, definitionDirectories, definitionFolders } from "../project/find-files.ts";

export interface ProjectWatcher {
  /** Files outside the definition folders that the project imports, from the last load that worked. */
  follow(files: readonly string[]): void;
  /** Calls `onChange` as if something had changed: for what was saved before the watching began. */
  look(): void;
  /** Resolves when a call of `onChange` that is under way has ended; none comes afterwards. */
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly projectDir: string;
  /** Called once for changes that come together, never while an earlier call is still under way. `path` is one of them. */
  readonly onChange: (path: string) => Promise<void>;
  /** The system cannot watch any more folders. */
  readonly onProblem: (error: Error) => void;
}

// Editors write a file in several steps (truncate, write, rename); together they are one change.
const DEBOUNCE_MS = 40;

/**
 * One watcher a folder instead of one recursive one: on Linux Node's recursive watcher walks the whole project,
 * node_modules included, before it starts.
 */
export function watchProject({ projectDir, onChange, onProblem }: WatchOptions): ProjectWatcher {
  const watchers = new Map<string, FSWatcher>();
  let followed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let changedPath: string | undefined;
  let underWay: Promise<void> | undefined;
  let closed = false;

  const matters = (path: string): boolean => {
    if (path === projectDir || followed.has(path)) return true;
    if (dirname(path) === projectDir)
      return [...definitionFolders, configFileName].some((name) => name === basename(path));
    return definitionFolders.some((folder) => path.startsWith(join(projectDir, folder) + sep));
  };

  const sync = (): void => {
    const wanted = new Set([
      projectDir,
      ...definitionDirectories(projectDir),
      ...[...followed].map((path) => dirname(path)),
    ]);
    for (const [directory, watcher] of watchers) {
      if (wanted.has(directory)) continue;
      watcher.close();
      watchers.delete(directory);
    }
    for (const directory of wanted) {
      if (!watchers.has(directory)) open(directory);
    }
  };

  const open = (directory: string): void => {
    try {
      const watcher = watch(directory, (_event, name) => changed(name === null ? directory : join(directory, name)));
      // A folder that is removed ends its watcher; sync opens it again when it is back.
      watcher.on("error", () => forget(directory));
      watchers.set(directory, watcher);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") onProblem(error as Error);
    }
  };

  const forget = (directory: string): void => {
    watchers.get(directory)?.close();
    watchers.delete(directory);
  };

  const changed = (path: string): void => {
    if (closed || !matters(path)) return;
    // A folder that was removed and made again is another folder, which its old watcher does not see.
    if (watchers.has(path)) forget(path);
    changedPath = path;
    clearTimeout(timer);
    timer = setTimeout(start, DEBOUNCE_MS);
  };

  const run = async (): Promise<void> => {
    // What changes while `onChange` is under way is looked at once more.
    while (!closed && changedPath !== undefined) {
      const path = changedPath;
      changedPath = undefined;
      sync();
      await onChange(path);
    }
  };

  const start = (): void => {
    underWay ??= run().finally(() => {
      underWay = undefined;
    });
  };

  sync();
  return {
    follow(files) {
      followed = new Set(files.map((file) => resolve(file)));
      if (!closed) sync();
    },
    look: () => changed(projectDir),
    async close() {
      closed = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
      await underWay;
    },
  };
}
