// The one text of a partition key's value: 100 and 1e2 are the same key, and so are two ways to write a UUID.
import { decimalNegative, evaluateDecimal, limb0, limb1, limb2, limb3 } from "./decimal";
import { KIND_DECIMAL, KIND_INTEGER, KIND_UINT64, KIND_UUID, N_FLAGS, N_KIND, N_PRECISION, NUMBER_SCRATCH, SCALED } from "./layout";

/** Where the text ends; it begins at `keyText`, in the input or in scratch. */
export let keyText: usize = 0;
export let keyTextEnd: usize = 0;

/** The magnitude that is divided, eight halves of 32 bits, lowest first; the digits grow down to it from the end of the scratch. */
const HALVES: usize = NUMBER_SCRATCH;
const DIGITS_END: usize = NUMBER_SCRATCH + 0x200;

/** Finds the text of the value of type `node` that stands, without quotes and escapes, at `p` to `end`. */
export function findKeyText(node: usize, p: usize, end: usize): void {
  keyText = p;
  keyTextEnd = end;
  switch (<u32>load<u8>(node, N_KIND)) {
    case KIND_INTEGER:
    case KIND_UINT64:
      if (!isWholeText(p, end)) writeNumber(p, end, 0);
      break;
    case KIND_DECIMAL: {
      const scaled = (<u32>load<u8>(node, N_FLAGS) & SCALED) != 0;
      if (!isWholeText(p, end)) writeNumber(p, end, scaled ? <u32>load<u8>(node, N_PRECISION) : 0);
      break;
    }
    case KIND_UUID:
      writeLowerCase(p, end);
  }
}

/** Digits and nothing else, but for a minus before a number that is not zero. */
function isWholeText(p: usize, end: usize): bool {
  if (load<u8>(p) == 0x2d && load<u8>(++p) == 0x30) return false;
  for (; p < end; p++) if (<u32>load<u8>(p) - 0x30 > 9) return false;
  return true;
}

/** The value times ten to `scale` is whole: it was accepted. Zeros behind the point are left out. */
function writeNumber(p: usize, end: usize, scale: u32): void {
  evaluateDecimal(p, end, scale, false);
  store<u64>(HALVES, limb0);
  store<u64>(HALVES, limb1, 8);
  store<u64>(HALVES, limb2, 16);
  store<u64>(HALVES, limb3, 24);
  let at = DIGITS_END;
  let left = scale;
  let isZero = (limb0 | limb1 | limb2 | limb3) == 0;
  const minus = decimalNegative && !isZero;
  keyTextEnd = DIGITS_END;
  do {
    const digit = 0x30 + divideByTen();
    // Zeros at the end of a fraction.
    if (left > 0 && digit == 0x30 && at == keyTextEnd) keyTextEnd = --at;
    else store<u8>(--at, digit);
    if (left > 0 && --left == 0 && at != keyTextEnd) store<u8>(--at, 0x2e);
    isZero = load<u64>(HALVES) == 0 && load<u64>(HALVES, 8) == 0 && load<u64>(HALVES, 16) == 0 && load<u64>(HALVES, 24) == 0;
  } while (!isZero || left > 0 || at == keyTextEnd || load<u8>(at) == 0x2e);
  if (minus) store<u8>(--at, 0x2d);
  keyText = at;
}

/** Divides what is at HALVES by ten, and returns the rest. */
function divideByTen(): u32 {
  let rest: u64 = 0;
  for (let at = HALVES + 32; at > HALVES; ) {
    at -= 4;
    const value = (rest << 32) | <u64>load<u32>(at);
    store<u32>(at, <u32>(value / 10));
    rest = value % 10;
  }
  return <u32>rest;
}

function writeLowerCase(p: usize, end: usize): void {
  keyText = NUMBER_SCRATCH;
  keyTextEnd = NUMBER_SCRATCH + (end - p);
  // Digits and "-" have the bit that makes letters small.
  for (let to = keyText; p < end; p++) store<u8>(to++, <u32>load<u8>(p) | 0x20);
}
