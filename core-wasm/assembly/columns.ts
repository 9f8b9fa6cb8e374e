// Appends values to the columns' buffers. Hot path: one bounds check a value, nothing allocated but a buffer's next block.
import { addToDictionary, codeOfDefault } from "./low-cardinality";
import {
  B_BEGIN, B_CURSOR, B_END, KIND_ARRAY, KIND_FIXED_STRING, KIND_JSON, KIND_MAP, KIND_STRING, LOW_CARDINALITY, N_CHILD, N_DATA, N_FLAGS, N_KIND, N_MAX, N_NULLS, N_WIDTH, NULLABLE,
  PROGRAM,
} from "./layout";
import { copyText, room } from "./memory";
import { decodeText } from "./text";

@inline
function flagsOf(node: usize): u32 {
  return <u32>load<u8>(node, N_FLAGS);
}

/** Notes a value that is not null. */
@inline
export function notNull(node: usize, flags: u32): void {
  if (flags & NULLABLE && !(flags & LOW_CARDINALITY)) {
    const at = room(node + N_NULLS, 1);
    store<u8>(at, 0);
    store<u32>(node, <u32>(at + 1), N_NULLS + B_CURSOR);
  }
}

@inline
function advance(node: usize, to: usize): void {
  store<u32>(node, <u32>to, N_DATA + B_CURSOR);
}

/** Writes the low bytes of `value`, as many as the column is wide (1, 2, 4 or 8). */
@inline
export function appendWord(node: usize, value: u64): void {
  notNull(node, flagsOf(node));
  const width = <usize>load<u8>(node, N_WIDTH);
  const at = room(node + N_DATA, 8);
  // The bytes above the width are overwritten by the next value.
  store<u64>(at, value);
  advance(node, at + width);
}

/** A UUID: its two halves as ClickHouse lays them out. */
export function appendPair(node: usize, first: u64, second: u64): void {
  notNull(node, flagsOf(node));
  const at = room(node + N_DATA, 16);
  store<u64>(at, first);
  store<u64>(at, second, 8);
  advance(node, at + 16);
}

/** Four words of 64 bits, lowest first, of which the column keeps as many as it is wide. */
export function appendWide(node: usize, a: u64, b: u64, c: u64, d: u64): void {
  notNull(node, flagsOf(node));
  const at = room(node + N_DATA, 32);
  store<u64>(at, a);
  store<u64>(at, b, 8);
  store<u64>(at, c, 16);
  store<u64>(at, d, 24);
  advance(node, at + <usize>load<u8>(node, N_WIDTH));
}

/** The text between two quotes, with zeros up to the column's width. */
export function appendFixed(node: usize, p: usize, end: usize, hasEscapes: bool): void {
  notNull(node, flagsOf(node));
  const width = <usize>load<u64>(node, N_MAX);
  const at = room(node + N_DATA, width);
  let to = at + (end - p);
  if (hasEscapes) to = decodeText(p, end, at);
  else memory.copy(at, p, end - p);
  memory.fill(to, 0, at + width - to);
  advance(node, at + width);
}

/** Writes `length` as LEB128 in exactly `bytes` bytes. */
@inline
function storeLength(at: usize, length: usize): usize {
  while (length > 127) {
    store<u8>(at++, <u32>length | 0x80);
    length >>= 7;
  }
  store<u8>(at, <u32>length);
  return at + 1;
}

/** Appends the text between two quotes, decoding its escapes. */
export function appendString(node: usize, p: usize, end: usize, hasEscapes: bool): void {
  const flags = flagsOf(node);
  if (flags & LOW_CARDINALITY) {
    const code = addToDictionary(node, p, end, hasEscapes);
    const at = room(node + N_DATA, 4);
    store<u32>(at, code);
    advance(node, at + 4);
    return;
  }
  notNull(node, flags);
  const raw = end - p;
  const at = room(node + N_DATA, raw + 5);
  if (!hasEscapes) {
    const begin = storeLength(at, raw);
    copyText(begin, p, raw);
    advance(node, begin + raw);
    return;
  }
  // Decoded text is shorter than its escapes: decode behind the longest length, then move it up.
  const decodedEnd = decodeText(p, end, at + 5);
  const length = decodedEnd - (at + 5);
  const begin = storeLength(at, length);
  memory.copy(begin, at + 5, length);
  advance(node, begin + length);
}

