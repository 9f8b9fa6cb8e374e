// Sets of code points as sorted ranges: the named classes of ECMAScript, union and complement.
import type { CodePointRange } from "./pattern-syntax.ts";

export type CodePointSet = readonly CodePointRange[];

const LAST = 0x10ffff;

/** Sorted, and ranges that touch made one. */
export function union(ranges: readonly CodePointRange[]): CodePointSet {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function complement(set: CodePointSet): CodePointSet {
  const rest: CodePointRange[] = [];
  let from = 0;
  for (const [first, last] of set) {
    if (first > from) rest.push([from, first - 1]);
    from = last + 1;
  }
  return from <= LAST ? [...rest, [from, LAST]] : rest;
}

const digit: CodePointSet = [[0x30, 0x39]];
const word = union([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
const lineEnds: CodePointSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
/** WhiteSpace and LineTerminator of ECMAScript. */
const space = union([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

/** What `.` stands for. */
export const anyButLineEnds = complement(lineEnds);

/** What `\d`, `\D`, `\s`, `\S`, `\w` and `\W` stand for, with the `u` flag. */
export const namedClasses: Readonly<Record<string, CodePointSet>> = {
  d: digit,
  D: complement(digit),
  s: space,
  S: complement(space),
  w: word,
  W: complement(word),
};
