// Counters in the log, by which processes that share it notice what others changed without reading all of it.
import type { Bytes } from "./open-log.ts";
import { asBuffer } from "./record-reader.ts";

export type Versioned = "streams" | "starts" | "leases";

export class LogVersions {
  readonly #db: Bytes;
  readonly #seen = new Map<Versioned, number>();

  constructor(db: Bytes) {
    this.#db = db;
  }

  /** Called in the transaction that changes it. */
  bump(what: Versioned): void {
    this.#db.put(Buffer.from(what), Buffer.from(String(this.#stored(what) + 1)));
  }

  /** Whether it was bumped since this was last asked. */
  moved(what: Versioned): boolean {
    const stored = this.#stored(what);
    if (this.#seen.get(what) === stored) return false;
    this.#seen.set(what, stored);
    return true;
  }

  #stored(what: Versioned): number {
    const stored = this.#db.get(Buffer.from(what));
    return stored === undefined ? 0 : Number(asBuffer(stored).toString("utf8"));
  }
}
