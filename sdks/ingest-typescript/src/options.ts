// What a client can be told, what it tells back, and the defaults.
import type { RowError } from "@moose/core";
import type { Clock } from "./clock.ts";
import type { IngestDeliveryError } from "./errors.ts";
import type { PageLifecycle } from "./page-lifecycle.ts";
import type { Fetch } from "./post-batch.ts";
import type { RetryPolicy } from "./retry-policy.ts";

export interface IngestSettings {
  /** Where the server is: "http://localhost:4000". */
  readonly url: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A batch is closed when it holds so many events … */
  readonly maxBatchEvents?: number;
  /** … or so many bytes … */
  readonly maxBatchBytes?: number;
  /** … or when its first event has waited so long. */
  readonly maxBatchAgeMs?: number;
  /** Bytes that may be queued or on the way; beyond them `whenFull` decides. */
  readonly maxQueueBytes?: number;
  /** "wait": send resolves when there is room again; "reject": it fails with `queue_full`. */
  readonly whenFull?: "wait" | "reject";
  /** How long a send waits for room, then fails with `queue_full`. */
  readonly sendTimeoutMs?: number;
  /** Batches on the way at the same time. With 1, events are stored in the order they were sent. */
  readonly concurrency?: number;
  /** An attempt without an answer ends, and is retried, after this. */
  readonly attemptTimeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** A batch was given up; its events are in `error.ndjson`. Default: one line on the console. */
  readonly onError?: (error: IngestDeliveryError) => void;
  /** The server refused rows. Rare, since rows are validated before they are sent: the server's model is another one. Default: one line on the console. */
  readonly onRejected?: (rejected: RejectedRows) => void;
  /** For tests and for other runtimes. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** In [0, 1): the jitter of retries. */
  readonly random?: () => number;
  readonly page?: PageLifecycle;
}

/** Rows of one batch that the server refused. */
export interface RejectedRows {
  readonly model: string;
  /** How many; more than `rows.length` when the server did not describe all. */
  readonly rejected: number;
  readonly rows: readonly RejectedRow[];
  readonly requestId: string | undefined;
}

export interface RejectedRow {
  /** The event as JSON text. */
  readonly text: string;
  readonly errors: readonly RowError[];
}

export interface SendOptions {
  /** Ends the wait for room in the queue. */
  readonly signal?: AbortSignal;
}

export interface FlushOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface Flushed {
  /** Pass it as `after` to a query to see every event that was sent. Undefined when no batch was answered yet. */
  readonly position: string | undefined;
}

/** Counted since the client was created, except what is queued now. */
export interface IngestMetrics {
  readonly queuedEvents: number;
  readonly queuedBytes: number;
  readonly batchesUnderWay: number;
  /** Acknowledged by the server: durable. */
  readonly sentEvents: number;
  /** Refused by the core here, or by the server. */
  readonly rejectedEvents: number;
  /** Acknowledged as stored before: an earlier attempt had arrived though its answer was lost. */
  readonly duplicateEvents: number;
  /** Given up; each was handed to `onError`. */
  readonly lostEvents: number;
  readonly retries: number;
}

export const defaults = {
  maxBatchEvents: 1000,
  maxBatchBytes: 512 * 1024,
  maxBatchAgeMs: 50,
  maxQueueBytes: 16 * 1024 * 1024,
  whenFull: "wait",
  concurrency: 4,
  sendTimeoutMs: 600_000,
  attemptTimeoutMs: 30_000,
  flushTimeoutMs: 60_000,
  closeTimeoutMs: 30_000,
} as const;

/** What happens to a lost batch that nobody asked about: a line that says so. */
export function reportError(error: IngestDeliveryError): void {
  console.error(`moose: ${error.message}`);
}

export function reportRejected({ model, rejected, rows }: RejectedRows): void {
  const first = rows[0]?.errors[0];
  const why = first ? `, first: ${first.path} ${first.code}, expected ${first.expected}` : "";
  console.error(`moose: the server refused ${rejected} events of ${model}${why}`);
}
