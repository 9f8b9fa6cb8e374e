// What a client can be told, what it tells back, and the defaults.
import type { RowError, WasmSource } from "@moose/core";
import type { Clock } from "./clock.ts";
import type { IngestDeliveryError } from "./errors.ts";
import type { PageLifecycle } from "./page-lifecycle.ts";
import type { AttemptHook, Fetch, HeaderSource } from "./post-batch.ts";
import type { BeforeSend, SamplingRule } from "./prepare-event.ts";
import type { QueueFactory } from "./queue/event-queue.ts";
import type { JoinPeers } from "./queue/queue-peers.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** `pending`: events are held in memory, neither stored nor sent. `denied`: they are not taken, and what was held or stored is erased. */
export type Consent = "granted" | "pending" | "denied";

export interface IngestSettings {
  /** Where the server is: "http://localhost:4000". */
  readonly url: string;
  /** Sent with every request; a function is asked before each, so that a token can be renewed. */
  readonly headers?: HeaderSource;
  /** Where events wait: default IndexedDB in pages, memory elsewhere; `fileQueue(path)` from "@moose/ingest/node". */
  readonly queue?: QueueFactory;
  /** A batch is closed when it holds so many events … */
  readonly maxBatchEvents?: number;
  /** … or so many bytes … */
  readonly maxBatchBytes?: number;
  /** … or when its first event has waited so long. Default 50, in pages 1000. */
  readonly maxBatchAgeMs?: number;
  /** Bytes that may wait; beyond them `whenFull` decides. */
  readonly maxQueueBytes?: number;
  /**
   * "wait": send resolves when there is room again. "reject": it fails with `queue_full`. "shed" (the default in pages): the oldest events go, those of `shedFirst` before all others, and are
   * counted in `metrics.shedEvents`.
   */
  readonly whenFull?: "wait" | "reject" | "shed";
  /** Names of models whose events are shed before all others, in this order. */
  readonly shedFirst?: readonly string[];
  /** How long a send waits for room, then fails with `queue_full`. */
  readonly sendTimeoutMs?: number;
  /** Batches on the way at the same time. With 1, events are stored in the order they were sent. */
  readonly concurrency?: number;
  /** An attempt without an answer ends, and is retried, after this. */
  readonly attemptTimeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Bodies from 1 KiB on; default "gzip", where the platform has CompressionStream. */
  readonly compression?: "gzip" | "none";
  /** By the model's name: which share of its events is sent, and the field that records it. */
  readonly sampling?: Readonly<Record<string, SamplingRule>>;
  /** The last word on each event, after sampling and context, before it is checked: another event, or null for none. */
  readonly beforeSend?: BeforeSend;
  /** Default "granted"; see `setConsent`. */
  readonly consent?: Consent;
  /** A batch was given up (its events are in `error.ndjson`), or its credentials are refused (`unauthorized`: it is kept). Default: one line on the console. */
  readonly onError?: (error: IngestDeliveryError) => void;
  /** The server refused rows. Rare, since rows are validated before they are sent: the server's model is another one. Default: one line on the console. */
  readonly onRejected?: (rejected: RejectedRows) => void;
  /** The core's module, for runtimes that bring their own: `@moose/ingest/core.wasm` as bytes, response or WebAssembly.Module. */
  readonly wasm?: WasmSource | Promise<WasmSource>;
  /** For tracing: see `Attempt`. */
  readonly onAttempt?: AttemptHook;
  /** For tests and for other runtimes. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** In [0, 1): the jitter of retries, and sampling. */
  readonly random?: () => number;
  readonly page?: PageLifecycle;
  readonly joinPeers?: JoinPeers;
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
  /** Pass it as `after` to a query to see every event that was sent. Undefined when no batch was answered lately. */
  readonly position: string | undefined;
}

/** Counted since the client was created, except what is queued now. Of several pages that share a queue, delivery is counted where it happens. */
export interface IngestMetrics {
  /** Of all clients that share the queue. */
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
  /** Dropped by `whenFull: "shed"`. */
  readonly shedEvents: number;
  /** Not sent by the rule of `sampling`. */
  readonly sampledOutEvents: number;
  /** Not sent because `beforeSend` returned null. */
  readonly droppedEvents: number;
  /** Not taken, or erased, for want of consent. */
  readonly withheldEvents: number;
  readonly retries: number;
}

export const defaults = {
  maxBatchEvents: 1000,
  maxBatchBytes: 512 * 1024,
  maxBatchAgeMs: 50,
  pageBatchAgeMs: 1000,
  maxQueueBytes: 16 * 1024 * 1024,
  concurrency: 4,
  sendTimeoutMs: 600_000,
  attemptTimeoutMs: 30_000,
  flushTimeoutMs: 60_000,
  closeTimeoutMs: 30_000,
} as const;

/** Sends that wait at the same time; the next one fails with `queue_full` at once. */
export const MAX_WAITING_SENDS = 10_000;

/** What happens to a lost batch that nobody asked about: a line that says so. */
export function reportError(error: IngestDeliveryError): void {
  console.error(`moose: ${error.message}`);
}

export function reportRejected({ model, rejected, rows }: RejectedRows): void {
  const first = rows[0]?.errors[0];
  const why = first ? `, first: ${first.path} ${first.code}, expected ${first.expected}` : "";
  console.error(`moose: the server refused ${rejected} events of ${model}${why}`);
}
