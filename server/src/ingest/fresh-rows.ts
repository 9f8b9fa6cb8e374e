// Hot path: which of the numbers that a request brings are new. Pure; a few steps for a batch of new ones.
import { type EventIds, haveCommon, rangesOf, type SequenceRanges } from "../model/event-ids.ts";
import type { SequenceSet } from "../model/sequence-set.ts";
import type { ClaimedNumbers, Producer } from "./known-producers.ts";

/** A claim that has one of the numbers. */
export function overlapping({ claims }: Producer, ranges: SequenceRanges): ClaimedNumbers | undefined {
  for (const claimed of claims) if (haveCommon(claimed.ranges, ranges)) return claimed;
  return undefined;
}

export interface FreshRows {
  /** Indexes of the rows that are new; undefined when all are. */
  readonly fresh: Uint32Array | undefined;
  /** Of the rows that are new. */
  readonly ids: EventIds;
  /** The same numbers. */
  readonly ranges: SequenceRanges;
  readonly duplicates: number;
}

/** The rows whose numbers were not seen yet. */
export function freshRows(seen: SequenceSet, ids: EventIds, ranges: SequenceRanges): FreshRows {
  const allFresh: FreshRows = { fresh: undefined, ids, duplicates: 0, ranges };
  if (ranges.length === 0 || !seen.overlaps(ranges[0]![0], ranges.at(-1)![1])) return allFresh;
  const { producer, sequences } = ids;
  const rows: number[] = [];
  for (let row = 0; row < sequences.length; row++) if (!seen.has(sequences[row]!)) rows.push(row);
  if (rows.length === sequences.length) return allFresh;
  const rest: EventIds = { producer, sequences: Float64Array.from(rows, (row) => sequences[row]!) };
  return {
    fresh: Uint32Array.from(rows),
    ids: rest,
    duplicates: sequences.length - rows.length,
    ranges: rangesOf(rest),
  };
}
