// The dictionary of one LowCardinality(String) column: keys in Native form, found by hash, numbered by first appearance.
import { B_BEGIN, B_CURSOR, N_DATA, N_DICTIONARY, N_FLAGS, NULLABLE } from "./layout";
import { allocate, blockBytes, copyText, growBuffer, release, room } from "./memory";
import { sameBytes } from "./names";
import { hashShortText, isSameText, shortText } from "./short-text";
import { decodeText } from "./text";

/** Short keys met last, by hash: their text, their number, and the dictionary's life in which they have it. 32 bytes each. */
const RECENT_KEYS: u32 = 128;
const R_CODE: usize = 16;
const R_LIFE: usize = 24;

// Dictionary record.
export const D_BYTES: usize = 128;
/** Keys as Native strings. */
export const D_KEYS: usize = 0;
/** One for each key: begin within the keys' buffer, length, hash. */
export const D_ENTRIES: usize = 12;
/** Slots: entry number + 1; 0 is free. */
const D_TABLE: usize = 24;
const D_MASK: usize = 28;
export const D_COUNT: usize = 32;
export const D_SAVED_COUNT: usize = 36;
export const D_SAVED_KEYS: usize = 40;
/** First entry that may be found: 1 in a Nullable column, where the key "" is another one than NULL (entry 0). */
const D_FIRST: usize = 44;
/** Native prefix: version, flags, number of keys; then, behind the keys, number of rows. */
export const D_VERSION: usize = 64;
export const D_INDEX_TYPE: usize = 72;
export const D_KEY_COUNT: usize = 80;
export const D_ROW_COUNT: usize = 88;

/** The recent keys, and the number of the dictionary's life: it ends when keys are dropped. */
const D_RECENT: usize = 96;
const D_LIFE: usize = 104;

const ENTRY: usize = 12;
const FIRST_SLOTS: u32 = 256;

let seed: u64 = 0;

/** The host draws the seed, so that nobody can choose strings that collide. It does not show in the block. */
export function setSeed(value: u64): void {
  seed = value | 1;
}

/** Creates the dictionary of a node. Key 0 is "", which stands for NULL in a Nullable column. */
export function createDictionary(node: usize): void {
  const dictionary = allocate(D_BYTES);
  memory.fill(dictionary, 0, D_BYTES);
  const bytes = <usize>FIRST_SLOTS * 4;
  store<u32>(dictionary, <u32>allocate(bytes), D_TABLE);
  store<u32>(dictionary, FIRST_SLOTS - 1, D_MASK);
  store<u32>(dictionary, <u32>load<u8>(node, N_FLAGS) & NULLABLE ? 1 : 0, D_FIRST);
  const recentBytes = <usize>RECENT_KEYS << 5;
  store<u32>(dictionary, <u32>allocate(recentBytes), D_RECENT);
  memory.fill(load<u32>(dictionary, D_RECENT), 0, recentBytes);
  store<u32>(node, <u32>dictionary, N_DICTIONARY);
  clearDictionary(node);
}

/** Empties it but for key 0. */
export function clearDictionary(node: usize): void {
  const dictionary = <usize>load<u32>(node, N_DICTIONARY);
  store<u32>(dictionary, load<u32>(dictionary, D_KEYS + B_BEGIN), D_KEYS + B_CURSOR);
  store<u32>(dictionary, load<u32>(dictionary, D_ENTRIES + B_BEGIN), D_ENTRIES + B_CURSOR);
  store<u32>(dictionary, 0, D_COUNT);
  store<u64>(dictionary, load<u64>(dictionary, D_LIFE) + 1, D_LIFE);
  clearTable(dictionary);
  const at = room(dictionary + D_KEYS, 1);
  store<u8>(at, 0);
  store<u32>(dictionary, <u32>(at + 1), D_KEYS + B_CURSOR);
  addEntry(dictionary, at + 1, 0, hashText(at + 1, 0));
  reinsert(dictionary);
}

/** Drops the keys added since `saved`. */
export function rollBackDictionary(node: usize): void {
  const dictionary = <usize>load<u32>(node, N_DICTIONARY);
  const count = load<u32>(dictionary, D_SAVED_COUNT);
  store<u32>(dictionary, load<u32>(dictionary, D_KEYS + B_BEGIN) + load<u32>(dictionary, D_SAVED_KEYS), D_KEYS + B_CURSOR);
  store<u32>(dictionary, load<u32>(dictionary, D_ENTRIES + B_BEGIN) + count * <u32>ENTRY, D_ENTRIES + B_CURSOR);
  store<u32>(dictionary, count, D_COUNT);
  store<u64>(dictionary, load<u64>(dictionary, D_LIFE) + 1, D_LIFE);
  clearTable(dictionary);
  reinsert(dictionary);
}

/** Forgets all places of keys. */
function clearTable(dictionary: usize): void {
  memory.fill(load<u32>(dictionary, D_TABLE), 0, (<usize>load<u32>(dictionary, D_MASK) + 1) << 2);
}

function reinsert(dictionary: usize): void {
  const entries = <usize>load<u32>(dictionary, D_ENTRIES + B_BEGIN);
  const count = load<u32>(dictionary, D_COUNT);
  for (let i = load<u32>(dictionary, D_FIRST); i < count; i++) insert(dictionary, load<u32>(entries + <usize>i * ENTRY, 8), i);
}

