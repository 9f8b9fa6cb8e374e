// When a batch is tried again, and how long it waits: pure, the loop that applies it is in delivery.ts.

export interface RetryPolicy {
  /** Longest wait before the first retry; it doubles with each one. */
  readonly firstDelayMs: number;
  /** Longest wait of all, a server's Retry-After included. */
  readonly maxDelayMs: number;
  /** A batch older than this is given up and handed to `onError`. */
  readonly giveUpAfterMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { firstDelayMs: 250, maxDelayMs: 30_000, giveUpAfterMs: 600_000 };

/** What the server (or the way to it) said about an attempt that did not succeed. */
export interface FailedAttempt {
  /** Undefined when no reply arrived. */
  readonly status?: number;
  readonly headers?: { get(name: string): string | null };
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);

/** No reply, 408, 425, 429 and 5xx are tried again; `x-moose-should-retry` overrides. */
export function isRetryable(attempt: FailedAttempt): boolean {
  const said = attempt.headers?.get("x-moose-should-retry");
  if (said === "true") return true;
  if (said === "false") return false;
  return attempt.status === undefined || attempt.status >= 500 || RETRYABLE_STATUS.has(attempt.status);
}

/** Wait before attempt number `attempts + 1`: what the server asks for plus up to a quarter, else full jitter over a doubling span. */
export function retryDelayMs(
  policy: RetryPolicy,
  attempts: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  if (retryAfterMs !== undefined) return Math.min(policy.maxDelayMs, retryAfterMs * (1 + random() / 4));
  return random() * Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.min(attempts - 1, 30));
}

/** `retry-after-ms`, or `retry-after` in seconds or as an HTTP date. Undefined when there is none that can be read. */
export function parseRetryAfterMs(headers: FailedAttempt["headers"], nowMs: number): number | undefined {
  const ms = headers?.get("retry-after-ms");
  if (ms != null && /^\d+(\.\d+)?$/.test(ms)) return Number(ms);
  const after = headers?.get("retry-after");
  if (after == null) return undefined;
  if (/^\d+(\.\d+)?$/.test(after)) return Number(after) * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
