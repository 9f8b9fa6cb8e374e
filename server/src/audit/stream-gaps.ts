// Which offsets of a partition hold no event, as the stream itself has it.
import { MooseError } from "../model/errors.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { OffsetRange } from "./audit-report.ts";

const READ_BYTES = 8 * 1024 * 1024;
const READ_RECORDS = 100_000;

/** In `range`, ascending. Reads all of it. Where the log is damaged it says that there are events: nobody knows better. */
export async function streamGaps(
  log: StreamLog,
  at: { readonly stream: string; readonly partition: number },
  range: OffsetRange,
  signal: AbortSignal,
): Promise<OffsetRange[]> {
  const gaps: OffsetRange[] = [];
  for (let next = range.first; next < range.last; ) {
    signal.throwIfAborted();
    const limit = { maxBytes: READ_BYTES, maxRecords: READ_RECORDS, untilOffset: range.last };
    try {
      const batches = await log.read(at.stream, at.partition, next, limit);
      // What is to be read only later is no gap.
      if (batches.length === 0) break;
      for (const { baseOffset, ends } of batches) {
        if (baseOffset > next) gaps.push({ first: next, last: baseOffset });
        next = baseOffset + ends.length;
      }
    } catch (error) {
      const { nextOffset, startOffset } = error instanceof MooseError ? error.extra : {};
      const on = typeof nextOffset === "number" ? nextOffset : startOffset;
      if (typeof on !== "number" || on <= next) throw error;
      next = on;
    }
  }
  return gaps;
}

/** How many offsets of the ranges lie in `within`. */
export const offsetsIn = (ranges: readonly OffsetRange[], within: OffsetRange): number =>
  ranges.reduce(
    (sum, { first, last }) => sum + Math.max(0, Math.min(last, within.last) - Math.max(first, within.first)),
    0,
  );

/** What of `ranges` is not in `gaps`; both ascending. Pure. */
export function withoutGaps(ranges: readonly OffsetRange[], gaps: readonly OffsetRange[]): OffsetRange[] {
  const rest: OffsetRange[] = [];
  let at = 0;
  for (const { first, last } of ranges) {
    let next = first;
    while (at < gaps.length && gaps[at]!.last <= next) at++;
    for (let gap = at; gap < gaps.length && gaps[gap]!.first < last; gap++) {
      if (gaps[gap]!.first > next) rest.push({ first: next, last: gaps[gap]!.first });
      next = Math.max(next, gaps[gap]!.last);
    }
    if (next < last) rest.push({ first: next, last });
  }
  return rest;
}
