// UUIDs from their 36 characters to the two 64-bit halves that ClickHouse stores.
import { hexDigit } from "./text";

export let uuidHigh: u64 = 0;
export let uuidLow: u64 = 0;

/** Reads 8-4-4-4-12 hexadecimal digits. False when the text is anything else. */
export function readUuid(p: usize, length: usize): bool {
  if (length != 36) return false;
  let value: u64 = 0;
  for (let i: usize = 0; i < 36; i++) {
    const c = <u32>load<u8>(p + i);
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != 0x2d) return false;
      if (i == 18) {
        uuidHigh = value;
        value = 0;
      }
      continue;
    }
    const digit = hexDigit(c);
    if (digit > 15) return false;
    value = (value << 4) | digit;
  }
  uuidLow = value;
  return true;
}
