// Hot path of strings that hold escapes or more than ASCII: one walk from quote to quote that checks and, for a column, decodes.
import { encodePoint, hex4, sequenceLength } from "./text";
import { specialsOf } from "./vectors";

/** What stands for each character behind a backslash; 0 for those that may not, and for "u". */
const escapes: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 47,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 92, 0, 0, 0,
  0, 0, 8, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 10, 0,
  0, 0, 13, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** Facts of the text walked last: characters, whether it has escapes, and where what was written ends. */
export let walkedPoints: u32 = 0;
export let walkedEscapes: bool = false;
export let writtenEnd: usize = 0;

/**
 * `p` is behind the opening quote. Returns the closing quote; or 0 when the text is broken, holds a surrogate, or would be written behind
 * `limit`. With `writing`, the decoded text goes to `to`, and up to 16 bytes behind it (none behind `limit` and the slack of a buffer) are overwritten.
 */
@inline
function walk(p: usize, to: usize, limit: usize, writing: bool): usize {
  const begin = to;
  /** Bytes written that begin no character. */
  let surplus: usize = 0;
  let hasEscapes = false;
  while (true) {
    if (writing && to + 32 > limit) return 0;
    const block = p;
    const text = v128.load(p);
    if (writing) v128.store(to, text);
    let found = specialsOf(text);
    while (found != 0) {
      const index = ctz<i32>(found);
      const at = block + <usize>index;
      to += at - p;
      p = at;
      const c = <u32>load<u8>(at);
      if (c == 0x22) {
        walkedPoints = <u32>(to - begin - surplus);
        walkedEscapes = hasEscapes;
        writtenEnd = to;
        return at;
      }
      if (c == 0x5c) {
        hasEscapes = true;
        const kind = <u32>load<u8>(at, 1);
        const decoded = kind < 128 ? <u32>load<u8>(escapes + kind) : 0;
        if (decoded != 0) {
          if (writing) store<u8>(to, decoded);
          to++;
          p = at + 2;
          found &= ~(3 << index);
        } else {
          const point = kind == 0x75 ? hex4(at + 2) : -1;
          if (point < 0 || (point & 0xf800) == 0xd800) return 0;
          const bytes: usize = point < 0x80 ? 1 : point < 0x800 ? 2 : 3;
          if (writing) encodePoint(<u32>point, to);
          to += bytes;
          surplus += bytes - 1;
          p = at + 6;
          found &= ~(63 << index);
        }
      } else {
        if (c < 0x80) return 0;
        const bytes = sequenceLength(at);
        if (bytes == 0) return 0;
        if (writing) store<u32>(to, load<u32>(at));
        to += bytes;
        surplus += bytes - 1;
        p = at + bytes;
        found &= ~(((1 << <i32>bytes) - 1) << index);
      }
      if (writing) v128.store(to, v128.load(p));
    }
    if (p < block + 16) {
      to += block + 16 - p;
      p = block + 16;
    }
  }
}

/** Walks over the text behind the quote before `p`. Returns the closing quote, or 0. */
export function passText(p: usize): usize {
  return walk(p, 0, 0, false);
}

/** Walks over the text behind the quote before `p` and writes it, decoded, to `to`. Returns the closing quote, or 0. */
export function copyDecoded(p: usize, to: usize, limit: usize): usize {
  return walk(p, to, limit, true);
}
