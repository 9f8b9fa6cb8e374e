// When a failed attempt is made again, and after which pause. Pure.

const firstPauseMs = 250;
const maxPauseMs = 8_000;
const maxServerPauseMs = 60_000;

/** Statuses after which the same request may succeed later. */
export const isRetryableStatus = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Full jitter: uniform between 0 and the doubling bound, so that many clients spread out. */
export function jitteredPauseMs(attempt: number, random: () => number, longestMs = maxPauseMs): number {
  return random() * Math.min(longestMs, firstPauseMs * 2 ** Math.min(attempt, 20));
}

/** `Retry-After` as seconds or a date, capped at a minute; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  const pauseMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(pauseMs) ? Math.min(Math.max(0, pauseMs), maxServerPauseMs) : undefined;
}
