// Builds the server's messages as text; the parts that many subscribers share are encoded once and spliced behind each one's id.
import type { Problem } from "@moose/openapi";
import { type ErrorCode, errorKinds, MooseError } from "../model/errors.ts";

export const ready = (session: string, heartbeatMs: number): string =>
  JSON.stringify({ type: "ready", session, heartbeatMs });
export const ping = '{"type":"ping"}';
export const pong = '{"type":"pong"}';

/** The beginning of every message of one subscription and kind; the shared body, without its "{", is spliced behind it. */
const head = (type: string, id: string): string => `{"type":"${type}","id":${JSON.stringify(id)},`;

export const snapshot = (id: string, body: string): string => head("snapshot", id) + body;
export const delta = (id: string, body: string): string => head("delta", id) + body;
export const events = (id: string, body: string): string => head("events", id) + body;
export const resumed = (id: string, recovered: boolean): string => `${head("resumed", id)}"recovered":${recovered}}`;
export const complete = (id: string): string => JSON.stringify({ type: "complete", id });

export const snapshotBody = (header: string, rows: Iterable<string>, position: string): string =>
  `${header},"rows":[${[...rows].join(",")}],"position":"${position}"}`;

export const deltaBody = (upsert: Iterable<string>, remove: Iterable<string>, position: string): string =>
  `"upsert":[${[...upsert].join(",")}],"remove":[${[...remove].join(",")}],"position":"${position}"}`;

/** `rows`: the text of a JSON array. */
export const eventsBody = (rows: string, position: string): string => `"rows":${rows},"position":"${position}"}`;

export const failure = (thrown: unknown, id?: string): string =>
  JSON.stringify({ type: "error", ...(id === undefined ? {} : { id }), problem: toProblem(thrown) });

/** Bugs show as `internal`, without their message. */
export function toProblem(thrown: unknown): Problem {
  const error =
    thrown instanceof MooseError
      ? thrown
      : new MooseError("internal", "The server failed; the log of the server says why.");
  return {
    ...error.extra,
    type: "about:blank",
    title: error.code.replaceAll("_", " "),
    status: statusOf(error.code),
    code: error.code,
    detail: error.message,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
  };
}

function statusOf(code: ErrorCode): number {
  if (code === "unknown_query" || code === "unknown_stream" || code === "unknown_model") return 404;
  if (code === "too_many_requests" || code === "limit_exceeded") return 429;
  if (code === "unauthorized") return 401;
  if (code === "forbidden") return 403;
  if (code === "internal") return 500;
  return errorKinds[code] === "failure" ? 400 : 503;
}
