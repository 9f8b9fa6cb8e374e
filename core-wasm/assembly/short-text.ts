// Texts of less than 16 bytes as one vector, zeros behind them: compared at once, hashed with two multiplications.

/** 16 bytes of ones, then 16 zeros: from 16 - n on, they keep n bytes. */
const keep: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/** The first `length` bytes of `text`, at most 16. */
@inline
export function shortText(text: v128, length: usize): v128 {
  return v128.and(text, v128.load(keep + 16 - length));
}

@inline
export function hashShortText(text: v128): u32 {
  const mixed = (i64x2.extract_lane(text, 0) ^ (i64x2.extract_lane(text, 1) * 0x5851f42d4c957f2d)) * <i64>0x9e3779b97f4a7c15;
  return <u32>(<u64>mixed >> 40);
}

@inline
export function isSameText(a: v128, b: v128): bool {
  return i8x16.bitmask(i8x16.eq(a, b)) == 0xffff;
}

// A table of short texts: mask at 0, then from 16 on slots of 32 bytes. Open addressing, at most half full.
const FIRST_SLOT: usize = 16;
const SLOT: usize = 32;
const S_VALUE: usize = 16;
const S_USED: usize = 20;

/** Bytes of a table for `count` texts. */
export function shortTableBytes(count: u32): usize {
  return FIRST_SLOT + SLOT * <usize>slotCount(count);
}

function slotCount(count: u32): u32 {
  let slots: u32 = 4;
  while (slots < count * 2) slots <<= 1;
  return slots;
}

/** Makes an empty table for `count` texts at `table`. */
export function createShortTable(table: usize, count: u32): void {
  memory.fill(table, 0, shortTableBytes(count));
  store<u32>(table, slotCount(count) - 1);
}

export function addShortText(table: usize, text: v128, value: i32): void {
  const mask = load<u32>(table);
  let slot = hashShortText(text) & mask;
  while (load<u32>(slotAt(table, slot), S_USED) != 0) slot = (slot + 1) & mask;
  v128.store(slotAt(table, slot), text);
  store<i32>(slotAt(table, slot), value, S_VALUE);
  store<u32>(slotAt(table, slot), 1, S_USED);
}

@inline
function slotAt(table: usize, slot: u32): usize {
  return table + FIRST_SLOT + <usize>slot * SLOT;
}

/** The slot of a text, or 0. */
@inline
export function findShortText(table: usize, text: v128): usize {
  const mask = load<u32>(table);
  let slot = hashShortText(text) & mask;
  let at = slotAt(table, slot);
  while (!isSameText(v128.load(at), text)) {
    if (load<u32>(at, S_USED) == 0) return 0;
    slot = (slot + 1) & mask;
    at = slotAt(table, slot);
  }
  // The empty text is like the text of a free slot.
  return load<u32>(at, S_USED) == 0 ? 0 : at;
}

@inline
export function shortValue(slot: usize): i32 {
  return load<i32>(slot, S_VALUE);
}
