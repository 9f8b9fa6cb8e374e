// What the SDK throws and reports. Recognise errors with isIngestError and `code`, not instanceof: two copies of the package agree on the brand.
import type { RowError } from "@moose/core";

/*
 * IngestError
 * ├── IngestValidationError   validation_failed
 * └── IngestDeliveryError     delivery_refused | delivery_failed | unauthorized
 */
export type IngestErrorCode =
  /** The core refused the event; nothing was queued. */
  | "validation_failed"
  /** The model is not among those the client was created with. */
  | "unknown_model"
  /** The event alone is larger than a batch may be. */
  | "event_too_large"
  /** The queue is full and `whenFull` is "reject", or room did not come within the limit. */
  | "queue_full"
  /** The client is closed. */
  | "closed"
  /** The caller's signal aborted the wait; queued events are still delivered. */
  | "aborted"
  /** flush or close did not finish within its limit. */
  | "timed_out"
  /** The server will never take the batch (4xx). */
  | "delivery_refused"
  /** The batch could not be delivered before it was given up. */
  | "delivery_failed"
  /** The server refuses our credentials (401, 403). The events are kept and tried again; told once, until they are taken. */
  | "unauthorized"
  /** The durable queue could not be read or written; the events of the call are not queued. */
  | "queue_failed"
  /** An option does not fit the models. */
  | "invalid_option"
  /** The WebAssembly core could not be loaded. */
  | "core_unavailable";

const BRAND = Symbol.for("moose.ingest.error");

export interface IngestErrorDetail {
  readonly requestId?: string | undefined;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

export class IngestError extends Error {
  override readonly name: string = "IngestError";
  readonly [BRAND] = true;
  readonly code: IngestErrorCode;
  /** The server's id of the last request, when there was one. */
  readonly requestId: string | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: IngestErrorCode, message: string, detail: IngestErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.requestId = detail.requestId;
    this.retryable = detail.retryable ?? false;
  }
}

/** The event, or one of the events of sendMany, does not fit the model. Nothing of the call was queued. */
export class IngestValidationError extends IngestError {
  override readonly name = "IngestValidationError";
  readonly model: string;
  /** Every violation; `row` is the index in the call. */
  readonly errors: readonly RowError[];

  constructor(model: string, errors: readonly RowError[]) {
    super("validation_failed", describeViolations(model, errors));
    this.model = model;
    this.errors = errors;
  }
}

/** A batch that was not delivered. Its events are in `ndjson`, so that the app can keep them. */
export class IngestDeliveryError extends IngestError {
  override readonly name = "IngestDeliveryError";
  readonly model: string;
  readonly events: number;
  readonly ndjson: Uint8Array;
  /** HTTP status of the last reply; undefined when none arrived. */
  readonly status: number | undefined;
  /** `code` of the server's problem body. */
  readonly problemCode: string | undefined;
  readonly attempts: number;

  constructor(
    code: IngestErrorCode,
    message: string,
    lost: {
      model: string;
      events: number;
      ndjson: Uint8Array;
      attempts: number;
      status?: number | undefined;
      problemCode?: string | undefined;
    },
    detail: IngestErrorDetail = {},
  ) {
    super(code, message, detail);
    this.model = lost.model;
    this.events = lost.events;
    this.ndjson = lost.ndjson;
    this.attempts = lost.attempts;
    this.status = lost.status;
    this.problemCode = lost.problemCode;
  }
}

export function isIngestError(error: unknown): error is IngestError {
  return typeof error === "object" && error !== null && BRAND in error;
}

function describeViolations(model: string, errors: readonly RowError[]): string {
  const first = errors[0];
  if (!first) return `The event does not fit the model ${model}.`;
  const got = first.got === "" ? "" : `, got ${first.got}`;
  const others = errors.length === 1 ? "" : ` (and ${errors.length - 1} more)`;
  return `The event does not fit the model ${model}: row ${first.row} ${first.path || "/"} ${first.code}: expected ${first.expected}${got}${others}.`;
}
