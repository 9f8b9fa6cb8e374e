// One attempt to deliver one batch over HTTP: what was sent, and what its outcome means.
import type { RowError } from "@moose/core";
import { type Batch, eventIds } from "./batch.ts";
import type { FailedAttempt } from "./retry-policy.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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
  | { readonly kind: "answered"; readonly reply: IngestReply; readonly requestId: string | undefined }
  | ({
      readonly kind: "failed";
      readonly reason: string;
      readonly requestId: string | undefined;
      readonly problemCode: string | undefined;
      readonly cause?: unknown;
    } & FailedAttempt);

export interface PostOptions {
  readonly fetch: Fetch;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** The request outlives the page: at most 64 KiB together. */
  readonly keepalive?: boolean;
}

/** Never throws: a lost connection is an outcome like others. */
export async function postBatch(batch: Batch, options: PostOptions): Promise<Outcome> {
  const url = `${options.baseUrl}/ingest/${encodeURIComponent(batch.model)}/${encodeURIComponent(batch.version)}`;
  let response: Response;
  let body: unknown;
  try {
    response = await options.fetch(url, {
      method: "POST",
      headers: {
        ...options.headers,
        "content-type": "application/x-ndjson",
        "idempotency-key": batch.key,
        "moose-event-ids": eventIds(batch),
      },
      body: batch.body as Uint8Array<ArrayBuffer>,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.keepalive ? { keepalive: true } : {}),
    });
    const text = await response.text();
    body = parseJson(text);
  } catch (cause) {
    const reason = options.signal?.aborted ? "the attempt took too long" : "no reply arrived";
    return { kind: "failed", reason, requestId: undefined, problemCode: undefined, cause };
  }
  const requestId = response.headers.get("x-request-id") ?? undefined;
  if (isIngestReply(body)) return { kind: "answered", reply: body, requestId };
  if (response.ok) {
    // A 2xx that is not Moose's: a captive portal or a proxy's page. The batch is not stored.
    const reason = `the reply (HTTP ${response.status}) is not an ingest reply; is ${options.baseUrl} a Moose server?`;
    return { kind: "failed", reason, requestId, problemCode: undefined };
  }
  const problem = (typeof body === "object" && body !== null ? body : {}) as { code?: unknown; detail?: unknown };
  const problemCode = typeof problem.code === "string" ? problem.code : undefined;
  const detail = typeof problem.detail === "string" ? `: ${problem.detail}` : "";
  return {
    kind: "failed",
    reason: `HTTP ${response.status}${problemCode ? ` ${problemCode}` : ""}${detail}`,
    requestId,
    problemCode,
    status: response.status,
    headers: response.headers,
  };
}

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
