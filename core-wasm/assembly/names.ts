// Name tables of the program: open addressing; field names and enum names alike.

/** A hash of `length` bytes, four at a time. The host builds the tables with the same function. */
export function hashName(at: usize, length: usize): u32 {
  let hash: u32 = 0x811c9dc5 ^ <u32>length;
  if (length < 4) {
    for (let i: usize = 0; i < length; i++) hash = (hash ^ load<u8>(at + i)) * 0x9e3779b1;
  } else {
    for (let i: usize = 0; i < length - 4; i += 4) {
      hash = (hash ^ load<u32>(at + i)) * 0x9e3779b1;
      hash ^= hash >> 15;
    }
    // The last four, some of them for the second time.
    hash = (hash ^ load<u32>(at + length - 4)) * 0x9e3779b1;
  }
  return hash ^ (hash >> 15);
}

/** Whether two texts are the same; reads nothing behind them. */
@inline
export function sameBytes(a: usize, b: usize, length: usize): bool {
  if (length < 8) return sameFewBytes(a, b, length);
  for (let i: usize = 0; i < length - 8; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return load<u64>(a + length - 8) == load<u64>(b + length - 8);
}

function sameFewBytes(a: usize, b: usize, length: usize): bool {
  if (length >= 4) return load<u32>(a) == load<u32>(b) && load<u32>(a + length - 4) == load<u32>(b + length - 4);
  for (let i: usize = 0; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

/** The entry of a name (hash, length, value, bytes), or 0. `table` is mask, then slots with offsets from `base`. */
export function findName(table: usize, base: usize, at: usize, length: usize): usize {
  const mask = load<u32>(table);
  const hash = hashName(at, length);
  let slot = hash & mask;
  while (true) {
    const offset = load<u32>(table + 4 + (<usize>slot << 2));
    if (offset == 0) return 0;
    const entry = base + <usize>offset;
    if (load<u32>(entry) == hash && <usize>load<u32>(entry, 4) == length && sameBytes(entry + 12, at, length)) return entry;
    slot = (slot + 1) & mask;
  }
}

/** What the name stands for: a field's index, or the number of an enum name. */
@inline
export function nameValue(entry: usize): i32 {
  return load<i32>(entry, 8);
}
