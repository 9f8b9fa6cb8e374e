// Values that hold values: arrays, maps, objects, points; and the partition key, which is noted on the way.
import { appendOffset, childOf } from "./columns";
import { decimalNegative, limb0, limb1, limb2, limb3 } from "./decimal";
import { INDEX_STEP, atDepth, atIndex, atName, pathDepth, rowViolations, violation } from "./errors";
import { magnitude, negative } from "./integer";
import { ipv4, ipv6First, ipv6Second } from "./ip";
import { addKey, hashBytes, hashWords, nextObject } from "./key-set";
import {
  DUPLICATE_KEY, INVALID_UTF8, KIND_DATE, KIND_DECIMAL, KIND_INTEGER, KIND_IPV4, KIND_IPV6, KIND_TIME, KIND_UINT64, KIND_UUID, N_BYTES, N_KIND, N_OBJECT, N_OP,
  N_VALUE, PROGRAM, TEXT_SCRATCH, TEXT_SCRATCH_BYTES, TOO_LONG, TOO_SHORT,
} from "./layout";
import { setPartitionKey } from "./partition-key";
import { readPlain } from "./plain";
import { readObject } from "./row";
import { escaped, fail, scanString, skipSpace, wellFormed } from "./scan";
import { decodeText } from "./text";
import { timeValue } from "./time";
import { uuidHigh, uuidLow } from "./uuid";
import { mismatch, NO_CODE, readValue, skipNoting, writing } from "./value";

export function readArray(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x5b) return mismatch(node, p);
  const child = childOf(node);
  const op = <u32>load<u8>(child, N_OP);
  const depth = pathDepth;
  let count: u32 = 0;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 0x5d) p++;
  else {
    while (true) {
      p = readPlain(child, op, p, depth, count++, INDEX_STEP);
      if (p == 0) return 0;
      p = skipSpace(p);
      const next = load<u8>(p);
      p++;
      if (next == 0x2c) p = skipSpace(p);
      else if (next == 0x5d) break;
      else return fail(p - 1);
    }
  }
  if (writing) appendOffset(node, count);
  return p;
}

/** Two numbers, which are the two nodes behind the point's. */
export function readPoint(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x5b) return mismatch(node, p);
  const begin = p;
  const depth = pathDepth;
  let count: u32 = 0;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 0x5d) p++;
  else {
    while (true) {
      atIndex(depth, count);
      p = count < 2 ? readValue(node + N_BYTES * <usize>(count + 1), p) : skipNoting(0, p, NO_CODE);
      if (p == 0) return 0;
      count++;
      p = skipSpace(p);
      const next = load<u8>(p);
      p++;
      if (next == 0x2c) p = skipSpace(p);
      else if (next == 0x5d) break;
      else return fail(p - 1);
    }
  }
  atDepth(depth);
  if (count != 2) violation(count < 2 ? TOO_SHORT : TOO_LONG, node, begin, p);
  return p;
}

export function readNested(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x7b) return mismatch(node, p);
  return readObject(PROGRAM + <usize>load<u32>(node, N_OBJECT), p, pathDepth);
}

const emptyObject: usize = memory.data<u8>([0x7b, 0x7d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

/** An object of which every field has an answer when it is absent. */
export function appendEmptyObject(node: usize): void {
  readObject(PROGRAM + <usize>load<u32>(node, N_OBJECT), emptyObject, pathDepth);
}

export function readMap(node: usize, p: usize): usize {
  if (load<u8>(p) != 0x7b) return mismatch(node, p);
  const key = childOf(node);
  const value = PROGRAM + <usize>load<u32>(node, N_VALUE);
  const depth = pathDepth;
  const object = nextObject();
  let count: u32 = 0;
  p = skipSpace(p + 1);
  if (load<u8>(p) == 0x7d) p++;
  else {
    while (true) {
      if (load<u8>(p) != 0x22) return fail(p);
      const end = scanString(p + 1);
      if (end == 0) return 0;
      const isNew = readKey(object, key, p, end, depth);
      p = skipSpace(end + 1);
      if (load<u8>(p) != 0x3a) return fail(p);
      p = skipSpace(p + 1);
      count++;
      p = isNew ? readValue(value, p) : skipNoting(0, p, DUPLICATE_KEY);
      if (p == 0) return 0;
      p = skipSpace(p);
      const next = load<u8>(p);
      p++;
      if (next == 0x2c) p = skipSpace(p);
      else if (next == 0x7d) break;
      else return fail(p - 1);
    }
  }
  if (writing) appendOffset(node, count);
  return p;
}

/** Reads the key whose quotes are at `p` and `end`, just scanned. False when the map has had it. */
function readKey(object: u32, key: usize, p: usize, end: usize, depth: u32): bool {
  const hasEscapes = escaped;
  atName(depth, p + 1, end);
  if (!wellFormed) {
    violation(INVALID_UTF8, 0, p, end + 1);
    return true;
  }
  const before = rowViolations;
  readValue(key, p);
  atDepth(depth + 1);
  return rowViolations != before || addKey(object, hashKey(key, p + 1, end, hasEscapes));
}

/** Stands for the key's value: two texts of one value are the same key. */
function hashKey(key: usize, p: usize, end: usize, hasEscapes: bool): u64 {
  switch (<u32>load<u8>(key, N_KIND)) {
    case KIND_INTEGER:
    case KIND_UINT64:
      return hashWords(magnitude, <u64>(negative && magnitude != 0), 0, 0);
    case KIND_DECIMAL: {
      // What was written is the two's complement by now, in which a negative number's sign is once more told here.
      const zero = (limb0 | limb1 | limb2 | limb3) == 0;
      return hashWords(limb0, limb1, limb2, limb3) + <u64>(decimalNegative && !zero);
    }
    case KIND_UUID:
      return hashWords(uuidHigh, uuidLow, 0, 0);
    case KIND_DATE:
    case KIND_TIME:
      return hashWords(<u64>timeValue, 0, 0, 0);
    case KIND_IPV4:
      return hashWords(<u64>ipv4, 0, 0, 0);
    case KIND_IPV6:
      return hashWords(ipv6First, ipv6Second, 0, 0);
    default: {
      let length = end - p;
      if (hasEscapes && length < <usize>TEXT_SCRATCH_BYTES) {
        length = decodeText(p, end, TEXT_SCRATCH) - TEXT_SCRATCH;
        p = TEXT_SCRATCH;
      }
      return hashBytes(p, length);
    }
  }
}

/** Reads the value as its own node says, and notes where it stands unless it is null. */
export function readPartitionKey(node: usize, p: usize): usize {
  const end = readValue(childOf(node), p);
  if (load<u8>(p) != 0x6e) setPartitionKey(childOf(node), p, end);
  return end;
}
