// What each consumer group has done, by partition: read and written as JSON, and told to those who listen.
import type { GroupProgress, ProgressListener, StreamPartition } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
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

  /** Called in a transaction. */
  put(group: string, at: StreamPartition, progress: GroupProgress): void {
    this.#db.put(Buffer.from(keyOf(group, at)), Buffer.from(JSON.stringify(progress)));
  }

  /** Called in a transaction. */
  forget(group: string, stream: string): void {
    const range = { start: Buffer.from(`${group}\0${stream}\0`), end: Buffer.from(`${group}\0${stream}\x01`) };
    for (const key of [...this.#db.getKeys(range)]) {
      this.#db.remove(key);
      this.#told.delete(asBuffer(key).toString("utf8"));
    }
  }

  /** Each group with each stream that it has progress in. */
  streamsOfGroups(): { readonly group: string; readonly stream: string }[] {
    const found: { group: string; stream: string }[] = [];
    for (let start = Buffer.alloc(0); ; ) {
      const [key] = this.#db.getKeys({ start, limit: 1 });
      if (key === undefined) return found;
      const [group, stream] = asBuffer(key).toString("utf8").split("\0") as [string, string];
      found.push({ group, stream });
      start = Buffer.from(`${group}\0${stream}\x01`);
    }
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
    if (listeners.size === 0) {
      this.#listeners.set(group, listeners);
      for (const { at, committed } of this.#committed(group)) this.#told.set(keyOf(group, at), committed);
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Tells what other processes saved. */
  look(): void {
    for (const [group, listeners] of this.#listeners) {
      if (listeners.size === 0) continue;
      for (const { at, committed } of this.#committed(group)) this.advanced(group, at, committed);
    }
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

  *#committed(group: string): Generator<{ at: StreamPartition; committed: number }> {
    const range = { start: Buffer.from(`${group}\0`), end: Buffer.from(`${group}\x01`) };
    for (const { key, value } of this.#db.getRange(range)) {
      const [, stream, partition] = asBuffer(key).toString("utf8").split("\0") as [string, string, string];
      const { committed } = JSON.parse(asBuffer(value).toString("utf8")) as GroupProgress;
      yield { at: { stream, partition: Number(partition) }, committed };
    }
  }
}

function keyOf(group: string, { stream, partition }: StreamPartition): string {
  return `${group}\0${stream}\0${partition}`;
}
