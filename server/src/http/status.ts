// The HTTP status and title of each error code. A code without a status does not compile.
import type { ErrorCode } from "../model/errors.ts";

export const statusOf: Record<ErrorCode, number> = {
  malformed_body: 400,
  rows_rejected: 422,
  body_too_large: 413,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  invalid_parameter: 400,
  invalid_query: 400,
  invalid_message: 400,
  not_found: 404,
  method_not_allowed: 405,
  upgrade_required: 426,
  unknown_model: 404,
  unknown_query: 404,
  unknown_stream: 404,
  offset_trimmed: 410,
  unauthorized: 401,
  forbidden: 403,
  too_many_requests: 429,
  limit_exceeded: 429,
  slow_consumer: 429,
  idempotency_key_reused: 422,
  project_invalid: 500,
  config_invalid: 500,
  overloaded: 503,
  after_timeout: 504,
  query_timeout: 504,
  log_unavailable: 503,
  disk_full: 503,
  port_in_use: 500,
  data_folder_in_use: 500,
  fenced: 503,
  database_unavailable: 503,
  database_refused: 500,
  shutting_down: 503,
  server_unreachable: 502,
  internal: 500,
};

/** Seconds to wait when an error that mends itself does not say how long. */
export const defaultRetryAfterSeconds = 1;

const reasons: Readonly<Record<number, string>> = {
  101: "Switching Protocols",
  200: "OK",
  204: "No Content",
  207: "Multi-Status",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export const reasonOf = (status: number): string => reasons[status] ?? "Unknown";
