// Ids of events: a producer, and a sequence number for each event it sends of one model. How they read in a header.
import { MooseError } from "./errors.ts";

/** The ids of rows that one producer sent, in the order of the rows. */
export interface EventIds {
  readonly producer: string;
  /** One a row, ascending; whole numbers up to 2^53 - 1. */
  readonly sequences: Float64Array;
  /** The same, where it is known already: nearly always one range. */
  readonly ranges?: SequenceRanges;
}

/** First and last (inclusive) of each range; ascending. */
export type SequenceRanges = readonly (readonly [first: number, last: number])[];

/** Ids of neighbouring rows of a record batch, from `firstRow` on: as many rows as the ranges have numbers. */
export interface BatchEventIds {
  readonly firstRow: number;
  readonly producer: string;
  readonly ranges: SequenceRanges;
}

/** What the header says, before it is known how many rows there are. */
export interface EventIdsHeader {
  readonly producer: string;
  readonly ranges: SequenceRanges;
  readonly count: number;
}

/** Begins the names of producers that no client can have: a request with an idempotency key is one, and its rows are its events. */
const REQUEST_MARK = "~";

/** Numbers the rows of a request. `digest`: of all that tells it from other requests, its key among it; 22 characters or more. */
export const requestIds = (digest: string, rows: number): EventIdsHeader => ({
  producer: `${REQUEST_MARK}${digest.slice(0, 22)}`,
  ranges: rows === 0 ? [] : [[0, rows - 1]],
  count: rows,
});

export const isRequest = (producer: string): boolean => producer.startsWith(REQUEST_MARK);

const producerPattern = /^[A-Za-z0-9_-]{16,64}$/;
const rangePattern = /^(\d{1,16})(?:-(\d{1,16}))?$/;

/** Reads `<producer>;100-149,152`. Throws MooseError `invalid_parameter`. */
export function parseEventIds(header: string): EventIdsHeader {
  const [producer = "", text = "", ...more] = header.split(";");
  if (!producerPattern.test(producer) || more.length > 0) {
    throw invalid("begins with a producer of 16 to 64 letters, digits, - and _, then a semicolon", header);
  }
  const ranges: [number, number][] = [];
  let count = 0;
  let before = -1;
  for (const part of text.split(",")) {
    const match = rangePattern.exec(part);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (match === null || !Number.isSafeInteger(last) || first > last || first <= before) {
      throw invalid("names ascending sequence numbers and ranges, such as 100-149,152", part);
    }
    ranges.push([first, last]);
    count += last - first + 1;
    before = last;
  }
  return { producer, ranges, count };
}

/** The sequence number of each row. Throws MooseError `invalid_parameter` when there are not as many as rows. */
export function eventIdsOf({ producer, ranges, count }: EventIdsHeader, rows: number): EventIds {
  if (count !== rows) {
    throw new MooseError(
      "invalid_parameter",
      `Moose-Event-Ids names ${count} events, and the body has ${rows} rows. Name each row of the body, in order.`,
      { extra: { parameter: "Moose-Event-Ids" } },
    );
  }
  return new RangeIds(producer, ranges, count);
}

/** Nobody needs the numbers one by one as long as all rows go the same way. */
class RangeIds implements EventIds {
  readonly producer: string;
  readonly ranges: SequenceRanges;
  readonly #count: number;
  #sequences: Float64Array | undefined;

  constructor(producer: string, ranges: SequenceRanges, count: number) {
    this.producer = producer;
    this.ranges = ranges;
    this.#count = count;
  }

  get sequences(): Float64Array {
    if (this.#sequences !== undefined) return this.#sequences;
    const sequences = new Float64Array(this.#count);
    let row = 0;
    for (const [first, last] of this.ranges) for (let next = first; next <= last; next++) sequences[row++] = next;
    this.#sequences = sequences;
    return sequences;
  }
}

/** Neighbours joined. */
export function rangesOf(ids: EventIds): SequenceRanges {
  if (ids.ranges !== undefined) return ids.ranges;
  const { sequences } = ids;
  const ranges: [number, number][] = [];
  for (let row = 0; row < sequences.length; ) {
    const first = sequences[row]!;
    let last = first;
    for (row++; row < sequences.length && sequences[row] === last + 1; row++) last++;
    ranges.push([first, last]);
  }
  return ranges;
}

/** Whether any number is in both. */
export function haveCommon(one: SequenceRanges, other: SequenceRanges): boolean {
  for (let a = 0, b = 0; a < one.length && b < other.length; ) {
    if (one[a]![1] < other[b]![0]) a++;
    else if (other[b]![1] < one[a]![0]) b++;
    else return true;
  }
  return false;
}

/** As the header has it. */
export const rangesText = (ranges: SequenceRanges): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");

/** The ids of the rows [first, last) of a batch, numbered from the new first row; undefined when none has one. */
export function cutEventIds(
  all: readonly BatchEventIds[] | undefined,
  first: number,
  last: number,
): readonly BatchEventIds[] | undefined {
  if (all === undefined) return undefined;
  const cut: BatchEventIds[] = [];
  for (const { firstRow, producer, ranges } of all) {
    const kept: [number, number][] = [];
    let row = firstRow;
    let begin = last;
    for (const [low, high] of ranges) {
      const from = Math.max(first, row);
      const to = Math.min(last, row + high - low + 1);
      if (from < to) {
        kept.push([low + from - row, low + to - 1 - row]);
        begin = Math.min(begin, from);
      }
      row += high - low + 1;
    }
    if (kept.length > 0) cut.push({ firstRow: begin - first, producer, ranges: kept });
  }
  return cut.length === 0 ? undefined : cut;
}

const invalid = (what: string, got: string): MooseError =>
  new MooseError("invalid_parameter", `Moose-Event-Ids ${what}, not "${got.slice(0, 100)}".`, {
    extra: { parameter: "Moose-Event-Ids" },
  });
