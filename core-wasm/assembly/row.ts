// Hot path: one event. Fields are expected in the order in which they came last time; another order costs a look-up.
import { appendNull } from "./columns";
import { atField, atRow, atUnknown, violation } from "./errors";
import {
  DROP_EXTRA, DUPLICATE_KEY, F_BYTES, F_DEFAULT, F_FLAGS, F_HAS_DEFAULT, F_NAME, F_NAME_LENGTH, F_NEXT, F_NODE, F_OPTIONAL, F_STAMP,
  INVALID_UTF8, MISSING_FIELD, NOT_AN_OBJECT, P_FIELD_COUNT, P_FIELDS, P_FIRST, P_FLAGS, P_NAMES, PROGRAM, TEXT_SCRATCH,
  TEXT_SCRATCH_BYTES, UNKNOWN_FIELD,
} from "./layout";
import { findName, nameValue, sameBytes } from "./names";
import { escaped, fail, scanString, skipSpace, wellFormed } from "./scan";
import { decodeText } from "./text";
import { beginUnknown, isNewUnknown } from "./unknown-names";
import { readValue, readValueCalled, skipNoting, writing } from "./value";

/** Marks the fields that the row under way has had. */
let stamp: u32 = 0;
let fields: usize = 0;
let fieldCount: u32 = 0;
let dropExtra: bool = false;

/** Begins with the program at PROGRAM, freshly written. */
export function useProgram(): void {
  stamp = 0;
  fields = PROGRAM + <usize>load<u32>(PROGRAM, P_FIELDS);
  fieldCount = load<u32>(PROGRAM, P_FIELD_COUNT);
  dropExtra = (load<u32>(PROGRAM, P_FLAGS) & DROP_EXTRA) != 0;
}

/** Whether the name behind a quote at `key` is the field's: its first 16 bytes at once, the quote among them. */
@inline
function isName(field: usize, key: usize): bool {
  if (v128.any_true(v128.and(v128.xor(v128.load(key), v128.load(field)), v128.load(field, 16)))) return false;
  const length = <usize>load<u32>(field, F_NAME_LENGTH);
  return length < 16 || sameBytes(key + 16, PROGRAM + <usize>load<u32>(field, F_NAME) + 16, length - 15);
}

/** The end of a name (its closing quote), or 0; `found` is its field, or 0. */
let found: usize = 0;
let nameBegin: usize = 0;
let nameLength: usize = 0;

function findField(key: usize): usize {
  const end = scanString(key);
  found = 0;
  if (end == 0) return 0;
  nameBegin = key;
  nameLength = end - key;
  if (escaped && wellFormed && nameLength < <usize>TEXT_SCRATCH_BYTES) {
    nameBegin = TEXT_SCRATCH;
    nameLength = decodeText(key, end, TEXT_SCRATCH) - TEXT_SCRATCH;
  }
  const entry = findName(PROGRAM + <usize>load<u32>(PROGRAM, P_NAMES), PROGRAM, nameBegin, nameLength);
  if (entry != 0) found = fields + <usize>nameValue(entry) * F_BYTES;
  return end;
}

/** After 2^32 rows, an old mark could be taken for a new one. */
function beginStampsAgain(): void {
  for (let index: u32 = 0; index < fieldCount; index++) store<u32>(fields + <usize>index * F_BYTES, 0, F_STAMP);
  stamp = 1;
}

/** Reads the event at `p`. Returns its end, or 0 on a syntax error; violations are noted. */
export function readRow(p: usize): usize {
  if (load<u8>(p) != 0x7b) return skipNoting(0, p, NOT_AN_OBJECT, 0);
  if (++stamp == 0) beginStampsAgain();
  let count: u32 = 0;
  let expected = <usize>load<u32>(PROGRAM, P_FIRST);
  /** Where the field that follows this one is remembered. */
  let memory: usize = PROGRAM + P_FIRST;
  let unknown = false;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 0x7d) p++;
  else {
    while (true) {
      if (load<u8>(p) != 0x22) return fail(p);
      const key = p + 1;
      let field = expected;
      if (isName(field, key)) p = key + <usize>load<u32>(field, F_NAME_LENGTH) + 1;
      else {
        p = findField(key);
        if (p == 0) return 0;
        p++;
        field = found;
        if (field != 0) store<u32>(memory, <u32>field);
      }
      const nameEnd = p;
      if (load<u8>(p) != 0x3a) {
        p = skipSpace(p);
        if (load<u8>(p) != 0x3a) return fail(p);
      }
      p = skipSpace(p + 1);
      if (field == 0) {
        atUnknown(key, nameEnd - 1);
        if (!unknown) {
          unknown = true;
          beginUnknown();
        }
        p = readUnknown(p, key, nameEnd);
      } else {
        atField(field);
        if (load<u32>(field, F_STAMP) != stamp) {
          store<u32>(field, stamp, F_STAMP);
          count++;
          p = readValue(PROGRAM + <usize>load<u32>(field, F_NODE), p);
        } else p = skipNoting(0, p, DUPLICATE_KEY, 1);
        memory = field + F_NEXT;
        expected = <usize>load<u32>(field, F_NEXT);
      }
      if (p == 0) return 0;
      p = skipSpace(p);
      const next = load<u8>(p);
      p++;
      if (next == 0x2c) p = skipSpace(p);
      else if (next == 0x7d) break;
      else return fail(p - 1);
    }
  }
  if (count < fieldCount) fillMissing();
  return p;
}

function readUnknown(p: usize, key: usize, nameEnd: usize): usize {
  if (!wellFormed) violation(INVALID_UTF8, 0, key - 1, nameEnd);
  const code = isNewUnknown(nameBegin, nameLength) ? (dropExtra ? 0xff : UNKNOWN_FIELD) : DUPLICATE_KEY;
  return skipNoting(0, p, code, 1);
}

/** Gives absent fields their default, null or error. */
function fillMissing(): void {
  for (let index: u32 = 0; index < fieldCount; index++) {
    const field = fields + <usize>index * F_BYTES;
    if (load<u32>(field, F_STAMP) == stamp) continue;
    const flags = load<u32>(field, F_FLAGS);
    const node = PROGRAM + <usize>load<u32>(field, F_NODE);
    if (flags & F_HAS_DEFAULT) {
      if (writing) readValueCalled(node, PROGRAM + <usize>load<u32>(field, F_DEFAULT));
    } else if (flags & F_OPTIONAL) {
      if (writing) appendNull(node);
    } else {
      atField(field);
      violation(MISSING_FIELD, node, PROGRAM, PROGRAM);
    }
  }
  atRow();
}
