// Values of any kind, kept as the JSON text that they are: syntax, UTF-8, depth and names that stand twice are checked.
import { appendString } from "./columns";
import { pathDepth, violation } from "./errors";
import { addKey, hashBytes, nextObject } from "./key-set";
import { DUPLICATE_KEY, INVALID_UTF8, MAX_DEPTH, N_FLAGS, NULLABLE, TEXT_SCRATCH, TEXT_SCRATCH_BYTES, TOO_DEEP } from "./layout";
import { escaped, fail, scanString, skipSpace, wellFormed } from "./scan";
import { skipScalar, skippedTooDeep, skippedWellFormed, skipValue } from "./skip";
import { decodeText } from "./text";
import { mismatch, writing } from "./value";

let malformed: bool = false;
let tooDeep: bool = false;
/** The first name that stands twice in its object; 0 when there is none. */
let twiceBegin: usize = 0;
let twiceEnd: usize = 0;

export function readJson(node: usize, p: usize): usize {
  if (load<u8>(p) == 0x6e && <u32>load<u8>(node, N_FLAGS) & NULLABLE) return mismatch(node, p);
  malformed = false;
  tooDeep = false;
  twiceBegin = 0;
  const end = checkAny(p, pathDepth);
  if (end == 0) return 0;
  if (malformed) violation(INVALID_UTF8, 0, p, end);
  if (tooDeep) violation(TOO_DEEP, 0, p, end);
  if (twiceBegin != 0) violation(DUPLICATE_KEY, 0, twiceBegin, twiceEnd);
  if (writing) appendString(node, p, end, false);
  return end;
}

/** Returns the end of the value at `p`, which has `depth` containers around it, or 0 on a syntax error. */
function checkAny(p: usize, depth: u32): usize {
  const c = load<u8>(p);
  if (c != 0x7b && c != 0x5b) {
    if (c != 0x22) return skipScalar(p);
    const end = scanString(p + 1);
    if (end == 0) return 0;
    malformed = malformed || !wellFormed;
    return end + 1;
  }
  if (depth >= MAX_DEPTH) {
    const end = skipValue(p, depth);
    malformed = malformed || !skippedWellFormed;
    tooDeep = tooDeep || skippedTooDeep;
    return end;
  }
  const object = nextObject();
  p = skipSpace(p + 1);
  // "}" and "]" stand two behind "{" and "[".
  if (load<u8>(p) == c + 2) return p + 1;
  while (true) {
    if (c == 0x7b) {
      p = checkName(object, p);
      if (p == 0) return 0;
    }
    p = checkAny(p, depth + 1);
    if (p == 0) return 0;
    p = skipSpace(p);
    const next = load<u8>(p);
    p++;
    if (next == 0x2c) p = skipSpace(p);
    else if (next == c + 2) return p;
    else return fail(p - 1);
  }
}

/** `p` is at the opening quote of a name. Returns the first byte of its value, or 0. */
function checkName(object: u32, p: usize): usize {
  if (load<u8>(p) != 0x22) return fail(p);
  const end = scanString(p + 1);
  if (end == 0) return 0;
  if (!wellFormed) malformed = true;
  else {
    let begin = p + 1;
    let length = end - begin;
    if (escaped && length < <usize>TEXT_SCRATCH_BYTES) {
      length = decodeText(begin, end, TEXT_SCRATCH) - TEXT_SCRATCH;
      begin = TEXT_SCRATCH;
    }
    if (!addKey(object, hashBytes(begin, length)) && twiceBegin == 0) {
      twiceBegin = p;
      twiceEnd = end + 1;
    }
  }
  const colon = skipSpace(end + 1);
  if (load<u8>(colon) != 0x3a) return fail(colon);
  return skipSpace(colon + 1);
}
