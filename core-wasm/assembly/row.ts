// Hot path: one event. Fields are expected in the order in which they came last time; another order costs a look-up.
import { appendNull, appendNullString, appendOffset, appendString, childOf } from "./columns";
import { FIELD_STEP, atField, atName, atRow, rowViolations, violation } from "./errors";
import { addKey, beginKeys, hashBytes, nextObject } from "./key-set";
import {
  DROP_EXTRA, DUPLICATE_KEY, F_AT, F_BYTES, F_DEFAULT, F_FLAGS, F_HAS_DEFAULT, F_NAME, F_NAME_LENGTH, F_NEXT, F_NODE, F_OP, F_OPTIONAL, F_OTHERS, F_SKIP,
  F_STAMP, INVALID_UTF8,
  KIND_PARTITION_KEY, MISSING_FIELD, N_KIND, N_VALUE, NOT_AN_OBJECT, O_COUNT, O_FIELDS, O_FIRST, O_NAMES, OP_STRING, P_EXTRA, P_FIELD_COUNT, P_FIELDS, P_FLAGS,
  P_ROW, PROGRAM, TEXT_SCRATCH, TEXT_SCRATCH_BYTES, UNKNOWN_FIELD,
} from "./layout";
import { findName, nameValue, sameBytes } from "./names";
import { readPlain } from "./plain";
import { escaped, fail, scanString, skipSpace, wellFormed } from "./scan";
import { decodeText } from "./text";
import { NO_CODE, readValue, skipNoting, writing } from "./value";

let dropExtra: bool = false;
/** The column of unknown fields that are kept, and how many the row has; 0 when there is none. */
let extraNode: usize = 0;
let extraCount: u32 = 0;

/** Begins with the program at PROGRAM, freshly written. */
export function useProgram(): void {
  dropExtra = (load<u32>(PROGRAM, P_FLAGS) & DROP_EXTRA) != 0;
  const extra = <usize>load<u32>(PROGRAM, P_EXTRA);
  extraNode = extra == 0 ? 0 : PROGRAM + extra;
}

/** Whether what stands behind a quote at `key` is the field's name, its quote and a colon. Never so of a name that is longer than a vector. */
@inline
function isName(field: usize, key: usize): bool {
  return (i8x16.bitmask(i8x16.eq(v128.load(key), v128.load(field))) | load<i32>(field, F_OTHERS)) == 0xffff;
}

/** The end of a name (its closing quote), or 0; `found` is its field, or 0. */
let found: usize = 0;
let nameBegin: usize = 0;
let nameLength: usize = 0;

function findField(object: usize, key: usize): usize {
  const end = scanString(key);
  found = 0;
  if (end == 0) return 0;
  nameBegin = key;
  nameLength = end - key;
  if (escaped && wellFormed && nameLength < <usize>TEXT_SCRATCH_BYTES) {
    nameBegin = TEXT_SCRATCH;
    nameLength = decodeText(key, end, TEXT_SCRATCH) - TEXT_SCRATCH;
  }
  const entry = findName(PROGRAM + <usize>load<u32>(object, O_NAMES), PROGRAM, nameBegin, nameLength);
  if (entry != 0) found = PROGRAM + <usize>load<u32>(object, O_FIELDS) + <usize>nameValue(entry) * F_BYTES;
  return end;
}

/** Objects are numbered from one again: an old mark could be taken for a new one. */
function forgetStamps(): void {
  const fields = PROGRAM + <usize>load<u32>(PROGRAM, P_FIELDS);
  const count = <usize>load<u32>(PROGRAM, P_FIELD_COUNT);
  for (let index: usize = 0; index < count; index++) store<u32>(fields + index * F_BYTES, 0, F_STAMP);
}

/** Reads the event at `p`. Returns its end, or 0 on a syntax error; violations are noted. */
export function readRow(p: usize): usize {
  if (load<u8>(p) != 0x7b) return skipNoting(0, p, NOT_AN_OBJECT);
  if (beginKeys()) forgetStamps();
  extraCount = 0;
  p = readObject(PROGRAM + P_ROW, p, 0);
  atRow();
  if (extraNode != 0 && writing) appendOffset(extraNode, extraCount);
  return p;
}

