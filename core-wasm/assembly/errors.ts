// The error records of one call: fixed size, in order, up to a limit; error-text.ts puts them into words.
import { E_BREAK, E_CODE, E_DEPTH, E_GOT, E_NODE, ERROR_BYTES, MAX_STEPS, PATH, STEP_BYTES } from "./layout";
import { take } from "./memory";

let begin: usize = 0;
/** The paths of the errors, one behind the other. */
let steps: usize = 0;
const PATH_BYTES: usize = <usize>MAX_STEPS * STEP_BYTES;
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

/** How many steps lead to the value under way. */
export let pathDepth: u32 = 0;

// A step's second word tells what its first is: an array index, or the address of a field record. Else the two are begin and end of a name
// as it stands in the input.
export const INDEX_STEP: u32 = 0xffffffff;
export const FIELD_STEP: u32 = 0xfffffffe;

/** Makes room for `maxErrors` records; offsets in records count from `inputBegin`. Returns where the records begin. */
export function beginErrors(maxErrors: u32): usize {
  limit = maxErrors;
  begin = take(<usize>maxErrors * ERROR_BYTES + ERROR_BYTES);
  steps = take(<usize>maxErrors * PATH_BYTES + PATH_BYTES);
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
  pathDepth = 0;
}

/** What follows is about the container that `depth` steps lead to. */
@inline
export function atDepth(depth: u32): void {
  pathDepth = depth;
}

/** What follows is about what a step leads to from the container that `depth` steps lead to. */
@inline
export function atStep(depth: u32, first: u32, second: u32): void {
  if (!ASC_NO_ASSERT) assert(depth < MAX_STEPS);
  store<u64>(PATH + (<usize>depth << 3), <u64>first | (<u64>second << 32));
  pathDepth = depth + 1;
}

/** What follows is about a field of the object that `depth` steps lead to. */
@inline
export function atField(depth: u32, record: usize): void {
  atStep(depth, <u32>record, FIELD_STEP);
}

@inline
export function atIndex(depth: u32, index: u32): void {
  atStep(depth, index, INDEX_STEP);
}

/** A name that only the input has: its JSON text from `from` to `to`. */
@inline
export function atName(depth: u32, from: usize, to: usize): void {
  atStep(depth, <u32>(from - input), <u32>(to - input));
}

/** Where the steps of an error stand. */
export function stepsOf(index: u32): usize {
  return steps + <usize>index * PATH_BYTES;
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
  store<u32>(at, <u32>(gotBegin - input), E_GOT);
  store<u32>(at, <u32>(gotEnd - input), E_GOT + 4);
  store<u32>(at, <u32>node, E_NODE);
  store<u32>(at, pathDepth, E_DEPTH);
  const path = stepsOf(errorCount - 1);
  for (let step: usize = 0; step < PATH_BYTES; step += 16) v128.store(path + step, v128.load(PATH + step));
}

/** A broken row has one error: what was found before it broke is dropped. */
export function breakRow(code: u32, gotBegin: usize, gotEnd: usize, rowBegin: usize): void {
  errorCount = keptBeforeRow;
  errorsTruncated = truncatedBeforeRow;
  atRow();
  violation(code, 0, gotBegin, gotEnd);
  if (errorCount > keptBeforeRow) store<u32>(begin + <usize>(errorCount - 1) * ERROR_BYTES, <u32>(gotBegin - rowBegin), E_BREAK);
}
