// The idempotency store on an LMDB environment of its own, bounded by time and by count.
import { type Database, open, type RootDatabase } from "lmdb";
import { hasRoom } from "../../lib/disk-room.ts";
import { MooseError } from "../../model/errors.ts";
import type { IdempotencyRecord, IdempotencyStore } from "../../ports/idempotency-store.ts";

export interface LmdbIdempotencyOptions {
  /** A folder; created when it is missing. */
  readonly path: string;
  /** How long a key is remembered; default 24 hours. */
  readonly windowMs?: number;
  /** Default 1,000,000. */
  readonly maxRecords?: number;
  readonly now?: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Removed with each save at most, so that no save is long; more than one, so that removal keeps up. */
const REMOVED_PER_SAVE = 4;

// LMDB's native part corrupts its heap when a write of pages finds the disk full: it is not asked then.
const RESERVE_BYTES = 8 * 1024 * 1024;

type AgeKey = [beganAtMs: number, key: string];

export async function openLmdbIdempotencyStore(options: LmdbIdempotencyOptions): Promise<IdempotencyStore> {
  try {
    // With overlappingSync a write resolves before the fsync (lmdb-js README); "begun" must be on the disk before the append is.
    // Batched by the turn of the event loop as well, a failed commit would also reject promises that nobody holds.
    const root = open({
      path: options.path,
      noSubdir: false,
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 4,
    });
    return new LmdbIdempotencyStore(root, options);
  } catch (cause) {
    throw new MooseError(
      "log_unavailable",
      `The idempotency store at ${options.path} cannot be opened. Check that the folder can be written.`,
      { cause },
    );
  }
}

class LmdbIdempotencyStore implements IdempotencyStore {
  readonly #root: RootDatabase;
  readonly #records: Database<IdempotencyRecord, string>;
  readonly #ages: Database<true, AgeKey>;
  readonly #path: string;
  readonly #windowMs: number;
  readonly #maxRecords: number;
  readonly #now: () => number;
  #count: number;
  #closed: Promise<void> | undefined;
  /** The last access failed. After a failed fsync LMDB refuses everything (MDB_PANIC) until the process begins anew. */
  #broken = false;

  constructor(root: RootDatabase, options: LmdbIdempotencyOptions) {
    this.#root = root;
    this.#path = options.path;
    this.#records = root.openDB<IdempotencyRecord, string>({ name: "records", encoding: "json" });
    this.#ages = root.openDB<true, AgeKey>({ name: "ages", encoding: "json" });
    this.#windowMs = options.windowMs ?? DAY_MS;
    this.#maxRecords = options.maxRecords ?? 1_000_000;
    this.#now = options.now ?? Date.now;
    this.#count = (this.#records.getStats() as { entryCount: number }).entryCount;
  }

  find(key: string): IdempotencyRecord | undefined {
    let record: IdempotencyRecord | undefined;
    try {
      record = this.#records.get(key);
    } catch (cause) {
      throw this.#unusable(cause);
    }
    return record === undefined || record.beganAtMs + this.#windowMs < this.#now() ? undefined : record;
  }

  async save(key: string, record: IdempotencyRecord): Promise<void> {
    if (!hasRoom(this.#path, 0, RESERVE_BYTES)) {
      throw new MooseError(
        "disk_full",
        `The disk that holds the idempotency store at ${this.#path} is full. Free some space; nothing was stored.`,
        { retryAfterSeconds: 5 },
      );
    }
    try {
      await this.#root.batch(() => {
        const before = this.#records.get(key);
        if (before === undefined) this.#count++;
        else if (before.beganAtMs !== record.beganAtMs) this.#ages.remove([before.beganAtMs, key]);
        this.#records.put(key, record);
        this.#ages.put([record.beganAtMs, key], true);
        this.#removeOld(key);
      });
      this.#broken = false;
    } catch (cause) {
      // lmdb-js hands the reason over in a promise that itself rejects: unheard, it would end the process.
      (cause as { commitError?: Promise<unknown> }).commitError?.catch(() => {});
      throw this.#unusable(cause);
    }
  }

  writable(): boolean {
    return !this.#broken && this.#closed === undefined;
  }

  close(): Promise<void> {
    this.#closed ??= this.#root.close();
    return this.#closed;
  }

  #unusable(cause: unknown): MooseError {
    this.#broken = true;
    return new MooseError(
      "log_unavailable",
      `The idempotency store at ${this.#path} cannot be used. Requests with an idempotency key are refused until the server has been restarted; nothing was stored.`,
      { cause, retryAfterSeconds: 30 },
    );
  }

  #removeOld(keep: string): void {
    const tooOld = this.#now() - this.#windowMs;
    for (const age of this.#ages.getKeys({ limit: REMOVED_PER_SAVE })) {
      const [beganAtMs, key] = age;
      if ((beganAtMs >= tooOld && this.#count <= this.#maxRecords) || key === keep) break;
      this.#ages.remove(age);
      this.#records.remove(key);
      this.#count--;
    }
  }
}
