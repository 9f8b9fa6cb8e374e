// What a slice adds to the function's account. Pure.
import type { SliceAccount } from "../model/function-account.ts";
import type { PreparedSlice } from "./read-slice.ts";
import type { SliceResult } from "./runtime/slice.ts";

export interface AccountedSlice {
  /** Offsets that are done with the slice; `last` is exclusive. */
  readonly first: number;
  readonly last: number;
  /** Absent: no event came, windows were closed by the clock. */
  readonly slice: PreparedSlice | undefined;
  readonly result: SliceResult;
  /** Events stored, by target stream. */
  readonly emitted: ReadonlyMap<string, number>;
  /** Outputs that their model refused. */
  readonly refused: number;
}

export function accountSlice({ first, last, slice, result, emitted, refused }: AccountedSlice): SliceAccount {
  const taken = slice?.offsets.length ?? 0;
  const events = slice?.events ?? 0;
  // A window that could not be closed has a text of its own, and no event.
  const failures = result.failures.filter(({ text }) => text === undefined);
  const failed = new Set(failures.map(({ event }) => event));
  const emitting = new Set(result.outputs.map(([event]) => event).filter((event) => event >= 0 && !failed.has(event)));
  return {
    taken,
    emitting: emitting.size,
    filtered: taken - emitting.size - failed.size,
    failed: failed.size,
    unreadable: events - taken,
    absent: last - first - events,
    refused: refused + result.failures.length - failures.length,
    emitted,
  };
}
