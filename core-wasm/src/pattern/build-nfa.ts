// Turns a pattern into a nondeterministic automaton over bytes (Thompson's construction, from the end to the begin).
import { PatternError } from "./pattern-error.ts";
import type { Pattern } from "./pattern-syntax.ts";
import { utf8Sequences } from "./utf8-ranges.ts";

export type NfaState =
  | { readonly kind: "byte"; readonly first: number; readonly last: number; readonly next: number }
  | { readonly kind: "fork"; readonly next: number[] }
  | { readonly kind: "begin" | "end"; readonly next: number }
  | { readonly kind: "match" };

export interface Nfa {
  readonly states: readonly NfaState[];
  readonly start: number;
}

const MAX_STATES = 20_000;

/** Throws PatternError when repetitions make it too large. */
export function buildNfa(pattern: Pattern): Nfa {
  const states: NfaState[] = [{ kind: "match" }];
  return { states, start: build(states, pattern, 0) };
}

function add(states: NfaState[], state: NfaState): number {
  if (states.length >= MAX_STATES) {
    throw new PatternError("is too large: repeat less, or use .min() and .max() for lengths");
  }
  return states.push(state) - 1;
}

/** The state at which `pattern`, followed by what stands at `next`, begins. */
function build(states: NfaState[], pattern: Pattern, next: number): number {
  switch (pattern.kind) {
    case "set":
      return buildSet(states, pattern.ranges, next);
    case "sequence":
      return pattern.parts.reduceRight((after, part) => build(states, part, after), next);
    case "choice":
      return add(states, { kind: "fork", next: pattern.options.map((option) => build(states, option, next)) });
    case "repeat":
      return buildRepeat(states, pattern, next);
    default:
      return add(states, { kind: pattern.kind, next });
  }
}

function buildRepeat(states: NfaState[], pattern: Pattern & { kind: "repeat" }, next: number): number {
  const { part, least, most } = pattern;
  let at = next;
  if (most === Number.POSITIVE_INFINITY) {
    const targets: number[] = [];
    at = add(states, { kind: "fork", next: targets });
    targets.push(build(states, part, at), next);
  } else {
    for (let times = least; times < most; times++) {
      at = add(states, { kind: "fork", next: [build(states, part, at), next] });
    }
  }
  for (let times = 0; times < least; times++) at = build(states, part, at);
  return at;
}

function buildSet(states: NfaState[], ranges: (Pattern & { kind: "set" })["ranges"], next: number): number {
  /** Sequences that end alike share their ends. */
  const shared = new Map<string, number>();
  const begins = utf8Sequences(ranges).map((sequence) =>
    sequence.reduceRight((after, [first, last]) => {
      const key = `${first}-${last}-${after}`;
      const at = shared.get(key) ?? add(states, { kind: "byte", first, last, next: after });
      shared.set(key, at);
      return at;
    }, next),
  );
  return begins.length === 1 ? begins[0]! : add(states, { kind: "fork", next: [...new Set(begins)] });
}
