// The states of a data element and the rule that leads from one to the next.

/**
 *   loading ──▶ ready | live ◀──▶ reconnecting ──▶ stale
 *      │            ▲ │                │             │
 *      │            │ ▼                └──▶ live ◀───┘
 *      ├──▶ empty ──┘
 *      └──▶ error ──(retry)──▶ loading
 */
export type ElementState = "loading" | "empty" | "error" | "ready" | "live" | "reconnecting" | "stale";

export const elementStates: readonly ElementState[] = [
  "loading",
  "empty",
  "error",
  "ready",
  "live",
  "reconnecting",
  "stale",
];

/** A lost connection turns what is shown from "reconnecting" to "stale" after this time. */
export const STALE_AFTER_MS = 10_000;

export interface StateFacts {
  /** Rows have arrived, or `.data` is set. */
  readonly answered: boolean;
  readonly rowCount: number;
  readonly error: boolean;
  /** Following the server: undefined for a single answer or `.data`. */
  readonly connection: "live" | "reconnecting" | undefined;
  /** How long the connection has been lost. */
  readonly lostForMs: number;
}

/** An error hides rows only if there are none; a lost connection always shows, because old rows must not look new. */
export function stateOf(facts: StateFacts): ElementState {
  if (facts.error) return "error";
  if (!facts.answered) return facts.connection === "reconnecting" ? "reconnecting" : "loading";
  if (facts.connection === "reconnecting") return facts.lostForMs >= STALE_AFTER_MS ? "stale" : "reconnecting";
  if (facts.rowCount === 0) return "empty";
  return facts.connection === "live" ? "live" : "ready";
}

export interface MooseStateChangeDetail {
  readonly state: ElementState;
  readonly previous: ElementState;
  readonly error?: Error;
}

/** `moose-state-change`: bubbles, crosses shadow roots, cannot be cancelled. */
export type MooseStateChangeEvent = CustomEvent<MooseStateChangeDetail>;

declare global {
  interface HTMLElementEventMap {
    "moose-state-change": MooseStateChangeEvent;
  }
}
