// What follows from an attempt, and how long the next one waits: pure, the loop that applies it is in batch-attempts.ts.

export interface RetryPolicy {
  /** Longest wait before the first retry; it doubles with each one. */
  readonly firstDelayMs: number;
  /** Longest wait that is chosen here. */
  readonly maxDelayMs: number;
  /** Longest wait that a server's Retry-After can ask for. */
  readonly maxRetryAfterMs: number;
  /** A batch that was tried for longer is given up and handed to `onError`. Default: never; it is the queue that has a bound. */
  readonly giveUpAfterMs: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  firstDelayMs: 250,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 300_000,
  giveUpAfterMs: Number.POSITIVE_INFINITY,
};

/** What the server (or the way to it) said about an attempt that did not succeed. */
export interface FailedAttempt {
  /** Undefined when no reply arrived. */
  readonly status?: number;
  readonly headers?: { get(name: string): string | null };
}

/**
 * - retry: the same bytes under the same key, later.
 * - hold: the same, and the app is told: its credentials are refused.
 * - split: in halves, at once.
 * - refuse: never; the events are lost and the app is told.
 */
export type RetryAction = "retry" | "hold" | "split" | "refuse";

const ACTIONS: Readonly<Record<number, RetryAction>> = {
  401: "hold",
  403: "hold",
  408: "retry",
  413: "split",
  425: "retry",
  429: "retry",
};

/** `x-moose-should-retry` overrides what the status says. A 2xx that is no ingest reply comes from something between: the batch is not stored. */
export function actionAfter({ status, headers }: FailedAttempt): RetryAction {
  const said = headers?.get("x-moose-should-retry");
  if (said === "true") return "retry";
  if (said === "false") return "refuse";
  if (status === undefined || status >= 500 || (status >= 200 && status < 300)) return "retry";
  return ACTIONS[status] ?? "refuse";
}

/** Wait before attempt number `attempts + 1`: what the server asks for plus up to a quarter, else full jitter over a doubling span. */
export function retryDelayMs(
  policy: RetryPolicy,
  attempts: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  if (retryAfterMs !== undefined) return Math.min(policy.maxRetryAfterMs, retryAfterMs * (1 + random() / 4));
  return random() * Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.min(attempts - 1, 30));
}

/** `retry-after-ms`, or `retry-after` in seconds or as an HTTP date. Undefined when there is none that can be read. */
export function parseRetryAfterMs(headers: FailedAttempt["headers"], nowMs: number): number | undefined {
  const ms = headers?.get("retry-after-ms");
  if (ms != null && NUMBER.test(ms)) return Number(ms);
  const after = headers?.get("retry-after");
  if (after == null) return undefined;
  if (NUMBER.test(after)) return Number(after) * 1000;
  // Date.parse takes much that is no date of HTTP, such as "-5".
  const date = after.endsWith(" GMT") ? Date.parse(after) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

const NUMBER = /^\d+(\.\d+)?$/;
