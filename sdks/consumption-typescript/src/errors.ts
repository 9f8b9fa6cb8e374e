// The one error class of the client, with a code that says what happened and whether trying again can help.

/** Codes made by the client itself; every other code is the server's, from its problem body. */
export type ClientErrorCode =
  | "connection_failed"
  | "timeout"
  | "deadline_exceeded"
  | "aborted"
  | "bad_reply"
  | "closed"
  | "no_web_socket"
  | "slow_reader";

export type ConsumptionErrorCode =
  | ClientErrorCode
  | "unknown_query"
  | "unknown_stream"
  | "invalid_query"
  | "invalid_parameter"
  | "invalid_message"
  | "unauthorized"
  | "forbidden"
  | "too_many_requests"
  | "limit_exceeded"
  | "slow_consumer"
  | "after_timeout"
  | "query_timeout"
  | "database_unavailable"
  | "overloaded"
  | "shutting_down"
  | "internal"
  | (string & {});

export interface ConsumptionErrorDetail {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryable?: boolean;
  readonly attempts?: number;
  readonly problem?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

const brand = Symbol.for("moose.ConsumptionError");

/** Thrown by every call of the client. Test with `isConsumptionError`, which holds across copies of the package. */
export class ConsumptionError extends Error {
  override readonly name = "ConsumptionError";
  readonly [brand] = true;
  readonly code: ConsumptionErrorCode;
  /** HTTP status, when the server answered. */
  readonly status: number | undefined;
  /** `x-request-id` of the answer: quote it when you report a problem. */
  readonly requestId: string | undefined;
  /** The same call may succeed later. */
  readonly retryable: boolean;
  /** Attempts made, the first included. */
  readonly attempts: number;
  /** The server's problem body (RFC 9457). */
  readonly problem: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ConsumptionErrorCode, message: string, detail: ConsumptionErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.status = detail.status;
    this.requestId = detail.requestId;
    this.retryable = detail.retryable ?? false;
    this.attempts = detail.attempts ?? 1;
    this.problem = detail.problem;
  }
}

/** Whether a caught value is an error of this client, whichever copy of the package made it. */
export function isConsumptionError(value: unknown): value is ConsumptionError {
  return typeof value === "object" && value !== null && (value as { [brand]?: unknown })[brand] === true;
}
