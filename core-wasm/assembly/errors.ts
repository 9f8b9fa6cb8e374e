// The error records of one call: fixed size, in order, up to a limit; the host puts them into words.
import { F_BYTES, MAX_PATH_INDEXES, P_FIELDS, PATH_INDEXES, PROGRAM } from "./layout";
import { take } from "./memory";

const E_BYTES: usize = 64;
const NONE: u32 = 0xffffffff;

let begin: usize = 0;
let limit: u32 = 0;
let input: usize = 0;

/** Errors kept, and whether more were found. */
export let errorCount: u32 = 0;
export let errorsTruncated: bool = false;
/** Violations of the row under way, kept or not. */
export let rowViolations: u32 = 0;
let keptBeforeRow: u32 = 0;
let truncatedBeforeRow: bool = false;
let row: u32 = 0;

/** The record of the field whose value is read, or NO_RECORD, or UNKNOWN; and how many arrays are open around the value. */
const NO_RECORD: usize = 0;
const UNKNOWN: usize = 1;
let field: usize = NO_RECORD;
let keyBegin: usize = 0;
let keyEnd: usize = 0;
export let depthInArrays: u32 = 0;

/** Makes room for `maxErrors` records; offsets in records count from `inputBegin`. Returns where the records begin. */
export function beginErrors(maxErrors: u32): usize {
  limit = maxErrors;
  begin = take(<usize>maxErrors * E_BYTES + E_BYTES);
  resetErrors();
  return begin;
}

export function resetErrors(): void {
  errorCount = 0;
  errorsTruncated = false;
}

export function setErrorInput(inputBegin: usize): void {
  input = inputBegin;
}

export function beginRow(index: u32): void {
  row = index;
  rowViolations = 0;
  keptBeforeRow = errorCount;
  truncatedBeforeRow = errorsTruncated;
  atRow();
}

/** What follows is about the row as a whole. */
@inline
export function atRow(): void {
  field = NO_RECORD;
  depthInArrays = 0;
}

/** Arrays are closed by then: only a broken row leaves them open, and atRow follows. */
@inline
export function atField(record: usize): void {
  field = record;
}

/** What follows is about the unknown field whose raw name stands at `from` to `to`. */
export function atUnknown(from: usize, to: usize): void {
  field = UNKNOWN;
  keyBegin = from;
  keyEnd = to;
}

@inline
export function enterArray(): u32 {
  return depthInArrays++;
}

@inline
export function leaveArray(): void {
  depthInArrays--;
}

function fieldIndex(record: usize): u32 {
  return <u32>((record - PROGRAM - <usize>load<u32>(PROGRAM, P_FIELDS)) / F_BYTES);
}

/** Adds a violation at the current place. `got` is the offending text; `node` the expected type, or 0. */
export function violation(code: u32, node: usize, gotBegin: usize, gotEnd: usize): void {
  rowViolations++;
  if (errorCount >= limit) {
    errorsTruncated = true;
    return;
  }
  const at = begin + <usize>(errorCount++) * E_BYTES;
  store<u32>(at, row);
  store<u32>(at, code, 4);
  store<u32>(at, field > UNKNOWN ? fieldIndex(field) : field == UNKNOWN ? NONE - 1 : NONE, 8);
  store<u32>(at, field == UNKNOWN ? <u32>(keyBegin - input) : 0, 12);
  store<u32>(at, field == UNKNOWN ? <u32>(keyEnd - input) : 0, 16);
  store<u32>(at, <u32>(gotBegin - input), 20);
  store<u32>(at, <u32>(gotEnd - input), 24);
  store<u32>(at, <u32>node, 28);
  store<u32>(at, depthInArrays, 32);
  memory.copy(at + 36, PATH_INDEXES, <usize>MAX_PATH_INDEXES * 4);
}

/** A broken row has one error: what was found before it broke is dropped. */
export function breakRow(code: u32, gotBegin: usize, gotEnd: usize, rowBegin: usize): void {
  errorCount = keptBeforeRow;
  errorsTruncated = truncatedBeforeRow;
  atRow();
  violation(code, 0, gotBegin, gotEnd);
  if (errorCount > keptBeforeRow) store<u32>(begin + <usize>(errorCount - 1) * E_BYTES, <u32>(gotBegin - rowBegin), 52);
}
