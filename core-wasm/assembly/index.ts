// The exports of the core. A host calls setProgram once, then input and validate, or input and feed … finish. See ABI.md.
import { openBytes, openFixed, openInput } from "./assertions";
import { beginErrors, beginRow, errorCount, errorsTruncated, resetErrors, rowViolations, setErrorInput } from "./errors";
import { writeErrorTexts, writeUnreadable } from "./error-text";
import { forgetKeys, seedKeys } from "./key-set";
import { BLOCK_TOO_LARGE, COLUMN_BYTES_LIMIT, P_COLUMN_COUNT, P_NODE_COUNT, PADDING, PROGRAM, RESULT } from "./layout";
import { setSeed } from "./low-cardinality";
import { allocate, blockBytes, GAP, leaveGap, reach, release, resetArena, take, top } from "./memory";
import { appendOrigin, blockBytesNow, blockRows, clearColumns, createColumns, listPieces, rollBackColumns, saveColumns } from "./native";
import { partitionKeys } from "./partition-key";
import { prepareProgram } from "./prepare";
import { readRow, useProgram } from "./row";
import { readable, readRows, rejected, rows, verdicts } from "./rows";
import { failAt, failCode, failWith, setNewlineIsSpace, skipSpace } from "./scan";
import { setWriting } from "./value";

let input: usize = 0;
let inputBytes: usize = 0;
/** What a validator's call may use begins here: behind its room. */
let workBegin: usize = 0;
let arenaBegin: usize = 0;
/** List of a block's pieces: at most 1 a column and 5 a node. */
let pieces: usize = 0;

/** Makes room for a program of `bytes` and returns where the host writes it. Everything held before is forgotten. */
export function programRoom(bytes: u32): usize {
  reach(PROGRAM + bytes + 0x10000);
  if (!ASC_NO_ASSERT) openFixed(bytes);
  resetArena(PROGRAM + bytes + PADDING);
  forgetKeys();
  arenaBegin = top;
  input = 0;
  inputBytes = 0;
  return PROGRAM;
}

/** Loads the program that the host has written. With `encode` set, the columns of an encoder are created. */
export function loadProgram(encode: bool, seed: u64): void {
  useProgram();
  setSeed(seed);
  seedKeys(seed);
  setWriting(encode);
  prepareProgram(encode);
  arenaBegin = top;
  if (encode) {
    store<u32>(RESULT, <u32>beginErrors(1), 24);
    pieces = take((<usize>load<u32>(PROGRAM, P_COLUMN_COUNT) + <usize>load<u32>(PROGRAM, P_NODE_COUNT) * 5) << 3);
    createColumns();
  }
}

/**
 * Returns where the host writes inputs of up to `length` bytes that are to be validated; room for `maxErrors` errors of each. It holds for
 * any number of them, until the next room is made.
 */
export function validateRoom(length: u32, maxErrors: u32): usize {
  resetArena(arenaBegin);
  store<u32>(RESULT, <u32>beginErrors(maxErrors), 24);
  input = take(<usize>length + PADDING);
  if (!ASC_NO_ASSERT) leaveGap();
  workBegin = top;
  setErrorInput(input);
  return input;
}

/** Validates `length` bytes that were written to validateRoom. The answer is at RESULT. */
export function validate(length: u32, format: u32): void {
  resetArena(workBegin);
  forgetKeys();
  resetErrors();
  if (!ASC_NO_ASSERT) openBytes(input, workBegin - GAP);
  endInput(length);
  if (!ASC_NO_ASSERT) openInput(input, length, workBegin - GAP - input);
  readRows(input, length, format);
  answer();
  store<u32>(RESULT, <u32>verdicts, 12);
  store<u32>(RESULT, <u32>partitionKeys, 44);
  if (!readable) writeUnreadable(RESULT + 36, input, length, <u32>min<usize>(failAt - input, length), failCode);
}

/** Zero bytes behind the input. Stores: an engine calls out to fill so little. */
@inline
function endInput(length: u32): void {
  const end = input + length;
  const zeros = i64x2.splat(0);
  for (let at: usize = 0; at < PADDING; at += 16) v128.store(end + at, zeros);
}

/** rows, rejected, readable, verdicts, errors, truncated, errors' begin, fail offset, fail code; then the message of what is not readable. */
function answer(): void {
  store<u32>(RESULT, rows);
  store<u32>(RESULT, rejected, 4);
  store<u32>(RESULT, <u32>readable, 8);
  store<u32>(RESULT, errorCount, 16);
  store<u32>(RESULT, <u32>errorsTruncated, 20);
  store<u32>(RESULT, <u32>(failAt - input), 28);
  store<u32>(RESULT, failCode, 32);
  if (readable) writeErrorTexts(<usize>load<u32>(RESULT, 24), errorCount, input);
}

/** Returns where the host writes `length` bytes of rows that are to be fed. The columns stay. */
export function feedRoom(length: u32): usize {
  const needed = <usize>length + PADDING;
  if (needed > inputBytes) {
    if (input != 0) release(input, inputBytes);
    input = allocate(needed);
    inputBytes = blockBytes(needed);
  }
  if (!ASC_NO_ASSERT) openBytes(input, input + inputBytes);
  memory.fill(input + length, 0, PADDING);
  if (!ASC_NO_ASSERT) openInput(input, length, inputBytes);
  setErrorInput(input);
  return input;
}

/**
 * Appends the rows in the `length` bytes written to feedRoom (JSON values, white space between) to the columns. Returns 1; or 0 when a row
 * is not valid or the columns would grow too large: then they are as before, and RESULT says which row (rows) and why.
 */
export function feed(length: u32, partition: u32, baseOffset: f64, receivedAtMs: f64): u32 {
  saveColumns();
  setNewlineIsSpace(true);
  resetErrors();
  const end = input + length;
  // Blocks that an earlier feed has left are used up before the arena grows again.
  const limit = max<usize>(top, COLUMN_BYTES_LIMIT);
  let count: u32 = 0;
  let p = skipSpace(input);
  while (p < end) {
    beginRow(count);
    p = readRow(p);
    if (p != 0 && top > limit) p = failWith(BLOCK_TOO_LARGE, end);
    if (p == 0 || rowViolations != 0) {
      rollBackColumns();
      answer();
      store<u32>(RESULT, count);
      store<u32>(RESULT, <u32>(p != 0), 8);
      return 0;
    }
    count++;
    p = skipSpace(p);
  }
  appendOrigin(count, partition, <u64>baseOffset, <i64>receivedAtMs);
  return 1;
}

/** Rows in the columns, and their bytes. */
export function heldRows(): u32 {
  return blockRows;
}

export function heldBytes(): u32 {
  return blockBytesNow();
}

/** Lists the pieces of the block: RESULT holds the address of the list (address, length each), its count, columns and rows. */
export function finish(): void {
  store<u32>(RESULT, <u32>pieces);
  store<u32>(RESULT, listPieces(pieces), 4);
  store<u32>(RESULT, load<u32>(PROGRAM, P_COLUMN_COUNT), 8);
  store<u32>(RESULT, blockRows, 12);
}

/** Empties the columns; their memory is kept for the next block. */
export function clear(): void {
  clearColumns();
}
