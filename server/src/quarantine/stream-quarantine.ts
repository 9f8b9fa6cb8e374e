// The quarantine in the stream `_quarantine`: durable there, and moved into its table by the table writer like any other event.
import type { ModelCore } from "@moose/core";
import { isSystemModel } from "../model/manifest.ts";
import { recordsOf } from "../model/record-rows.ts";
import type { Quarantine, QuarantinedEvents } from "../ports/quarantine.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import type { QuarantineMetrics } from "../telemetry/metrics.ts";
import { entryRows } from "./entry-rows.ts";
import { QUARANTINE_STREAM } from "./quarantine-models.ts";

export interface StreamQuarantineOptions {
  readonly stream: StreamLog;
  /** The core of the model `_quarantine`. */
  readonly core: Pick<ModelCore, "schemaId" | "spec">;
  readonly log: Log;
  readonly metrics?: QuarantineMetrics;
  readonly now?: () => number;
}

export function createStreamQuarantine(options: StreamQuarantineOptions): Quarantine {
  const { stream, core, log, metrics, now = Date.now } = options;
  let prepared = false;

  async function prepare(): Promise<void> {
    await stream.ensureStream(QUARANTINE_STREAM, { partitions: 1 });
    await stream.saveSchema(core.schemaId, JSON.stringify(core.spec));
    prepared = true;
  }

  async function records(refused: QuarantinedEvents) {
    if (!prepared) await prepare();
    const rows = entryRows(refused, now());
    metrics?.quarantined(refused.model, refused.source, rows.length);
    if (refused.source !== "ingest") report(log, refused);
    return { stream: QUARANTINE_STREAM, records: recordsOf(rows, core.schemaId, now()) };
  }

  return {
    records,
    async put(refused) {
      if (isSystemModel({ name: refused.model })) return reportOwn(log, refused);
      const entries = await records(refused);
      await stream.append(entries.stream, entries.records, 0);
    },
  };
}

/** An entry that its own table refuses would be refused again, in an entry around it, without an end. It stays in the stream. */
function reportOwn(log: Log, { model, partition, firstOffset, reason, events }: QuarantinedEvents): void {
  log.error("A row of quarantine's own was refused", {
    model,
    partition,
    offset: firstOffset,
    reason,
    rows: events.length,
  });
}

/** Ingest tells its callers itself; of the others nobody would know. */
function report(log: Log, refused: QuarantinedEvents): void {
  const { source, model, stream, by, partition, firstOffset, code, reason } = refused;
  const place = { model, stream, partition, offset: firstOffset, code, reason: reason.slice(0, 1_000) };
  if (source === "log") log.error("Events of the stream are damaged", place);
  else {
    const who = source === "function" ? `The function ${by}` : "The table";
    log.error(`${who} refused events; they are in quarantine`, { ...place, events: refused.events.length });
  }
}
