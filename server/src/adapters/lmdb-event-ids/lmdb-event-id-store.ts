// The store of event ids on an LMDB environment of its own.
import { type Database, open, type RootDatabase } from "lmdb";
import { hasRoom } from "../../lib/disk-room.ts";
import { MooseError } from "../../model/errors.ts";
import { SequenceSet } from "../../model/sequence-set.ts";
import type { EventIdCheckpoint, EventIdStore, ProducerRecord } from "../../ports/event-id-store.ts";

// LMDB's native part corrupts its heap when a write of pages finds the disk full: it is not asked then.
const RESERVE_BYTES = 8 * 1024 * 1024;
/** Of one producer: twice what a process keeps in memory. */
const MAX_RANGES = 2_048;

/** `path` is a folder; created when it is missing. Rejects with MooseError `log_unavailable`. */
export async function openLmdbEventIdStore({ path }: { readonly path: string }): Promise<EventIdStore> {
  try {
    // Batched by the turn of the event loop as well, a failed commit would also reject promises that nobody holds.
    const root = open({ path, noSubdir: false, overlappingSync: false, eventTurnBatching: false, maxDbs: 4 });
    return new LmdbEventIdStore(root, path);
  } catch (cause) {
    throw unusable(path, cause);
  }
}

class LmdbEventIdStore implements EventIdStore {
  readonly #root: RootDatabase;
  readonly #producers: Database<ProducerRecord, string>;
  readonly #applied: Database<readonly number[], string>;
  readonly #path: string;
  #closed: Promise<void> | undefined;

  constructor(root: RootDatabase, path: string) {
    this.#root = root;
    this.#path = path;
    this.#producers = root.openDB<ProducerRecord, string>({ name: "producers", encoding: "json" });
    this.#applied = root.openDB<readonly number[], string>({ name: "applied", encoding: "json" });
  }

  async load(): Promise<EventIdCheckpoint | undefined> {
    try {
      const applied = new Map<string, readonly number[]>();
      for (const { key, value } of this.#applied.getRange({})) applied.set(key, value);
      const producers = new Map<string, ProducerRecord>();
      for (const { key, value } of this.#producers.getRange({})) producers.set(key, value);
      return applied.size === 0 && producers.size === 0 ? undefined : { applied, producers };
    } catch (cause) {
      throw unusable(this.#path, cause);
    }
  }

  async save({ applied, producers }: EventIdCheckpoint): Promise<void> {
    if (!hasRoom(this.#path, 0, RESERVE_BYTES)) {
      throw new MooseError(
        "disk_full",
        `The disk that holds the event ids at ${this.#path} is full. Free some space.`,
        {
          retryAfterSeconds: 5,
        },
      );
    }
    try {
      // Not a batch: what another process saves in between must be seen by the reads here.
      await this.#root.transaction(() => {
        for (const [key, record] of producers) {
          if (record === undefined) this.#producers.remove(key);
          else this.#producers.put(key, united(this.#producers.get(key), record));
        }
        for (const [stream, offsets] of applied)
          this.#applied.put(stream, furthest(this.#applied.get(stream), offsets));
      });
    } catch (cause) {
      // lmdb-js hands the reason over in a promise that itself rejects: unheard, it would end the process.
      (cause as { commitError?: Promise<unknown> }).commitError?.catch(() => {});
      throw unusable(this.#path, cause);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#root.close();
    return this.#closed;
  }
}

/** Another process on the same folder may know more: what is saved only grows. */
function united(saved: ProducerRecord | undefined, record: ProducerRecord): ProducerRecord {
  if (saved === undefined) return record;
  const ranges = new SequenceSet(saved.ranges);
  for (const [first, last] of record.ranges) ranges.addRange(first, last);
  ranges.keepHighest(MAX_RANGES);
  return { ranges: ranges.ranges(), atMs: Math.max(saved.atMs, record.atMs) };
}

const furthest = (saved: readonly number[] = [], offsets: readonly number[]): readonly number[] =>
  Array.from({ length: Math.max(saved.length, offsets.length) }, (_, partition) =>
    Math.max(saved[partition] ?? 0, offsets[partition] ?? 0),
  );

const unusable = (path: string, cause: unknown): MooseError =>
  new MooseError(
    "log_unavailable",
    `The store of event ids at ${path} cannot be used. Check that the folder can be written, and start the server again.`,
    { cause, retryAfterSeconds: 30 },
  );
