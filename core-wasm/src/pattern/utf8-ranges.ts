// Splits code points into what their UTF-8 bytes can be: sequences of byte ranges.
import type { CodePointRange } from "./pattern-syntax.ts";

export type ByteRange = readonly [first: number, last: number];

/** Largest code point with 1, 2, 3 and 4 bytes. */
const lastOfLength = [0x7f, 0x7ff, 0xffff, 0x10ffff] as const;

/** Sequences of 1 to 4 byte ranges; together they match exactly the code points, without the surrogates. */
export function utf8Sequences(ranges: readonly CodePointRange[]): ByteRange[][] {
  const sequences: ByteRange[][] = [];
  for (const range of ranges) {
    for (const [first, last] of withoutSurrogates(range)) {
      let from = first;
      lastOfLength.forEach((limit, index) => {
        const to = Math.min(last, limit);
        if (from <= to) split(from, to, index + 1, sequences);
        from = Math.max(from, limit + 1);
      });
    }
  }
  return sequences;
}

function withoutSurrogates([first, last]: CodePointRange): CodePointRange[] {
  if (last < 0xd800 || first > 0xdfff) return [[first, last]];
  const parts: CodePointRange[] = [
    [first, 0xd7ff],
    [0xe000, last],
  ];
  return parts.filter(([from, to]) => from <= to);
}

/** Cuts at the places where the bytes behind the lead do not run through their whole range. */
function split(first: number, last: number, length: number, out: ByteRange[][]): void {
  for (let bits = 6; bits < length * 6; bits += 6) {
    const mask = (1 << bits) - 1;
    if (first >> bits === last >> bits) continue;
    if ((first & mask) !== 0) {
      split(first, first | mask, length, out);
      split((first | mask) + 1, last, length, out);
      return;
    }
    if ((last & mask) !== mask) {
      split(first, (last & ~mask) - 1, length, out);
      split(last & ~mask, last, length, out);
      return;
    }
  }
  const [low, high] = [encode(first, length), encode(last, length)];
  out.push(low.map((byte, index) => [byte, high[index]!]));
}

function encode(point: number, length: number): number[] {
  if (length === 1) return [point];
  const rest = Array.from({ length: length - 1 }, (_, index) => 0x80 | ((point >> (6 * (length - 2 - index))) & 0x3f));
  return [((0xf00 >> length) & 0xff) | (point >> (6 * (length - 1))), ...rest];
}
