// What each consumer group has done, by partition: read and written as JSON, and told to those who listen.
import type { GroupProgress, ProgressListener, StreamPartition } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Put } from "./group-commit.ts";
import { messageOf } from "./lmdb-errors.ts";
import type { Bytes } from "./open-log.ts";
import { asBuffer } from "./record-reader.ts";

export class GroupStore {
  readonly #db: Bytes;
  readonly #log: Log;
  readonly #listeners = new Map<string, Set<ProgressListener>>();
  /** Committed offset that was told last, by key of the progress. */
  readonly #told = new Map<string, number>();

  constructor(db: Bytes, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  progress(group: string, at: StreamPartition): GroupProgress {
    const stored = this.#db.get(Buffer.from(keyOf(group, at)));
    return stored === undefined ? { committed: 0 } : (JSON.parse(asBuffer(stored).toString("utf8")) as GroupProgress);
  }

  put(group: string, at: StreamPartition, progress: GroupProgress): Put {
    return { db: this.#db, key: Buffer.from(keyOf(group, at)), value: Buffer.from(JSON.stringify(progress)) };
  }

  groups(): string[] {
    const found: string[] = [];
    for (let start = Buffer.alloc(0); ; ) {
      const [key] = this.#db.getKeys({ start, limit: 1 });
      if (key === undefined) return found;
      const group = asBuffer(key).toString("utf8").split("\0", 1)[0]!;
      found.push(group);
      start = Buffer.from(`${group}\x01`);
    }
  }

  onProgress(group: string, listener: ProgressListener): () => void {
    const listeners = this.#listeners.get(group) ?? new Set();
    this.#listeners.set(group, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  advanced(group: string, at: StreamPartition, committed: number): void {
    const key = keyOf(group, at);
    if (committed <= (this.#told.get(key) ?? 0)) return;
    this.#told.set(key, committed);
    for (const listener of this.#listeners.get(group) ?? []) {
      try {
        listener(at.stream, at.partition, committed);
      } catch (error) {
        this.#log.error("A listener of a group's progress threw", { group, reason: messageOf(error) });
      }
    }
  }
}

function keyOf(group: string, { stream, partition }: StreamPartition): string {
  return `${group}\0${stream}\0${partition}`;
}
