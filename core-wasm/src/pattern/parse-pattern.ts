// Reads a pattern: the part of ECMAScript's syntax (flag u) that RE2 has, too, and that a finite automaton can run.

import { anyButLineEnds } from "./code-point-set.ts";
import { PatternCursor } from "./pattern-cursor.ts";
import { PatternError } from "./pattern-error.ts";
import type { Pattern } from "./pattern-syntax.ts";
import { readAtomEscape, readClass } from "./read-class.ts";

const MAX_CHARACTERS = 4096;
const MAX_GROUPS_DEEP = 100;
const MAX_REPEAT = 1000;

/** Throws PatternError. */
export function parsePattern(text: string): Pattern {
  if (text.length > MAX_CHARACTERS) {
    throw new PatternError(`has ${text.length} characters, and ${MAX_CHARACTERS} are possible: write a shorter one`);
  }
  if (/\p{Surrogate}/u.test(text)) throw new PatternError("holds half of a surrogate pair: remove it");
  const cursor = new PatternCursor(text);
  const pattern = readChoice(cursor, 0);
  if (!cursor.done) throw cursor.error('")" closes no group: remove it, or write \\)');
  return pattern;
}

function readChoice(cursor: PatternCursor, depth: number): Pattern {
  const options = [readSequence(cursor, depth)];
  while (cursor.take("|")) options.push(readSequence(cursor, depth));
  return options.length === 1 ? options[0]! : { kind: "choice", options };
}

function readSequence(cursor: PatternCursor, depth: number): Pattern {
  const parts: Pattern[] = [];
  while (!cursor.done && cursor.next !== "|" && cursor.next !== ")") parts.push(readTerm(cursor, depth));
  return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
}

function readTerm(cursor: PatternCursor, depth: number): Pattern {
  const isAnchor = cursor.next === "^" || cursor.next === "$";
  const part = readAtom(cursor, depth);
  const at = cursor.at;
  const times = readTimes(cursor);
  if (times === undefined) return part;
  if (isAnchor) throw new PatternError("nothing to repeat: ^ and $ have no length", at);
  // A lazy repetition finds another match, never another verdict.
  cursor.take("?");
  const again = cursor.next;
  if (again === "*" || again === "+" || again === "?" || again === "{") {
    throw cursor.error(`"${again}" repeats a repetition: put the first into (?:…)`);
  }
  return { kind: "repeat", part, ...times };
}

function readTimes(cursor: PatternCursor): { least: number; most: number } | undefined {
  if (cursor.take("*")) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (cursor.take("+")) return { least: 1, most: Number.POSITIVE_INFINITY };
  if (cursor.take("?")) return { least: 0, most: 1 };
  if (cursor.next !== "{") return undefined;
  const bounds = cursor.match(/\{(\d+)(?:(,)(\d*))?\}/y);
  if (bounds === null) throw cursor.error('"{" begins no {n}, {n,} or {n,m}: complete it, or write \\{');
  const least = Number(bounds[1]);
  const most = bounds[2] === undefined ? least : bounds[3] === "" ? Number.POSITIVE_INFINITY : Number(bounds[3]);
  const at = cursor.at - bounds[0].length;
  if (least > most) throw new PatternError(`${bounds[0]} has its bounds the wrong way round`, at);
  if (least > MAX_REPEAT || (Number.isFinite(most) && most > MAX_REPEAT)) {
    throw new PatternError(`${bounds[0]} repeats more than ${MAX_REPEAT} times: use .min() and .max() for lengths`, at);
  }
  return { least, most };
}

function readAtom(cursor: PatternCursor, depth: number): Pattern {
  switch (cursor.next) {
    case "^":
      cursor.skip();
      return { kind: "begin" };
    case "$":
      cursor.skip();
      return { kind: "end" };
    case ".":
      cursor.skip();
      return { kind: "set", ranges: anyButLineEnds };
    case "(":
      return readGroup(cursor, depth);
    case "[":
      return { kind: "set", ranges: readClass(cursor) };
    case "\\":
      return { kind: "set", ranges: readAtomEscape(cursor) };
    case "*":
    case "+":
    case "?":
      throw cursor.error(`nothing stands before "${cursor.next}": put what repeats there, or write \\${cursor.next}`);
    case "{":
    case "}":
    case "]":
      throw cursor.error(`"${cursor.next}" stands alone: write \\${cursor.next}`);
    default: {
      const point = cursor.takePoint();
      return { kind: "set", ranges: [[point, point]] };
    }
  }
}

function readGroup(cursor: PatternCursor, depth: number): Pattern {
  const at = cursor.at;
  if (depth >= MAX_GROUPS_DEEP) throw cursor.error(`groups nest deeper than ${MAX_GROUPS_DEEP}: flatten them`);
  cursor.skip();
  if (cursor.next === "?" && !cursor.take("?:")) {
    if (/^\?(?:<?[=!])/.test(cursor.rest)) {
      throw new PatternError("looks ahead or behind, which cannot be checked in linear time: write it without", at);
    }
    throw new PatternError("a group with a name or flags is not supported: write (?:…)", at);
  }
  const inner = readChoice(cursor, depth + 1);
  if (!cursor.take(")")) throw new PatternError('"(" is not closed: add ")", or write \\(', at);
  return inner;
}
