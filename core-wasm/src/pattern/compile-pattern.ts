// Compiles a pattern into the table that the core runs: time linear in the text, a bounded number of states.
import { buildDfa, MATCHED, MAX_TABLE_STATES, tooLarge } from "./build-dfa.ts";
import { buildNfa } from "./build-nfa.ts";
import { minimiseDfa } from "./minimise-dfa.ts";
import { parsePattern } from "./parse-pattern.ts";

/** States and bytes' classes as numbers: 0 cannot match any more, 1 has matched, from `firstFinal` on the text may end. */
export interface PatternTable {
  /** Class of each of the 256 bytes. */
  readonly classes: Uint8Array;
  readonly classCount: number;
  readonly start: number;
  readonly firstFinal: number;
  /** Next state at [state * classCount + class]. */
  readonly next: Uint16Array;
}

/** 256 KiB. */
const MAX_ENTRIES = 131_072;

const encoder = new TextEncoder();
/** A definition is checked and compiled several times; few patterns are alive at once. */
const recent = new Map<string, PatternTable>();
const KEPT = 64;

/** Throws PatternError. The same table for the same text everywhere. */
export function compilePattern(text: string): PatternTable {
  const known = recent.get(text);
  if (known !== undefined) return known;
  const { dfa, firstFinal } = minimiseDfa(buildDfa(buildNfa(parsePattern(text))));
  const classCount = dfa.classes.examples.length;
  if (dfa.rows.length > MAX_TABLE_STATES || dfa.rows.length * classCount > MAX_ENTRIES) throw tooLarge();
  const next = new Uint16Array(dfa.rows.length * classCount);
  dfa.rows.forEach((row, state) => {
    next.set(row, state * classCount);
  });
  const table = { classes: dfa.classes.ofByte, classCount, start: dfa.start, firstFinal, next };
  if (recent.size >= KEPT) recent.delete(recent.keys().next().value!);
  recent.set(text, table);
  return table;
}

/** Whether a part of `text` matches: what the core's run-pattern.ts does, for values in a definition. */
export function matchesPattern(table: PatternTable, text: string): boolean {
  let state = table.start;
  for (const byte of encoder.encode(text)) {
    if (state < 2) break;
    state = table.next[state * table.classCount + table.classes[byte]!]!;
  }
  return state === MATCHED || state >= table.firstFinal;
}
