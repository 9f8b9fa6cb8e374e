// Which bytes may be read and written, in the build with assertions: one shadow byte for each byte of memory. The build that ships has none of it.
// `scripts/checked-wasm.mjs` puts a check of the shadow before every access but those here.
import {
  FREE_LISTS, KEY_TABLE, KEY_TABLE_BYTES, MAX_STEPS, NUMBER_SCRATCH, NUMBER_SCRATCH_BYTES, PADDING, PATH, PROGRAM, RESULT, RESULT_BYTES, SKIP_STACK,
  SKIP_STACK_BYTES, STEP_BYTES, TEXT_SCRATCH, TEXT_SCRATCH_BYTES,
} from "./layout";

/** Where the shadow begins; the core has the memory below. The script holds the same number. */
const SHADOW: usize = 0x1000000;

const NOTHING: u32 = 0;
const READ: u32 = 1;
const WRITE: u32 = 3;

function shade(from: usize, to: usize, may: u32): void {
  memory.fill(SHADOW + from, <u8>may, to - from);
}

/** Forgets all, and opens what has a fixed place: see ABI.md, Memory. */
export function openFixed(programBytes: usize): void {
  shade(0, SHADOW, NOTHING);
  shade(RESULT, RESULT + RESULT_BYTES, WRITE);
  shade(FREE_LISTS, PATH, WRITE);
  shade(PATH, PATH + <usize>MAX_STEPS * STEP_BYTES, WRITE);
  // The constants.
  shade(0x400, KEY_TABLE, READ);
  shade(KEY_TABLE, KEY_TABLE + KEY_TABLE_BYTES, WRITE);
  shade(SKIP_STACK, SKIP_STACK + SKIP_STACK_BYTES, WRITE);
  shade(TEXT_SCRATCH, TEXT_SCRATCH + TEXT_SCRATCH_BYTES, WRITE);
  shade(NUMBER_SCRATCH, NUMBER_SCRATCH + NUMBER_SCRATCH_BYTES, WRITE);
  shade(PROGRAM, PROGRAM + programBytes, WRITE);
  shade(PROGRAM + programBytes, PROGRAM + programBytes + PADDING, READ);
}

export function openBytes(from: usize, to: usize): void {
  shade(from, to, WRITE);
}

/** An input of `length` bytes and its padding, in a block of `bytes`. */
export function openInput(at: usize, length: usize, bytes: usize): void {
  shade(at, at + length + PADDING, READ);
  shade(at + length + PADDING, at + bytes, NOTHING);
}

export function closeBytes(from: usize, to: usize): void {
  shade(from, to, NOTHING);
}
