// The error records of one call: fixed size, in order, up to a limit; error-text.ts puts them into words.
import {
  E_BREAK, E_CODE, E_FIELD, E_GOT, E_INDEXES, E_KEY, E_NODE, ERROR_BYTES, F_BYTES, MAX_PATH_INDEXES, NO_FIELD, P_FIELDS, PATH_INDEXES, PROGRAM,
  UNKNOWN_NAME,
} from "./layout";
import { take } from "./memory";

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
  begin = take(<usize>maxErrors * ERROR_BYTES + ERROR_BYTES);
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
  const at = begin + <usize>(errorCount++) * ERROR_BYTES;
  store<u32>(at, row);
  store<u32>(at, code, E_CODE);
  store<u32>(at, field > UNKNOWN ? fieldIndex(field) : field == UNKNOWN ? UNKNOWN_NAME : NO_FIELD, E_FIELD);
  store<u32>(at, field == UNKNOWN ? <u32>(keyBegin - input) : 0, E_KEY);
  store<u32>(at, field == UNKNOWN ? <u32>(keyEnd - input) : 0, E_KEY + 4);
  store<u32>(at, <u32>(gotBegin - input), E_GOT);
  store<u32>(at, <u32>(gotEnd - input), E_GOT + 4);
  store<u32>(at, <u32>node, E_NODE);
  store<u32>(at, depthInArrays, E_INDEXES);
  memory.copy(at + E_INDEXES + 4, PATH_INDEXES, <usize>MAX_PATH_INDEXES * 4);
}

/** A broken row has one error: what was found before it broke is dropped. */
export function breakRow(code: u32, gotBegin: usize, gotEnd: usize, rowBegin: usize): void {
  errorCount = keptBeforeRow;
  errorsTruncated = truncatedBeforeRow;
  atRow();
  violation(code, 0, gotBegin, gotEnd);
  if (errorCount > keptBeforeRow) store<u32>(begin + <usize>(errorCount - 1) * ERROR_BYTES, <u32>(gotBegin - rowBegin), E_BREAK);
}
