// White space, string ends and line ends, 16 bytes at a time. Hot path: allocates nothing, decides nothing about types.
import { decodeFailure, scanSlow } from "./text";
import { spacesOf, specialsOf } from "./vectors";
import { passText, walkedEscapes, walkedPoints } from "./walk-text";

/** Whether "\n" is white space (json, sequence) or ends a row (ndjson). */
export let newlineIsSpace: bool = true;
export function setNewlineIsSpace(value: bool): void {
  newlineIsSpace = value;
}

/** Where the syntax broke, and why. */
export let failAt: usize = 0;
export let failCode: u32 = 0;

/** Notes the place of a syntax error. Returns 0, which every parser hands up. */
export function fail(at: usize): usize {
  failAt = at;
  failCode = 0;
  return 0;
}

export function failWith(code: u32, at: usize): usize {
  failAt = at;
  failCode = code;
  return 0;
}

/** Facts of the string scanned last. */
export let escaped: bool = false;
export let wellFormed: bool = true;
export let codePoints: u32 = 0;

export function setText(hasEscapes: bool, isWellFormed: bool, points: u32): void {
  escaped = hasEscapes;
  wellFormed = isWellFormed;
  codePoints = points;
}

@inline
export function skipSpace(p: usize): usize {
  return load<u8>(p) > 0x20 ? p : skipSpaceSlow(p);
}

/** `p` is at a byte that may be white space. */
function skipSpaceSlow(p: usize): usize {
  // A blank behind a colon or a comma.
  if (load<u8>(p) == 0x20 && load<u8>(p, 1) > 0x20) return p + 1;
  while (true) {
    const other = spacesOf(v128.load(p), newlineIsSpace) ^ 0xffff;
    if (other != 0) return p + <usize>ctz<i32>(other);
    p += 16;
  }
}

@inline
export function specials(at: usize): i32 {
  return specialsOf(v128.load(at));
}

/** The first byte from `p` that is special in a string: in plain ASCII, the closing quote. */
@inline
export function firstSpecial(p: usize): usize {
  let found = specials(p);
  while (found == 0) {
    p += 16;
    found = specials(p);
  }
  return p + <usize>ctz<i32>(found);
}

/** `p` is behind the opening quote. Returns the closing quote, or 0 on a syntax error; `escaped`, `wellFormed`, `codePoints` are set. */
@inline
export function scanString(p: usize): usize {
  const q = firstSpecial(p);
  if (load<u8>(q) != 0x22) return scanRest(p, q);
  setText(false, true, <u32>(q - p));
  return q;
}

/** Goes on with a string from its first special byte, which is no quote. */
export function scanRest(p: usize, q: usize): usize {
  const quote = passText(p);
  if (quote != 0) {
    setText(walkedEscapes, true, walkedPoints);
    return quote;
  }
  const end = scanSlow(p, q);
  return end != 0 ? end : fail(decodeFailure);
}

/** The next "\n" from `p`, or `end`. */
export function findNewline(p: usize, end: usize): usize {
  while (p < end) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(0x0a)));
    if (found != 0) return min<usize>(end, p + <usize>ctz<i32>(found));
    p += 16;
  }
  return end;
}
