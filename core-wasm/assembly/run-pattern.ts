// Hot path of strings with a pattern or a format: a table walk, one step a byte. Drawn in ABI.md.
import { PROGRAM, TEXT_SCRATCH } from "./layout";
import { decodeText } from "./text";

const T_FOLLOWING: usize = 0;
const T_START: usize = 4;
const T_FIRST_FINAL: usize = 8;
const T_CLASS_COUNT: usize = 12;
const T_CLASSES: usize = 16;
const T_NEXT: usize = 272;

/** From this state on a walk goes on; 0 cannot match any more, 1 has matched. */
const OPEN: u32 = 2;

@inline
function step(table: usize, classCount: u32, state: u32, byte: u32): u32 {
  return load<u16>(table + (<usize>(state * classCount + <u32>load<u8>(table + byte, T_CLASSES)) << 1), T_NEXT);
}

/** Whether the text between the quotes at `p` and `end` matches the table at `offset` in the program, and those that follow it. */
export function matchesPatterns(offset: u32, p: usize, end: usize, hasEscapes: bool): bool {
  while (offset != 0) {
    const table = PROGRAM + <usize>offset;
    const state = hasEscapes ? walkEscaped(table, p, end) : walk(table, load<u32>(table, T_START), p, end);
    if (state != 1 && state < load<u32>(table, T_FIRST_FINAL)) return false;
    offset = load<u32>(table, T_FOLLOWING);
  }
  return true;
}

function walk(table: usize, state: u32, p: usize, end: usize): u32 {
  const classCount = load<u32>(table, T_CLASS_COUNT);
  while (p < end && state >= OPEN) state = step(table, classCount, state, load<u8>(p++));
  return state;
}

/** Decodes one escape at a time: a text may be longer than any scratch. */
function walkEscaped(table: usize, p: usize, end: usize): u32 {
  let state = load<u32>(table, T_START);
  while (p < end && state >= OPEN) {
    let next = p;
    while (next < end && load<u8>(next) != 0x5c) next++;
    state = walk(table, state, p, next);
    p = next;
    if (p == end) break;
    next = p + escapeLength(p);
    state = walk(table, state, TEXT_SCRATCH, decodeText(p, next, TEXT_SCRATCH));
    p = next;
  }
  return state;
}

/** Two, six, or the twelve characters of a surrogate pair. */
@inline
function escapeLength(p: usize): usize {
  if (load<u8>(p, 1) != 0x75) return 2;
  // A high surrogate begins with D8 to DB; the text was checked, so its low half follows.
  return (<u32>load<u8>(p, 2) | 0x20) == 0x64 && <u32>load<u8>(p, 3) > 0x37 ? 12 : 6;
}
