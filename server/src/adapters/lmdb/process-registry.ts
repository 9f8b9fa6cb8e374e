// Who has the folder of a log open: one process alone, or several that share it. Says who is gone.
import { randomUUID } from "node:crypto";
import type { RootDatabase } from "lmdb";
import { MooseError } from "../../model/errors.ts";
import type { Bytes } from "./open-log.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { asBuffer } from "./record-reader.ts";

/** One opening of the log. */
interface Entry extends ProcessIdentity {
  /** It tolerates others. */
  readonly shared: boolean;
  /** Counts up while it lives. */
  readonly beats: number;
}

interface Seen {
  beats: number;
  /** By this process's own clock: others' are not compared with it. */
  atMs: number;
  alive: boolean;
}

/** An entry whose process ended is void at once; one that does not beat any more (stopped, or stuck) after `expiryMs`. */
export class ProcessRegistry {
  readonly id = randomUUID();
  readonly #db: Bytes;
  readonly #identity = ownIdentity();
  readonly #shared: boolean;
  readonly #expiryMs: number;
  readonly #nowMs: () => number;
  readonly #seen = new Map<string, Seen>();
  #beats = 0;

  constructor(db: Bytes, options: { shared: boolean; expiryMs: number; nowMs: () => number }) {
    this.#db = db;
    this.#shared = options.shared;
    this.#expiryMs = options.expiryMs;
    this.#nowMs = options.nowMs;
  }

  /** Throws MooseError `data_folder_in_use`. LMDB runs write transactions of all processes one after the other, so two cannot both win. */
  register(root: RootDatabase<Buffer, Buffer>, path: string): void {
    root.transactionSync(() => {
      for (const [id, entry] of this.#entries()) {
        if (!isAlive(entry)) this.#db.remove(Buffer.from(id));
        else if (!this.#shared || !entry.shared) throw inUse(path, entry.pid);
      }
      this.#db.put(Buffer.from(this.id), this.#entry());
    });
  }

  /** Called in a transaction: a sign of life for the others. */
  beat(): undefined {
    this.#beats++;
    this.#db.put(Buffer.from(this.id), this.#entry());
  }

  /** Called in a transaction: this process has the log open no longer. */
  leave(): undefined {
    this.#db.remove(Buffer.from(this.id));
  }

  /** Looks at all entries. True when somebody came or went since the last look. */
  look(): boolean {
    const found = new Set<string>();
    let changed = false;
    for (const [id, entry] of this.#entries()) {
      if (id === this.id) continue;
      found.add(id);
      changed = this.#lookAt(id, entry) || changed;
    }
    for (const id of [...this.#seen.keys()]) if (!found.has(id)) changed = this.#seen.delete(id) || changed;
    return changed;
  }

  /** As the last look found it; of an entry that it did not find, whether it is there at all. */
  isLive(id: string): boolean {
    if (id === this.id) return true;
    const seen = this.#seen.get(id);
    return seen === undefined ? this.#db.get(Buffer.from(id)) !== undefined : seen.alive;
  }

  /** Whether anybody else has the log open. */
  get hasOthers(): boolean {
    for (const { alive } of this.#seen.values()) if (alive) return true;
    return false;
  }

  #lookAt(id: string, entry: Entry): boolean {
    const nowMs = this.#nowMs();
    const seen = this.#seen.get(id);
    if (seen === undefined) {
      this.#seen.set(id, { beats: entry.beats, atMs: nowMs, alive: isAlive(entry) });
      return true;
    }
    if (seen.beats !== entry.beats) Object.assign(seen, { beats: entry.beats, atMs: nowMs });
    const alive = isAlive(entry) && nowMs - seen.atMs < this.#expiryMs;
    if (alive === seen.alive) return false;
    seen.alive = alive;
    return true;
  }

  *#entries(): Generator<[string, Entry]> {
    for (const { key, value } of this.#db.getRange({})) {
      yield [asBuffer(key).toString("utf8"), JSON.parse(asBuffer(value).toString("utf8")) as Entry];
    }
  }

  #entry(): Buffer {
    return Buffer.from(JSON.stringify({ ...this.#identity, shared: this.#shared, beats: this.#beats } satisfies Entry));
  }
}

function inUse(path: string, pid: number): MooseError {
  return new MooseError(
    "data_folder_in_use",
    `The data folder ${path} is in use by process ${pid}. Stop that process, or choose another dataDir.`,
    { extra: { pid } },
  );
}