/** Where decoded text that is not yet part of a column of strings may be written, and where its room ends. */
@inline
export function decodedRoom(node: usize): usize {
  return room(node + N_DATA, 256) + 1;
}

@inline
export function decodedLimit(node: usize): usize {
  return <usize>load<u32>(node, N_DATA + B_END);
}

/** Makes the text that stands from decodedRoom to `end` the column's next string. */
export function endDecoded(node: usize, end: usize): void {
  const cursor = <usize>load<u32>(node, N_DATA + B_CURSOR);
  const length = end - cursor - 1;
  notNull(node, flagsOf(node));
  const lengthBytes = bytesOfLength(length);
  if (lengthBytes > 1) moveUp(cursor + 1, length, lengthBytes - 1);
  storeLength(cursor, length);
  advance(node, end + lengthBytes - 1);
}

@inline
function bytesOfLength(length: usize): usize {
  return length < 1 << 7 ? 1 : length < 1 << 14 ? 2 : length < 1 << 21 ? 3 : length < 1 << 28 ? 4 : 5;
}

/** Moves at least 16 bytes up by a few. */
function moveUp(from: usize, bytes: usize, by: usize): void {
  const head = v128.load(from);
  let at = from + bytes;
  while (at >= from + 16) {
    at -= 16;
    v128.store(at + by, v128.load(at));
  }
  v128.store(from + by, head);
}

/** Ends an array of `count` elements. */
export function appendOffset(node: usize, count: u32): void {
  const buffer = node + N_DATA;
  const at = room(buffer, 8);
  const before = at == <usize>load<u32>(buffer, B_BEGIN) ? 0 : load<u64>(at - 8);
  store<u64>(at, before + count);
  advance(node, at + 8);
}

/** NULL, or an empty array. */
export function appendNull(node: usize): void {
  const kind = <u32>load<u8>(node, N_KIND);
  if (kind == KIND_ARRAY || kind == KIND_MAP) {
    appendOffset(node, 0);
    return;
  }
  const flags = flagsOf(node);
  if (flags & LOW_CARDINALITY) {
    const at = room(node + N_DATA, 4);
    store<u32>(at, codeOfDefault(node));
    advance(node, at + 4);
    return;
  }
  const at = room(node + N_NULLS, 1);
  store<u8>(at, 1);
  store<u32>(node, <u32>(at + 1), N_NULLS + B_CURSOR);
  let width: usize = kind == KIND_STRING || kind == KIND_JSON ? 1 : <usize>load<u8>(node, N_WIDTH);
  if (kind == KIND_FIXED_STRING) width = <usize>load<u64>(node, N_MAX);
  const data = room(node + N_DATA, max<usize>(width, 16));
  store<u64>(data, 0);
  store<u64>(data, 0, 8);
  if (width > 16) memory.fill(data, 0, width);
  advance(node, data + width);
}

/** NULL in a Nullable column of strings without a dictionary. */
@inline
export function appendNullString(node: usize): void {
  const at = room(node + N_NULLS, 1);
  store<u8>(at, 1);
  store<u32>(node, <u32>(at + 1), N_NULLS + B_CURSOR);
  const data = room(node + N_DATA, 1);
  store<u8>(data, 0);
  advance(node, data + 1);
}

/** The type of an array's elements. */
@inline
export function childOf(node: usize): usize {
  return PROGRAM + <usize>load<u32>(node, N_CHILD);
}
