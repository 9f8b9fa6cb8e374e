// Shapes of windows over event time.
import type { WindowShape } from "../../model/function-spec.ts";
import { type Duration, durationMs } from "./duration.ts";

/** An event may lie in this many sliding windows, at most. */
const MOST_WINDOWS = 1_000;

/** Windows of one size, one after the other, aligned to 1970-01-01 UTC. */
export function tumbling(size: Duration): WindowShape {
  return { kind: "tumbling", sizeMs: atLeastOne("tumbling", size) };
}

/** Windows of one size, a new one every so often: an event lies in size/every of them. */
export function sliding(size: Duration, every: Duration): WindowShape {
  const [sizeMs, everyMs] = [atLeastOne("sliding", size), atLeastOne("sliding", every)];
  if (everyMs > sizeMs) throw new TypeError(`sliding(${size}, ${every}): events between two windows would be lost`);
  if (sizeMs / everyMs > MOST_WINDOWS) {
    throw new TypeError(`sliding(${size}, ${every}): an event would lie in more than ${MOST_WINDOWS} windows`);
  }
  return { kind: "sliding", sizeMs, everyMs };
}

/** A key's events with less than `gap` between them; a late one in between joins two sessions to one. */
export function session(gap: Duration): WindowShape {
  return { kind: "session", gapMs: atLeastOne("session", gap) };
}

function atLeastOne(shape: string, text: Duration): number {
  const ms = durationMs(shape, text);
  if (ms < 1) throw new TypeError(`${shape}: "${text}" is no length of time; the shortest is "1ms"`);
  return ms;
}
