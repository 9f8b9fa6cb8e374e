// Public API of the package: the only file others import.
export type { Clock } from "./clock.ts";
export {
  IngestDeliveryError,
  IngestError,
  type IngestErrorCode,
  IngestValidationError,
  isIngestError,
} from "./errors.ts";
export { createIngest, type Ingest, type IngestOptions } from "./ingest.ts";
export type { AnyModel, EventOf, ModelRef } from "./model-types.ts";
export type {
  Flushed,
  FlushOptions,
  IngestMetrics,
  IngestSettings,
  RejectedRow,
  RejectedRows,
  SendOptions,
} from "./options.ts";
export type { PageLifecycle } from "./page-lifecycle.ts";
export type { Fetch } from "./post-batch.ts";
export type { RetryPolicy } from "./retry-policy.ts";
