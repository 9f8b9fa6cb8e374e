// Gives ingest an event from quarantine again, as the next request of its sender would.
import type { RowError } from "@moose/core";
import type { AcceptEvents } from "../ingest/accept-events.ts";
import { OPEN_BRACE } from "../lib/json-bytes.ts";
import { MooseError } from "../model/errors.ts";
import { functionReplayStream } from "../model/manifest.ts";
import type { Readmission, Readmit, ReturningEvent } from "../quarantine/quarantine-desk.ts";

export interface ReadmitOptions {
  /** With a store of idempotency keys that outlive the entries. */
  readonly acceptEvents: AcceptEvents;
  readonly hasFunction: (name: string) => boolean;
}

export function createReadmit({ acceptEvents, hasFunction }: ReadmitOptions): Readmit {
  return async ({ key, model, stream, by, event, dryRun }) => {
    if (by !== undefined && !hasFunction(by)) return { outcome: "unknown_function" };
    const into = by === undefined ? undefined : { intoStream: functionReplayStream(by, stream) };
    try {
      await acceptEvents({
        model,
        body: event,
        format: formatOf(event),
        mode: dryRun ? "dry-run" : "atomic",
        throwRefused: true,
        idempotencyKey: key,
        ...into,
      });
      return { outcome: "accepted", stream: into?.intoStream ?? stream };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return refusal;
    }
  };
}

/** One event that is an array must not become several: only an object is read as JSON, which may have several lines. */
const formatOf = (event: ReturningEvent["event"]): "json" | "ndjson" =>
  event.find((byte) => byte > 0x20) === OPEN_BRACE ? "json" : "ndjson";

function refusalOf(error: unknown): Readmission | undefined {
  if (!(error instanceof MooseError)) return undefined;
  const { code, message, extra } = error;
  if (code === "rows_rejected") {
    const errors = (extra.errors as RowError[]).map(({ row, ...rest }) => rest);
    return { outcome: "refused", errors, reason: message };
  }
  if (code === "malformed_body" || code === "unknown_model" || code === "body_too_large") {
    return { outcome: "refused", errors: [], reason: message };
  }
  return undefined;
}
