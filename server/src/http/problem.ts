// Turns whatever was thrown into an RFC 9457 problem; what is not a MooseError is a bug, and its text stays inside.
import type { Problem } from "@moose/openapi";
import { type ErrorCode, MooseError } from "../model/errors.ts";
import { defaultRetryAfterSeconds, statusOf } from "./status.ts";

export const PROBLEM_TYPE = "application/problem+json";

export interface ProblemReply {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: readonly (readonly [string, string])[];
}

const titleOf = (code: ErrorCode): string => {
  const words = code.replaceAll("_", " ");
  return words[0]!.toUpperCase() + words.slice(1);
};

export function toProblem(error: unknown, requestId: string): ProblemReply {
  const known =
    error instanceof MooseError
      ? error
      : new MooseError("internal", `The server failed. Its log says why under request id ${requestId}.`);
  const status = statusOf[known.code];
  const headers: [string, string][] = [];
  if (status === 429 || status === 503) {
    headers.push(["retry-after", String(Math.max(1, Math.ceil(known.retryAfterSeconds ?? defaultRetryAfterSeconds)))]);
  }
  const allow = known.extra.allow;
  if (known.code === "method_not_allowed" && Array.isArray(allow)) headers.push(["allow", allow.join(", ")]);
  if (known.code === "upgrade_required") headers.push(["upgrade", "websocket"]);
  return {
    status,
    headers,
    problem: {
      ...known.extra,
      type: `urn:moose:problem:${known.code}`,
      title: titleOf(known.code),
      status,
      code: known.code,
      detail: known.message,
      requestId,
    },
  };
}
