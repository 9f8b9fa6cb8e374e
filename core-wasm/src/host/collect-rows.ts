// Hot path: the accepted rows of an input in the form that the log stores, with as few copies as their gaps allow.
import type { Validation } from "./core-interface.ts";

const NEWLINE = 0x0a;

/** Each accepted row followed by "\n", and where each ends. A view on the input when it is already in that form. */
export function collectRows(input: Uint8Array, { bounds }: Validation): { bytes: Uint8Array; ends: Uint32Array } {
  const rows = bounds.length / 2;
  const ends = new Uint32Array(rows);
  if (rows === 0) return { bytes: new Uint8Array(0), ends };
  const first = bounds[0]!;
  const last = bounds[bounds.length - 1]!;
  if (isInForm(input, bounds)) {
    for (let row = 0; row < rows; row++) ends[row] = bounds[row * 2 + 1]! - first;
    return { bytes: input.subarray(first, last + 1), ends };
  }
  let total = 0;
  for (let row = 0; row < rows; row++) {
    total += bounds[row * 2 + 1]! - bounds[row * 2]! + 1;
    ends[row] = total - 1;
  }
  const bytes = new Uint8Array(total);
  let runBegin = 0;
  let at = 0;
  for (let row = 0; row < rows; row++) {
    // Rows one byte apart are copied together; the byte between them becomes the newline.
    const end = bounds[row * 2 + 1]!;
    if (row + 1 < rows && bounds[row * 2 + 2] === end + 1) continue;
    const begin = bounds[runBegin * 2]!;
    bytes.set(input.subarray(begin, end), at);
    at += end - begin + 1;
    runBegin = row + 1;
  }
  for (let row = 0; row < rows; row++) bytes[ends[row]!] = NEWLINE;
  return { bytes, ends };
}

function isInForm(input: Uint8Array, bounds: Uint32Array): boolean {
  for (let at = 1; at < bounds.length; at += 2) {
    const end = bounds[at]!;
    if (input[end] !== NEWLINE || (at + 1 < bounds.length && bounds[at + 1] !== end + 1)) return false;
  }
  return true;
}
