// Cuts an input into rows: one JSON value or an array, a row a line, or values one after the other.
import { breakRow, beginRow, rowViolations } from "./errors";
import { INVALID_JSON } from "./layout";
import { take, top } from "./memory";
import { beginPartitionKeys, endPartitionKey } from "./partition-key";
import { readRow } from "./row";
import { failAt, failCode, fail, findNewline, setNewlineIsSpace, skipSpace } from "./scan";

export const FORMAT_JSON: u32 = 0;
export const FORMAT_NDJSON: u32 = 1;
export const FORMAT_SEQUENCE: u32 = 2;

/** Verdicts: two words a row. Accepted: begin and end offset. Rejected: REJECTED and the row's index. */
export let verdicts: usize = 0;
export let rows: u32 = 0;
export let rejected: u32 = 0;
/** Whether the input could be cut into rows; if not, `failAt` says where it broke. */
export let readable: bool = true;

const REJECTED: u32 = 0xffffffff;
let cursor: usize = 0;
let capacity: usize = 0;
let input: usize = 0;
/** Only with assertions. */
let inputEnd: usize = 0;

/** Verdicts grow at the top of the arena, in steps. */
function noteVerdict(first: u32, second: u32): void {
  if (cursor + 8 > capacity) growVerdicts();
  store<u32>(cursor, first);
  store<u32>(cursor, second, 4);
  cursor += 8;
}

/** Grows in place while nothing else was taken from the arena; else moves to twice the room. */
function growVerdicts(): void {
  if (capacity == top) {
    take(0x40000);
    capacity += 0x40000;
    return;
  }
  const bytes = cursor - verdicts;
  const moved = take(bytes * 2 + 0x40000);
  memory.copy(moved, verdicts, bytes);
  verdicts = moved;
  cursor = moved + bytes;
  capacity = top;
}

@inline
function endRow(begin: usize, end: usize): void {
  endPartitionKey(rowViolations == 0);
  if (rowViolations == 0) noteVerdict(<u32>(begin - input), <u32>(end - input));
  else {
    noteVerdict(REJECTED, rows);
    rejected++;
  }
  rows++;
}

/** Reads the rows of the `length` bytes at `begin`, which PADDING zero bytes follow. */
export function readRows(begin: usize, length: usize, format: u32): void {
  input = begin;
  rows = 0;
  rejected = 0;
  readable = true;
  verdicts = take(0);
  cursor = verdicts;
  capacity = verdicts;
  beginPartitionKeys(begin);
  setNewlineIsSpace(format != FORMAT_NDJSON);
  const end = begin + length;
  if (!ASC_NO_ASSERT) inputEnd = end;
  if (format == FORMAT_NDJSON) readLines(begin, end);
  else if ((format == FORMAT_JSON ? readDocument(begin, end) : readSequence(begin, end)) == 0) {
    readable = false;
    rows = 0;
    rejected = 0;
  }
}

/** One row of a document. Returns its end, or 0. */
@inline
function readOne(p: usize): usize {
  beginRow(rows);
  const end = readRow(p);
  if (!ASC_NO_ASSERT) assert(end <= inputEnd);
  if (end != 0) endRow(p, end);
  return end;
}

function readDocument(begin: usize, end: usize): usize {
  let p = skipSpace(begin);
  if (load<u8>(p) != 0x5b) p = readOne(p);
  else {
    p = skipSpace(p + 1);
    if (load<u8>(p) == 0x5d) p++;
    else {
      while (true) {
        p = readOne(p);
        if (p == 0) return 0;
        p = skipSpace(p);
        const next = load<u8>(p);
        p++;
        if (next == 0x2c) p = skipSpace(p);
        else if (next == 0x5d) break;
        else return fail(p - 1);
      }
    }
  }
  if (p == 0) return 0;
  p = skipSpace(p);
  return p == end ? p : fail(p);
}

function readSequence(begin: usize, end: usize): usize {
  let p = skipSpace(begin);
  while (p < end) {
    p = readOne(p);
    if (p == 0) return 0;
    p = skipSpace(p);
  }
  return p;
}

function readLines(p: usize, end: usize): void {
  while (true) {
    // Blank lines are no rows.
    p = skipSpace(p);
    while (load<u8>(p) == 0x0a) p = skipSpace(p + 1);
    if (p >= end) return;
    beginRow(rows);
    let stop = readRow(p);
    if (!ASC_NO_ASSERT) assert(stop <= inputEnd);
    let after: usize = 0;
    if (stop != 0) {
      after = skipSpace(stop);
      if (load<u8>(after) != 0x0a && after < end) stop = fail(after);
    }
    if (stop == 0) {
      // No parser passes a "\n" in this format, so the next one ends the broken line.
      after = findNewline(failAt, end);
      breakRow(failCode == 0 ? INVALID_JSON : failCode, min<usize>(failAt, after), after, p);
    }
    endRow(p, stop);
    p = after;
  }
}
