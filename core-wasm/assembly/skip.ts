// Reads over a value that no column wants, with the syntax of RFC 8259 checked to the letter.
import { MAX_DEPTH, SKIP_STACK, SKIP_STACK_BYTES, TOO_DEEP } from "./layout";
import { fail, failWith, scanString, skipSpace, wellFormed } from "./scan";

/** Facts of the value skipped last. */
export let skippedWellFormed: bool = true;
export let skippedTooDeep: bool = false;

@inline
function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

/** `p` is at "-" or a digit. Returns the end of the number, or 0. */
export function skipNumber(p: usize): usize {
  if (load<u8>(p) == 0x2d) p++;
  if (load<u8>(p) == 0x30) p++;
  else {
    if (!isDigit(load<u8>(p))) return fail(p);
    while (isDigit(load<u8>(p))) p++;
  }
  if (load<u8>(p) == 0x2e) {
    p++;
    if (!isDigit(load<u8>(p))) return fail(p);
    while (isDigit(load<u8>(p))) p++;
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    p++;
    const sign = load<u8>(p);
    if (sign == 0x2b || sign == 0x2d) p++;
    if (!isDigit(load<u8>(p))) return fail(p);
    while (isDigit(load<u8>(p))) p++;
  }
  return p;
}

/** `p` is at a value that is no container. Returns its end, or 0. */
export function skipScalar(p: usize): usize {
  switch (load<u8>(p)) {
    case 0x22: {
      const end = scanString(p + 1);
      if (end == 0) return 0;
      if (!wellFormed) skippedWellFormed = false;
      return end + 1;
    }
    case 0x74:
      return load<u32>(p) == 0x65757274 ? p + 4 : fail(p);
    case 0x66:
      return load<u32>(p, 1) == 0x65736c61 ? p + 5 : fail(p);
    case 0x6e:
      return load<u32>(p) == 0x6c6c756e ? p + 4 : fail(p);
    case 0x2d:
      return skipNumber(p);
    default:
      return isDigit(load<u8>(p)) ? skipNumber(p) : fail(p);
  }
}

/** `p` is at the opening quote of a name. Returns the first byte of its value, or 0. */
function skipName(p: usize): usize {
  if (load<u8>(p) != 0x22) return fail(p);
  const end = scanString(p + 1);
  if (end == 0) return 0;
  if (!wellFormed) skippedWellFormed = false;
  const colon = skipSpace(end + 1);
  if (load<u8>(colon) != 0x3a) return fail(colon);
  return skipSpace(colon + 1);
}

/** Skips the value at `p`, which has `depth` containers around it. Returns its end, or 0 on a syntax error. */
export function skipValue(p: usize, depth: u32): usize {
  skippedWellFormed = true;
  skippedTooDeep = false;
  let level: u32 = 0;
  do {
    const c = load<u8>(p);
    if (c == 0x7b || c == 0x5b) {
      if (level >= SKIP_STACK_BYTES) return failWith(TOO_DEEP, p);
      if (depth + level >= MAX_DEPTH) skippedTooDeep = true;
      store<u8>(SKIP_STACK + <usize>(level++), c);
      p = skipSpace(p + 1);
      // "}" and "]" stand two behind "{" and "[".
      if (load<u8>(p) == c + 2) {
        p++;
        level--;
      } else {
        if (c == 0x7b) p = skipName(p);
        if (p == 0) return 0;
        continue;
      }
    } else {
      p = skipScalar(p);
      if (p == 0) return 0;
    }
    while (level > 0) {
      const open = load<u8>(SKIP_STACK + <usize>(level - 1));
      p = skipSpace(p);
      const next = load<u8>(p);
      if (next == 0x2c) {
        p = skipSpace(p + 1);
        if (open == 0x7b) p = skipName(p);
        if (p == 0) return 0;
        break;
      }
      if (next != open + 2) return fail(p);
      p++;
      level--;
    }
  } while (level > 0);
  return p;
}
