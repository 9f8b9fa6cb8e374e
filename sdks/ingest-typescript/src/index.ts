// Public API of the package: the only file others import.
export type { Clock } from "./clock.ts";
export { createIngest } from "./create-ingest.ts";
export {
  IngestDeliveryError,
  IngestError,
  type IngestErrorCode,
  IngestValidationError,
  isIngestError,
} from "./errors.ts";
export type { Ingest, IngestOptions, NoContext } from "./ingest.ts";
export type { AnyModel, CompiledModel, EventOf, ModelRef, SentEvent } from "./model-types.ts";
export type {
  Consent,
  Flushed,
  FlushOptions,
  IngestMetrics,
  IngestSettings,
  RejectedRow,
  RejectedRows,
  SendOptions,
} from "./options.ts";
export type { PageLifecycle, PageMoment } from "./page-lifecycle.ts";
export type { Attempt, AttemptHook, AttemptResult, Fetch, HeaderSource } from "./post-batch.ts";
export type { BeforeSend, EventContext, SamplingRule } from "./prepare-event.ts";
export type { Chunk, ChunkSize, EventQueue, QueueFactory, QueueSize, StoredChunk } from "./queue/event-queue.ts";
export { indexedDbQueue } from "./queue/indexeddb-queue.ts";
export { memoryQueue } from "./queue/memory-queue.ts";
export type { JoinPeers, PeerHandlers, PeerMessage, QueuePeers } from "./queue/queue-peers.ts";
export type { RetryPolicy } from "./retry-policy.ts";
