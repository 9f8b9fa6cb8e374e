// Ids of events: a producer, and a sequence number for each event it sends of one model. How they read in a header.
import { MooseError } from "./errors.ts";

/** The ids of rows that one producer sent, in the order of the rows. */
export interface EventIds {
  readonly producer: string;
  /** One a row; whole numbers up to 2^53 - 1. */
  readonly sequences: Float64Array;
}

/** Ids of the rows [firstRow, firstRow + sequences.length) of a record batch. */
export interface BatchEventIds extends EventIds {
  readonly firstRow: number;
}

/** First and last (inclusive) of each range. */
export type SequenceRanges = readonly (readonly [first: number, last: number])[];

/** What the header says, before it is known how many rows there are. */
export interface EventIdsHeader {
  readonly producer: string;
  readonly ranges: SequenceRanges;
  readonly count: number;
}

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
  const sequences = new Float64Array(rows);
  let row = 0;
  for (const [first, last] of ranges)
    for (let sequence = first; sequence <= last; sequence++) sequences[row++] = sequence;
  return { producer, sequences };
}

/** As the header has it: neighbours joined. */
export function rangesText(sequences: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let row = 0; row < sequences.length; ) {
    const first = sequences[row]!;
    let last = first;
    for (row++; row < sequences.length && sequences[row] === last + 1; row++) last++;
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(",");
}

const invalid = (what: string, got: string): MooseError =>
  new MooseError("invalid_parameter", `Moose-Event-Ids ${what}, not "${got.slice(0, 100)}".`, {
    extra: { parameter: "Moose-Event-Ids" },
  });