/** Reads the object at `p`, to which `depth` steps lead. Returns its end, or 0 on a syntax error. */
export function readObject(object: usize, p: usize, depth: u32): usize {
  /** Marks the fields that the object has had. */
  const stamp = nextObject();
  let count: u32 = 0;
  /** Where the field that follows this one is remembered. */
  let memory: usize = object + O_FIRST;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 0x7d) p++;
  else {
    while (true) {
      if (load<u8>(p) != 0x22) return fail(p);
      const field = <usize>load<u32>(memory);
      if (isName(field, p + 1)) {
        const value = skipSpace(p + 1 + <usize>load<u32>(field, F_SKIP));
        memory = field + F_NEXT;
        if (load<u32>(field, F_STAMP) != stamp) {
          store<u32>(field, stamp, F_STAMP);
          count++;
          p = readPlain(load<u32>(field, F_AT), load<u32>(field, F_OP), value, depth, <u32>field, FIELD_STEP);
        } else {
          atField(depth, field);
          p = skipNoting(0, value, DUPLICATE_KEY);
        }
      } else {
        p = readUnexpected(object, p + 1, stamp, depth);
        if (found != 0) {
          store<u32>(memory, <u32>found);
          memory = found + F_NEXT;
          count += <u32>isFirst;
        }
      }
      if (p == 0) return 0;
      if (load<u16>(p) == 0x222c) p++;
      else {
        p = skipSpace(p);
        const next = load<u8>(p);
        p++;
        if (next == 0x2c) p = skipSpace(p);
        else if (next == 0x7d) break;
        else return fail(p - 1);
      }
    }
  }
  if (count < load<u32>(object, O_COUNT)) fillMissing(object, stamp, depth);
  return p;
}

/** Whether `found` came for the first time. */
let isFirst: bool = false;

/** Reads a field that is not the expected one; its name begins at `key`. `found` is the field, or 0 when there is none of this name. */
function readUnexpected(object: usize, key: usize, stamp: u32, depth: u32): usize {
  let p = findField(object, key);
  if (p == 0) return 0;
  const field = found;
  const nameEnd = p + 1;
  p = skipSpace(nameEnd);
  if (load<u8>(p) != 0x3a) return fail(p);
  p = skipSpace(p + 1);
  if (field == 0) {
    atName(depth, key, nameEnd - 1);
    p = readUnknown(stamp, p, key, nameEnd, depth);
    found = 0;
    return p;
  }
  atField(depth, field);
  const first = load<u32>(field, F_STAMP) != stamp;
  if (first) {
    store<u32>(field, stamp, F_STAMP);
    p = readValue(load<u32>(field, F_AT), p);
  } else p = skipNoting(0, p, DUPLICATE_KEY);
  isFirst = first;
  found = field;
  return p;
}

/** An unknown field of the object `stamp`, whose value is at `p`. */
function readUnknown(stamp: u32, p: usize, key: usize, nameEnd: usize, depth: u32): usize {
  const hasEscapes = escaped;
  if (!wellFormed) violation(INVALID_UTF8, 0, key - 1, nameEnd);
  if (!addKey(stamp, hashBytes(nameBegin, nameLength))) return skipNoting(0, p, DUPLICATE_KEY);
  if (extraNode == 0 || depth > 0) return skipNoting(0, p, dropExtra ? NO_CODE : UNKNOWN_FIELD);
  const end = skipNoting(0, p, NO_CODE);
  if (end == 0) return 0;
  extraCount++;
  if (writing && rowViolations == 0) {
    appendString(childOf(extraNode), key, nameEnd - 1, hasEscapes);
    appendString(PROGRAM + <usize>load<u32>(extraNode, N_VALUE), p, end, false);
  }
  return end;
}

/** Gives the absent fields of an object their default, null or error. */
function fillMissing(object: usize, stamp: u32, depth: u32): void {
  const fields = PROGRAM + <usize>load<u32>(object, O_FIELDS);
  const count = <usize>load<u32>(object, O_COUNT);
  for (let index: usize = 0; index < count; index++) {
    const field = fields + index * F_BYTES;
    if (load<u32>(field, F_STAMP) == stamp) continue;
    const flags = load<u32>(field, F_FLAGS);
    if (flags & F_OPTIONAL && load<u32>(field, F_OP) == OP_STRING) {
      if (writing) appendNullString(load<u32>(field, F_AT));
      continue;
    }
    const node = PROGRAM + <usize>load<u32>(field, F_NODE);
    atField(depth, field);
    if (flags & F_HAS_DEFAULT) {
      if (writing || <u32>load<u8>(node, N_KIND) == KIND_PARTITION_KEY) readValue(node, PROGRAM + <usize>load<u32>(field, F_DEFAULT));
    } else if (flags & F_OPTIONAL) {
      if (writing) appendNull(<u32>load<u8>(node, N_KIND) == KIND_PARTITION_KEY ? childOf(node) : node);
    } else violation(MISSING_FIELD, <u32>load<u8>(node, N_KIND) == KIND_PARTITION_KEY ? childOf(node) : node, PROGRAM, PROGRAM);
  }
}
