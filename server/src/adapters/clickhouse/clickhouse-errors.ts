// What went wrong in ClickHouse or on the way to it, in the server's own codes. Pure.
import { ClickHouseError } from "@clickhouse/client";
import { type ErrorCode, MooseError } from "../../model/errors.ts";

/** The code 252 has two meanings: merges are behind, which passes, and a block with rows of too many table partitions, which does not. */
const tooManyPartitions = /too many partitions for single insert block/i;

/** ClickHouse exception codes after which the same call may succeed later. Every other code is a refusal. */
const unavailableCodes: ReadonlySet<string> = new Set([
  "3", // UNEXPECTED_END_OF_FILE: the body was cut
  "159", // TIMEOUT_EXCEEDED
  "193", // WRONG_PASSWORD
  "194", // REQUIRED_PASSWORD
  "202", // TOO_MANY_SIMULTANEOUS_QUERIES
  "209", // SOCKET_TIMEOUT
  "210", // NETWORK_ERROR
  "236", // ABORTED
  "241", // MEMORY_LIMIT_EXCEEDED
  "242", // TABLE_IS_READ_ONLY
  "243", // NOT_ENOUGH_SPACE
  "252", // TOO_MANY_PARTS
  "319", // UNKNOWN_STATUS_OF_INSERT
  "394", // QUERY_WAS_CANCELLED
  "439", // CANNOT_SCHEDULE_TASK
  "499", // S3_ERROR
  "516", // AUTHENTICATION_FAILED
  "999", // KEEPER_EXCEPTION
]);

const lost: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_SOCKET",
]);

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && lost.has(code)) return code;
  if (/socket hang up|premature close|aborted/i.test(error.message)) return "ECONNRESET";
  return error.cause === undefined ? undefined : systemCode(error.cause);
}

export function isConnectionLost(error: unknown): boolean {
  return !(error instanceof ClickHouseError) && systemCode(error) !== undefined;
}

/** Nothing of the request can have arrived. */
export function neverReached(error: unknown): boolean {
  return (
    !(error instanceof ClickHouseError) && ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"].includes(systemCode(error) ?? "")
  );
}

export function isMissingDatabase(error: unknown): boolean {
  return error instanceof ClickHouseError && error.code === "81";
}

/**
 * The last words of a refusal when a materialized view refused what its table would take. A value of an event that says the same stands in
 * quotes, so it cannot be the end.
 */
const pushingToView = /: while pushing to view [^']+\.\s*$/;

/** The message names no SQL; the cause does. `extra.clickhouseCode` is ClickHouse's own number, `extra.inView` stands there when it was a view that refused. */
export function translateError(error: unknown): MooseError {
  if (error instanceof MooseError) return error;
  if (!(error instanceof ClickHouseError)) {
    const code = systemCode(error) ?? "";
    return new MooseError(
      "database_unavailable",
      `ClickHouse cannot be reached${code && ` (${code})`}. Is it running?`,
      {
        cause: error,
        retryAfterSeconds: 1,
      },
    );
  }
  const name = error.type ?? "unknown";
  const inView = pushingToView.test(error.message) ? { inView: true } : {};
  const extra = { clickhouseCode: Number(error.code), clickhouseError: name, ...inView };
  const refused = tooManyPartitions.test(error.message);
  const { code, message } = meaning(error.code, name, refused);
  return new MooseError(code, message, {
    cause: error,
    extra,
    ...(code === "database_unavailable" ? { retryAfterSeconds: 1 } : {}),
  });
}

function meaning(clickHouseCode: string, name: string, refused: boolean): { code: ErrorCode; message: string } {
  switch (clickHouseCode) {
    case "159":
      return {
        code: "query_timeout",
        message: "The query took longer than it may. Ask for less, or for a shorter time.",
      };
    case "396":
      return {
        code: "limit_exceeded",
        message: "The result has more rows than one answer may have. Ask for fewer with limit.",
      };
    case "193":
    case "194":
    case "516":
      return {
        code: "database_unavailable",
        message: `ClickHouse refuses the user name or password (${name}). Check clickhouse.username and clickhouse.password.`,
      };
    default:
      return unavailableCodes.has(clickHouseCode) && !refused
        ? { code: "database_unavailable", message: `ClickHouse cannot serve this now (${clickHouseCode} ${name}).` }
        : { code: "database_refused", message: `ClickHouse refused the statement (${clickHouseCode} ${name}).` };
  }
}
