// After a function's process died: which events to run alone, and when one has had its attempts. Pure.
import type { PreparedSlice } from "./read-slice.ts";
import type { FailureCode, SliceFailure, SliceResult } from "./runtime/slice.ts";

export interface Death {
  readonly code: FailureCode;
  readonly message: string;
  readonly stack: string;
  /** Index of the event that ran, -1 when nobody knows which; absent: another partition's fault. */
  readonly suspect?: number;
}

/**
 *   a slice died ─▶ its suspect runs alone, or all of it event by event ─▶ what dies alone often enough is to blame
 */
export class Suspicion {
  /** Offsets [from, to) run one by one; what lies before runs up to there. */
  #alone: { readonly from: number; readonly to: number } | undefined;
  readonly #deaths = new Map<number, number>();

  /** How many events the slice that begins at `next` may have. */
  rowsFrom(next: number, most: number): number {
    if (this.#alone === undefined || next >= this.#alone.to) return most;
    return next < this.#alone.from ? Math.min(most, this.#alone.from - next) : 1;
  }

  /** Everything below is done. */
  passed(next: number): void {
    if (this.#alone !== undefined && next >= this.#alone.to) this.#alone = undefined;
    for (const offset of this.#deaths.keys()) if (offset < next) this.#deaths.delete(offset);
  }

  /** The failure of the slice's only event once its attempts are used up; until then undefined: run it again. */
  died(slice: PreparedSlice, death: Death, retries: number): SliceFailure | undefined {
    const { offsets } = slice;
    if (death.suspect === undefined) return undefined;
    if (offsets.length > 1 && death.suspect < 0) {
      this.#alone = { from: slice.first, to: slice.last };
      return undefined;
    }
    const offset = offsets[Math.max(death.suspect, 0)]!;
    const attempts = (this.#deaths.get(offset) ?? 0) + 1;
    this.#deaths.set(offset, attempts);
    if (this.#alone === undefined || offset < this.#alone.from || offset >= this.#alone.to) {
      this.#alone = { from: offset, to: offset + 1 };
    }
    if (offsets.length > 1 || attempts <= retries) return undefined;
    return { event: 0, code: death.code, message: death.message, stack: death.stack, attempts };
  }
}

/** What a slice of one event comes to when that event failed and nothing ran. */
export const failedSlice = (failure: SliceFailure): SliceResult => ({
  outputs: [],
  failures: [failure],
  retried: failure.attempts - 1,
  dropped: 0,
  changes: [],
});
