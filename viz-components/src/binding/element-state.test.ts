// The state that an element shows, from what is known of its data.
import { describe, expect, it } from "vitest";
import { STALE_AFTER_MS, type StateFacts, stateOf } from "./element-state.ts";

const facts: StateFacts = { answered: true, rowCount: 2, error: false, connection: undefined, lostForMs: 0 };

describe("stateOf", () => {
  it.each([
    ["loading", { answered: false, rowCount: 0 }],
    ["empty", { rowCount: 0 }],
    ["empty", { rowCount: 0, connection: "live" }],
    ["ready", {}],
    ["live", { connection: "live" }],
    ["reconnecting", { connection: "reconnecting" }],
    ["reconnecting", { connection: "reconnecting", answered: false, rowCount: 0 }],
    ["stale", { connection: "reconnecting", lostForMs: STALE_AFTER_MS }],
    ["stale", { connection: "reconnecting", lostForMs: STALE_AFTER_MS, rowCount: 0 }],
    ["error", { error: true, connection: "live" }],
  ] as const)("is %s for %o", (state, change) => {
    expect(stateOf({ ...facts, ...change })).toBe(state);
  });
});