function insert(dictionary: usize, hash: u32, index: u32): void {
  const table = <usize>load<u32>(dictionary, D_TABLE);
  const mask = load<u32>(dictionary, D_MASK);
  let slot = hash & mask;
  while (load<u32>(table + (<usize>slot << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(table + (<usize>slot << 2), index + 1);
}

function addEntry(dictionary: usize, text: usize, length: usize, hash: u32): void {
  const keys = <usize>load<u32>(dictionary, D_KEYS + B_BEGIN);
  const entry = room(dictionary + D_ENTRIES, ENTRY);
  store<u32>(entry, <u32>(text - keys));
  store<u32>(entry, <u32>length, 4);
  store<u32>(entry, hash, 8);
  store<u32>(dictionary, <u32>(entry + ENTRY), D_ENTRIES + B_CURSOR);
  store<u32>(dictionary, load<u32>(dictionary, D_COUNT) + 1, D_COUNT);
}

function hashText(p: usize, length: usize): u32 {
  let hash = (seed ^ <u64>length) * 0x9e3779b97f4a7c15;
  let left = length;
  while (left >= 8) {
    hash = (hash ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
    p += 8;
    left -= 8;
  }
  if (left > 0) hash = (hash ^ (load<u64>(p) & (((<u64>1) << (left << 3)) - 1))) * 0xff51afd7ed558ccd;
  hash ^= hash >> 29;
  return <u32>((hash * seed) >> 32);
}

/** Appends the number of a plain text of less than 16 bytes, which stands at `p`, too. */
@inline
export function appendKeyCode(node: usize, text: v128, p: usize, length: usize): void {
  const dictionary = <usize>load<u32>(node, N_DICTIONARY);
  const recent = <usize>load<u32>(dictionary, D_RECENT) + (<usize>(hashShortText(text) & (RECENT_KEYS - 1)) << 5);
  if (load<u64>(recent, R_LIFE) != load<u64>(dictionary, D_LIFE) || !isSameText(v128.load(recent), text)) {
    store<u32>(recent, addToDictionary(node, p, p + length, false), R_CODE);
    store<u64>(recent, load<u64>(dictionary, D_LIFE), R_LIFE);
    v128.store(recent, text);
  }
  const at = room(node + N_DATA, 4);
  store<u32>(at, load<u32>(recent, R_CODE));
  store<u32>(node, <u32>(at + 4), N_DATA + B_CURSOR);
}

/** The number of the text's key, which is added if it is new. */
export function addToDictionary(node: usize, p: usize, end: usize, hasEscapes: bool): u32 {
  const dictionary = <usize>load<u32>(node, N_DICTIONARY);
  let length = end - p;
  // Decoded or not, a new key belongs behind the last one: 5 bytes suffice for its length.
  const at = room(dictionary + D_KEYS, length + 16);
  if (hasEscapes) {
    length = decodeText(p, end, at + 5) - (at + 5);
    p = at + 5;
  }
  const hash = hashText(p, length);
  const table = <usize>load<u32>(dictionary, D_TABLE);
  const mask = load<u32>(dictionary, D_MASK);
  const keys = <usize>load<u32>(dictionary, D_KEYS + B_BEGIN);
  const entries = <usize>load<u32>(dictionary, D_ENTRIES + B_BEGIN);
  let slot = hash & mask;
  let found = load<u32>(table + (<usize>slot << 2));
  while (found != 0) {
    const entry = entries + <usize>(found - 1) * ENTRY;
    if (load<u32>(entry, 8) == hash && <usize>load<u32>(entry, 4) == length && sameBytes(keys + <usize>load<u32>(entry), p, length)) {
      return found - 1;
    }
    slot = (slot + 1) & mask;
    found = load<u32>(table + (<usize>slot << 2));
  }
  return addKey(dictionary, at, p, length, hash);
}

function addKey(dictionary: usize, at: usize, p: usize, length: usize, hash: u32): u32 {
  let begin = at;
  for (let rest = length; ; rest >>= 7) {
    store<u8>(begin++, rest > 127 ? <u32>rest | 0x80 : <u32>rest);
    if (rest <= 127) break;
  }
  memory.copy(begin, p, length);
  store<u32>(dictionary, <u32>(begin + length), D_KEYS + B_CURSOR);
  const index = load<u32>(dictionary, D_COUNT);
  addEntry(dictionary, begin, length, hash);
  insert(dictionary, hash, index);
  if (index + 1 > load<u32>(dictionary, D_MASK) >> 1) growTable(dictionary);
  return index;
}

function growTable(dictionary: usize): void {
  const slots = <usize>load<u32>(dictionary, D_MASK) + 1;
  release(load<u32>(dictionary, D_TABLE), blockBytes(slots << 2));
  store<u32>(dictionary, <u32>allocate(slots << 3), D_TABLE);
  store<u32>(dictionary, <u32>((slots << 1) - 1), D_MASK);
  clearTable(dictionary);
  reinsert(dictionary);
}

/** The key that stands for NULL. */
@inline
export function codeOfDefault(_node: usize): u32 {
  return 0;
}
