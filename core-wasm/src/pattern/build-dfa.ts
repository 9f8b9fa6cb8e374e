// Turns the automaton into a deterministic one (subset construction), with a bound on states and on work.
import type { Nfa } from "./build-nfa.ts";
import { type ByteClasses, byteClasses } from "./byte-classes.ts";
import { PatternError } from "./pattern-error.ts";

/** State 0 can never match any more, state 1 has matched whatever follows. */
export const DEAD = 0;
export const MATCHED = 1;

export interface Dfa {
  readonly classes: ByteClasses;
  /** Next state for each state and class. */
  readonly rows: readonly Uint16Array[];
  /** Whether the text may end in a state. */
  readonly final: readonly boolean[];
  readonly start: number;
}

/** Before states that do the same are made one. */
const MAX_STATES = 16_384;
/** Steps of the construction; keeps a definition under a second. */
const MAX_WORK = 10_000_000;

/** Searches: a match may begin and end anywhere. Throws PatternError. */
export function buildDfa(nfa: Nfa): Dfa {
  const classes = byteClasses(nfa);
  const builder = new DfaBuilder(nfa, classes);
  const start = builder.stateOf(builder.close([nfa.start], true, false), true);
  for (let state = 2; state < builder.sets.length; state++) builder.fill(state);
  const rows = builder.rows.map((row) => Uint16Array.from(row));
  return { classes, rows, final: builder.final, start };
}

const ascending = (a: number, b: number): number => a - b;

class DfaBuilder {
  private readonly nfa: Nfa;
  private readonly classes: ByteClasses;
  private readonly known = new Map<string, number>();
  private readonly restart: readonly number[];
  /** What is reached from a state without a byte, once it was asked for. */
  private readonly closures: (readonly number[] | undefined)[] = [];
  private readonly mark: Uint32Array;
  private round = 0;
  private readonly gathered: Uint32Array;
  private column = 0;
  private work = 0;
  readonly sets: (readonly number[])[] = [[], []];
  readonly rows: number[][];
  readonly final: boolean[] = [false, true];

  constructor(nfa: Nfa, classes: ByteClasses) {
    this.nfa = nfa;
    this.classes = classes;
    this.mark = new Uint32Array(nfa.states.length);
    this.gathered = new Uint32Array(nfa.states.length);
    this.rows = [DEAD, MATCHED].map((state) => classes.examples.map(() => state));
    this.restart = this.close([nfa.start], false, false);
  }

  /** What is reached without a byte: `byte`, `end` and `match` states, in order. */
  close(from: readonly number[], atBegin: boolean, atEnd: boolean): number[] {
    this.round++;
    const open = [...from];
    const reached: number[] = [];
    while (open.length > 0) {
      const at = open.pop()!;
      if (this.mark[at] === this.round) continue;
      this.mark[at] = this.round;
      this.spend(1);
      const state = this.nfa.states[at]!;
      if (state.kind === "fork") open.push(...state.next);
      else if ((state.kind === "begin" && atBegin) || (state.kind === "end" && atEnd)) open.push(state.next);
      else if (state.kind !== "begin") reached.push(at);
    }
    return reached.sort(ascending);
  }

  stateOf(set: readonly number[], atBegin: boolean): number {
    const matches = (states: readonly number[]): boolean => states[0] === 0;
    if (matches(set)) return MATCHED;
    if (set.length === 0) return DEAD;
    const key = `${atBegin ? "^" : ""}${set.join()}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    if (this.sets.length >= MAX_STATES) throw tooLarge();
    const state = this.sets.push(set) - 1;
    this.known.set(key, state);
    // At the begin, ^ may stand behind $.
    this.final.push(matches(this.close(atBegin ? [...set, this.nfa.start] : set, atBegin, true)));
    return state;
  }

  fill(state: number): void {
    const set = this.sets[state]!;
    this.rows.push(
      this.classes.examples.map((byte) => {
        const next: number[] = [];
        this.column++;
        this.gather(this.restart, next);
        for (const at of set) {
          const from = this.nfa.states[at]!;
          if (from.kind !== "byte" || byte < from.first || byte > from.last) continue;
          this.closures[from.next] ??= this.close([from.next], false, false);
          this.gather(this.closures[from.next]!, next);
        }
        this.spend(set.length + next.length);
        return this.stateOf(next.sort(ascending), false);
      }),
    );
  }

  /** Adds what this column of this row has not had. */
  private gather(states: readonly number[], to: number[]): void {
    for (const at of states) {
      if (this.gathered[at] === this.column) continue;
      this.gathered[at] = this.column;
      to.push(at);
    }
  }

  private spend(steps: number): void {
    this.work += steps;
    if (this.work > MAX_WORK) throw tooLarge();
  }
}

export const MAX_TABLE_STATES = 4096;

export function tooLarge(): PatternError {
  return new PatternError(
    `is too large: its automaton needs more than ${MAX_TABLE_STATES} states. Repeat less, begin with ^, or use .min() and .max() for lengths`,
  );
}
