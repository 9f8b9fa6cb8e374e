// What an app is told of a batch: the error when it was not delivered, and the rows that the server refused. Pure.
import { type Batch, rowTexts } from "./batch.ts";
import { IngestDeliveryError, type IngestErrorCode } from "./errors.ts";
import type { RejectedRow, RejectedRows } from "./options.ts";
import type { IngestReply, Outcome } from "./post-batch.ts";

export type FailedOutcome = Outcome & { readonly kind: "failed" };

export function deliveryError(
  batch: Batch,
  code: IngestErrorCode,
  reason: string,
  outcome?: FailedOutcome,
): IngestDeliveryError {
  const { model, events, body: ndjson, attempts } = batch;
  const message = `${events} events of ${model} were not delivered after ${attempts} attempts: ${reason}.`;
  return new IngestDeliveryError(
    code,
    message,
    { model, events, ndjson, attempts, status: outcome?.status, problemCode: outcome?.problemCode },
    { requestId: outcome?.requestId, retryable: code !== "delivery_refused", cause: outcome?.cause },
  );
}

export function rejectedRows(batch: Batch, reply: IngestReply, requestId: string | undefined): RejectedRows {
  const texts = rowTexts(batch.body, new Set(reply.errors.map((error) => error.row)));
  const rows: RejectedRow[] = [];
  for (const [row, text] of texts) rows.push({ text, errors: reply.errors.filter((error) => error.row === row) });
  return { model: batch.model, rejected: reply.rejected, rows, requestId };
}
