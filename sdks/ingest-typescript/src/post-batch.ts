// One attempt to deliver one batch over HTTP: what is sent, and what its outcome means.
import type { RowError } from "@moose/core";
import { type Batch, eventIds } from "./batch.ts";
import { gzip, LEAST_COMPRESSED_BYTES } from "./compress.ts";
import type { FailedAttempt } from "./retry-policy.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

type Headers = Readonly<Record<string, string>>;
/** Asked before each attempt, so that a token can be renewed. */
export type HeaderSource = Headers | (() => Headers | Promise<Headers>);

/** Reply body of the ingest route (PROTOCOL: ingest). */
export interface IngestReply {
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly errors: readonly RowError[];
  readonly errorsTruncated: boolean;
  readonly position?: string;
}

export type Outcome =
  /** The server took the batch and answered for each row, even if it refused all of them. */
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly reply: IngestReply;
      readonly requestId: string | undefined;
    }
  | ({
      readonly kind: "failed";
      readonly reason: string;
      readonly requestId: string | undefined;
      readonly problemCode: string | undefined;
      readonly cause?: unknown;
    } & FailedAttempt);

/** An attempt as a tracing library sees it. */
export interface Attempt {
  readonly model: string;
  readonly url: string;
  readonly events: number;
  /** Of the body, before compression. */
  readonly bytes: number;
  /** From 1. */
  readonly attempt: number;
  readonly idempotencyKey: string;
  /** Of the request: the hook may add its own, such as `traceparent`. */
  readonly headers: Record<string, string>;
}

/** How an attempt ended. */
export interface AttemptResult {
  /** Undefined when no reply arrived. */
  readonly status: number | undefined;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Why the batch was not taken; undefined when it was. */
  readonly failure: string | undefined;
  readonly requestId: string | undefined;
}

/** Called before each attempt; what it returns is called when the attempt has ended. */
export type AttemptHook = (attempt: Attempt) => ((result: AttemptResult) => void) | undefined;

export interface PostSettings {
  readonly fetch: Fetch;
  readonly baseUrl: string;
  readonly headers: HeaderSource;
  readonly compression: "gzip" | "none";
  readonly onAttempt: AttemptHook | undefined;
}

export interface PostOptions extends PostSettings {
  readonly signal?: AbortSignal;
  /** The request outlives the page: at most 64 KiB together, and no time to compress them. */
  readonly keepalive?: boolean;
}

/** Never throws, unless a hook does: a lost connection is an outcome like others. */
export async function postBatch(batch: Batch, options: PostOptions): Promise<Outcome> {
  const url = `${options.baseUrl}/ingest/${encodeURIComponent(batch.model)}/${encodeURIComponent(batch.version)}`;
  const headers: Record<string, string> = {};
  const ended = options.onAttempt?.({
    model: batch.model,
    url,
    events: batch.events,
    bytes: batch.body.length,
    attempt: batch.attempts,
    idempotencyKey: batch.key,
    headers,
  });
  const outcome = await request(batch, url, headers, options);
  ended?.(resultOf(outcome));
  return outcome;
}

async function request(batch: Batch, url: string, hooked: Headers, options: PostOptions): Promise<Outcome> {
  let response: Response;
  let body: unknown;
  try {
    const own = typeof options.headers === "function" ? await options.headers() : options.headers;
    const compressed =
      options.compression === "gzip" && !options.keepalive && batch.body.length >= LEAST_COMPRESSED_BYTES
        ? await gzip(batch.body)
        : undefined;
    response = await options.fetch(url, {
      method: "POST",
      headers: {
        ...own,
        ...hooked,
        "content-type": "application/x-ndjson",
        "idempotency-key": batch.key,
        "moose-event-ids": eventIds(batch),
        ...(compressed && { "content-encoding": "gzip" }),
      },
      body: (compressed ?? batch.body) as Uint8Array<ArrayBuffer>,
      ...(options.signal && { signal: options.signal }),
      ...(options.keepalive && { keepalive: true }),
    });
    body = parseJson(await response.text());
  } catch (cause) {
    const reason = options.signal?.aborted ? "the attempt took too long" : "no reply arrived";
    return { kind: "failed", reason, requestId: undefined, problemCode: undefined, cause };
  }
  const { status } = response;
  const requestId = response.headers.get("x-request-id") ?? undefined;
  if (isIngestReply(body)) return { kind: "answered", status, reply: body, requestId };
  const { headers } = response;
  if (response.ok) {
    // A captive portal or a proxy's page.
    const reason = `the reply (HTTP ${status}) is not an ingest reply; is ${options.baseUrl} a Moose server?`;
    return { kind: "failed", reason, requestId, problemCode: undefined, status, headers };
  }
  const problem = (typeof body === "object" && body !== null ? body : {}) as { code?: unknown; detail?: unknown };
  const problemCode = typeof problem.code === "string" ? problem.code : undefined;
  const detail = typeof problem.detail === "string" ? `: ${problem.detail}` : "";
  const reason = `HTTP ${status}${problemCode ? ` ${problemCode}` : ""}${detail}`;
  return { kind: "failed", reason, requestId, problemCode, status, headers };
}

function resultOf(outcome: Outcome): AttemptResult {
  const { accepted, rejected, duplicates } = outcome.kind === "answered" ? outcome.reply : nothing;
  const failure = outcome.kind === "answered" ? undefined : outcome.reason;
  return { status: outcome.status, accepted, rejected, duplicates, failure, requestId: outcome.requestId };
}

const nothing = { accepted: 0, rejected: 0, duplicates: 0 };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isIngestReply(body: unknown): body is IngestReply {
  if (typeof body !== "object" || body === null) return false;
  const reply = body as Partial<IngestReply>;
  return typeof reply.accepted === "number" && typeof reply.rejected === "number" && Array.isArray(reply.errors);
}
