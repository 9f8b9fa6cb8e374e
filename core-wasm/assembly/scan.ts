// White space, string ends and line ends, 16 bytes at a time. Hot path: allocates nothing, decides nothing about types.
import { decodeFailure, scanSlow } from "./text";

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

function skipSpaceSlow(p: usize): usize {
  while (true) {
    const c = load<u8>(p);
    if (c == 0x20 || c == 0x09 || c == 0x0d || (c == 0x0a && newlineIsSpace)) p++;
    else return p;
  }
}

/** A bit for each byte that is a quote, a backslash, a control character or not ASCII (as signed bytes, below 0x20). */
@inline
export function specials(at: usize): i32 {
  const v = v128.load(at);
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
      i8x16.lt_s(v, i8x16.splat(0x20)),
    ),
  );
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
