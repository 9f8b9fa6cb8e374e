// How long to wait before something is tried again: doubles from 100 ms to 2 s, with jitter, without an end.

const FIRST_MS = 100;
/** What comes back is noticed within this time. */
const LONGEST_MS = 2000;

/** `attempt` counts from 1; `random` is in [0, 1). Half of the wait is certain, half is chance, so that those who wait spread out. */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  return ceiling / 2 + (ceiling / 2) * random;
}
