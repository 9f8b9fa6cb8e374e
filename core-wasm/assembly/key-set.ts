// The keys that one row has had, so that none stands twice: unknown names, keys of maps, names inside JSON values.
import { KEY_TABLE } from "./layout";
import { allocate, blockBytes, release } from "./memory";

// Slots of 16 bytes: the object that has the key, the slot's hash, 64 bits that stand for the key. The hash is seeded by the host.
const SLOT: usize = 16;
const FIRST_SLOTS: u32 = 1024;

let table: usize = KEY_TABLE;
let slots: u32 = FIRST_SLOTS;
let count: u32 = 0;
let seed: u64 = 0x9e3779b97f4a7c15;

/** Objects are numbered; slots of objects from before the row are free. */
let lastObject: u32 = 0;
let firstObject: u32 = 0;

/** After this many, numbers begin again between two rows. No row has as many objects as are left then. */
const LAST_OBJECT: u32 = 0xe0000000;

export function seedKeys(value: u64): void {
  seed = value | 1;
}

/** The arena was emptied: what was taken from it is gone. */
export function forgetKeys(): void {
  table = KEY_TABLE;
  slots = FIRST_SLOTS;
}

/** Begins a row. True when the numbers of objects begin again. */
@inline
export function beginKeys(): bool {
  firstObject = lastObject + 1;
  count = 0;
  return lastObject > LAST_OBJECT && restart();
}

function restart(): bool {
  memory.fill(table, 0, <usize>slots * SLOT);
  lastObject = 0;
  firstObject = 1;
  return true;
}

/** The number of an object that begins. */
@inline
export function nextObject(): u32 {
  return ++lastObject;
}

/** Stands for a text: two texts with the same hash are taken for the same. */
export function hashBytes(p: usize, length: usize): u64 {
  let hash = (seed ^ <u64>length) * 0x9e3779b97f4a7c15;
  let left = length;
  while (left >= 8) {
    hash = mix(hash, load<u64>(p));
    p += 8;
    left -= 8;
  }
  return left > 0 ? mix(hash, load<u64>(p) & (((<u64>1) << (left << 3)) - 1)) : hash;
}

/** Stands for a value of up to 256 bits. */
export function hashWords(a: u64, b: u64, c: u64, d: u64): u64 {
  return mix(mix(mix(mix(seed, a), b), c), d);
}

@inline
function mix(hash: u64, word: u64): u64 {
  let mixed = (hash ^ word) * 0xff51afd7ed558ccd;
  mixed ^= mixed >> 32;
  return (mixed + seed) * 0xc4ceb9fe1a85ec53;
}

/** Notes a key of an object. False when the object has had it. */
export function addKey(object: u32, hash: u64): bool {
  const key = hash ^ (hash >> 29);
  const mask = slots - 1;
  let slot = (<u32>(hash >> 32) ^ (object * 0x9e3779b1)) & mask;
  let at = table + <usize>slot * SLOT;
  while (load<u32>(at) >= firstObject) {
    if (load<u32>(at) == object && load<u64>(at, 8) == key) return false;
    slot = (slot + 1) & mask;
    at = table + <usize>slot * SLOT;
  }
  store<u32>(at, object);
  store<u32>(at, <u32>(hash >> 32), 4);
  store<u64>(at, key, 8);
  if (++count > slots >> 1) grow();
  return true;
}

function grow(): void {
  const old = table;
  const oldBytes = <usize>slots * SLOT;
  slots <<= 1;
  table = allocate(<usize>slots * SLOT);
  memory.fill(table, 0, <usize>slots * SLOT);
  const mask = slots - 1;
  for (let from = old; from < old + oldBytes; from += SLOT) {
    const object = load<u32>(from);
    if (object < firstObject) continue;
    let slot = (load<u32>(from, 4) ^ (object * 0x9e3779b1)) & mask;
    while (load<u32>(table + <usize>slot * SLOT) != 0) slot = (slot + 1) & mask;
    v128.store(table + <usize>slot * SLOT, v128.load(from));
  }
  if (old != KEY_TABLE) release(old, blockBytes(oldBytes));
}
