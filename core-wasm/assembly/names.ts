// Name tables of the program: open addressing over FNV-1a; field names and enum names alike.

/** FNV-1a of `length` bytes. The host builds the tables with the same function. */
export function hashName(at: usize, length: usize): u32 {
  let hash: u32 = 0x811c9dc5;
  for (let i: usize = 0; i < length; i++) hash = (hash ^ load<u8>(at + i)) * 0x01000193;
  return hash;
}

export function sameBytes(a: usize, b: usize, length: usize): bool {
  return memory.compare(a, b, length) == 0;
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
