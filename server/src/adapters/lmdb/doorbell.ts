// How processes that share a log wake each other: a file that is written to after a commit, and watched.
import { closeSync, type FSWatcher, openSync, watch, writeSync } from "node:fs";
import { join } from "node:path";

const ONE_BYTE = Buffer.from([0]);

/** A ring may be missed (a process dies between its commit and the ring, a system has no watches): listeners also look now and then. */
export class Doorbell {
  readonly #file: number;
  readonly #watcher: FSWatcher | undefined;

  /** `onRing` is called for rings of this process, too, and once for several. */
  constructor(folder: string, onRing: () => void) {
    const path = join(folder, "doorbell");
    this.#file = openSync(path, "a");
    this.#watcher = watchFile(path, onRing);
  }

  /** A write to the page cache, some µs: nothing here has to outlive the processes. */
  ring(): void {
    try {
      writeSync(this.#file, ONE_BYTE, 0, 1, 0);
    } catch {
      // A full disk: they find out when they look.
    }
  }

  close(): void {
    this.#watcher?.close();
    closeSync(this.#file);
  }
}

function watchFile(path: string, onRing: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onRing);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    // The system's limit of watches is reached: looking now and then is all that is left.
    return undefined;
  }
}
