// Failures and operational errors of the server: one closed list of codes. A code without a status does not compile (http/status.ts).

/** failure: the caller can mend it. operational: the world broke. Anything else that is thrown is a bug. */
export const errorKinds = {
  // requests
  malformed_body: "failure",
  rows_rejected: "failure",
  body_too_large: "failure",
  unsupported_media_type: "failure",
  unsupported_encoding: "failure",
  invalid_parameter: "failure",
  invalid_query: "failure",
  invalid_message: "failure",
  not_found: "failure",
  method_not_allowed: "failure",
  upgrade_required: "failure",
  unknown_model: "failure",
  unknown_query: "failure",
  unknown_stream: "failure",
  offset_trimmed: "failure",
  unauthorized: "failure",
  forbidden: "failure",
  too_many_requests: "failure",
  limit_exceeded: "failure",
  slow_consumer: "failure",
  idempotency_key_reused: "failure",
  // project and configuration
  project_invalid: "failure",
  config_invalid: "failure",
  // the world
  overloaded: "operational",
  after_timeout: "operational",
  query_timeout: "operational",
  log_unavailable: "operational",
  disk_full: "operational",
  port_in_use: "operational",
  data_folder_in_use: "operational",
  fenced: "operational",
  database_unavailable: "operational",
  database_refused: "operational",
  shutting_down: "operational",
  server_unreachable: "operational",
  internal: "operational",
} as const satisfies Record<string, "failure" | "operational">;

export type ErrorCode = keyof typeof errorKinds;

export interface ErrorDetail {
  /** What the reader may see beside the message: extension members of the problem body. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** The message says what, which value, and what to do; it never holds a secret, SQL or a stack. */
export class MooseError extends Error {
  override readonly name = "MooseError";
  readonly code: ErrorCode;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.extra = detail.extra ?? {};
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}
