// Escapes and classes in square brackets.
import { type CodePointSet, complement, namedClasses, union } from "./code-point-set.ts";
import type { PatternCursor } from "./pattern-cursor.ts";
import type { CodePointRange } from "./pattern-syntax.ts";

const controls: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };

/** An escape outside of brackets. */
export function readAtomEscape(cursor: PatternCursor): CodePointSet {
  return readEscape(cursor, "^$\\.*+?()[]{}|/");
}

/** `cursor` is at "[". */
export function readClass(cursor: PatternCursor): CodePointSet {
  const open = cursor.at;
  cursor.skip();
  const negated = cursor.take("^");
  const ranges: CodePointRange[] = [];
  if (cursor.next === "]") throw cursor.error("a class is empty: put something into it, or write \\] for the bracket");
  while (!cursor.take("]")) {
    if (cursor.done) {
      cursor.at = open;
      throw cursor.error('"[" is not closed: add "]", or write \\[');
    }
    const at = cursor.at;
    const first = readMember(cursor);
    if (cursor.next !== "-" || cursor.rest.startsWith("-]")) {
      ranges.push(...first);
      continue;
    }
    cursor.skip();
    if (cursor.done) continue;
    const last = readMember(cursor);
    const [from, to] = [first[0]!, last[0]!];
    if (!isOne(first) || !isOne(last) || from[0] > to[0]) {
      cursor.at = at;
      throw cursor.error(
        "a range must run from a character up to a character: turn it round, or write \\- for the dash",
      );
    }
    ranges.push([from[0], to[0]]);
  }
  const set = union(ranges);
  return negated ? complement(set) : set;
}

const isOne = (set: CodePointSet): boolean => set.length === 1 && set[0]![0] === set[0]![1];

function readMember(cursor: PatternCursor): CodePointSet {
  if (cursor.next === "\\") return readEscape(cursor, "^$\\.*+?()[]{}|/-");
  if (cursor.rest.startsWith("[:")) {
    throw cursor.error("POSIX classes are not supported: write the ranges, as in [A-Za-z], or \\[ for the bracket");
  }
  const point = cursor.takePoint();
  return [[point, point]];
}

/** `cursor` is at the backslash; `literal` are the characters that may stand behind it for themselves. */
function readEscape(cursor: PatternCursor, literal: string): CodePointSet {
  const at = cursor.at;
  cursor.skip();
  const kind = cursor.next;
  const named = namedClasses[kind];
  if (named !== undefined) {
    cursor.skip();
    return named;
  }
  const point = readPoint(cursor, literal);
  if (point !== undefined) return [[point, point]];
  cursor.at = at;
  throw cursor.error(escapeProblem(kind));
}

function readPoint(cursor: PatternCursor, literal: string): number | undefined {
  const kind = cursor.next;
  if (kind !== "" && literal.includes(kind)) return cursor.takePoint();
  if (Object.hasOwn(controls, kind)) {
    cursor.skip();
    return controls[kind];
  }
  if (cursor.match(/0(?!\d)/y) !== null) return 0;
  const pair = cursor.match(/u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})/y);
  if (pair !== null) {
    return 0x10000 + ((Number.parseInt(pair[1]!, 16) & 0x3ff) << 10) + (Number.parseInt(pair[2]!, 16) & 0x3ff);
  }
  const digits = cursor.match(/x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}/y);
  const point = digits === null ? undefined : Number.parseInt(digits[1] ?? digits[2] ?? digits[3]!, 16);
  return point === undefined || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? undefined : point;
}

function escapeProblem(kind: string): string {
  if (/[1-9]/.test(kind))
    return `\\${kind} refers back to a group, which cannot be checked in linear time: write it without`;
  if (kind === "b" || kind === "B") return `\\${kind} is not supported: say which characters stand around the word`;
  if (kind === "p" || kind === "P") {
    return `\\${kind} is not supported, because its meaning changes with each version of Unicode: write ranges, as in [a-zà-ž]`;
  }
  if (kind === "") return "a backslash ends the pattern: write \\\\ for the character";
  if (kind === "u" || kind === "x")
    return `\\${kind} needs a code point: \\xHH, \\uHHHH or \\u{H…}, no half of a surrogate pair`;
  return `\\${kind} is no escape: write "${kind}" without the backslash`;
}
