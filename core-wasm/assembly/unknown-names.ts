// The unknown names of one row, by hash, so that a name that stands twice is refused even where unknown fields are dropped.
import { hashName } from "./names";

/** Power of two; names beyond half of it are no longer compared, and refused as duplicates. */
const SLOTS: u32 = 1024;
const TABLE: usize = 0x3000;
const SLOT: usize = 16;

let round: u32 = 0;
let count: u32 = 0;

/** Begins a row. */
export function beginUnknown(): void {
  if (++round == 0) {
    memory.fill(TABLE, 0, <usize>SLOTS * SLOT);
    round = 1;
  }
  count = 0;
}

/** Notes a name. False when the row has had it. Two hashes of 32 bits and the length stand for the name. */
export function isNewUnknown(at: usize, length: usize): bool {
  const first = hashName(at, length);
  let second: u32 = <u32>length;
  for (let i: usize = 0; i < length; i++) second = (second * 31 + load<u8>(at + i)) ^ (second >> 15);
  if (++count > SLOTS / 2) return false;
  let slot = first & (SLOTS - 1);
  while (true) {
    const entry = TABLE + <usize>slot * SLOT;
    if (load<u32>(entry) != round) {
      store<u32>(entry, round);
      store<u32>(entry, first, 4);
      store<u32>(entry, second, 8);
      store<u32>(entry, <u32>length, 12);
      return true;
    }
    if (load<u32>(entry, 4) == first && load<u32>(entry, 8) == second && load<u32>(entry, 12) == <u32>length) return false;
    slot = (slot + 1) & (SLOTS - 1);
  }
}
