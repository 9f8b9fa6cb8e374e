// The role ingest: takes events over HTTP into the stream, as long as there is room for them.
import { join } from "node:path";
import type { Core } from "@moose/core";
import { openLmdbEventIdStore } from "../adapters/lmdb-event-ids/lmdb-event-id-store.ts";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import type { HealthChecks } from "../http/routes/health.ts";
import { type AcceptEvents, createAcceptEvents, type IngestReply } from "../ingest/accept-events.ts";
import { type AdmitEvents, createAdmission } from "../ingest/admit-events.ts";
import { type EventIdIndex, openEventIdIndex } from "../ingest/event-id-index.ts";
import { createKeepRefused } from "../ingest/keep-refused.ts";
import { RefusalBudget } from "../ingest/refusal-budget.ts";
import { freeDiskBytes } from "../lib/disk-room.ts";
import { openCgroupMemory, processMemoryBytes } from "../lib/memory-use.ts";
import type { MooseConfig } from "../model/config.ts";
import type { Position } from "../model/position.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { OpenedStream } from "./open-stream.ts";

export type VerdictListener = (model: string, reply: IngestReply) => void;

export interface IngestRoleOptions extends OpenedStream {
  readonly config: MooseConfig;
  readonly core: Core;
  readonly catalog: Catalog;
  readonly quarantine: Quarantine;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  readonly dataDir: string;
  /** How far the tables are. */
  readonly delivered: () => Position;
  readonly onVerdict?: VerdictListener;
}

export interface IngestRole {
  readonly acceptEvents: AcceptEvents;
  readonly admit: AdmitEvents;
  readonly health: HealthChecks;
  /** False when the idempotency keys cannot be kept any more. */
  sound(): boolean;
}

export async function openIngestRole(options: IngestRoleOptions): Promise<IngestRole> {
  const { core, catalog, stream, metrics, lifecycle, onVerdict } = options;
  const idempotency = await openLmdbIdempotencyStore({ path: join(options.dataDir, "idempotency") });
  lifecycle.onStop("the idempotency keys", () => idempotency.close());
  const eventIds = await openEventIds(options);
  const admission = openAdmission(options);
  lifecycle.onStop("load shedding", () => admission.close());
  const acceptEvents = createAcceptEvents({
    catalog,
    stream,
    idempotency,
    eventIds,
    quarantine: keepRefused(options),
    metrics: {
      ...metrics,
      ingested(model, accepted, rejected, bytes) {
        admission.observe(model, accepted + rejected, bytes);
        metrics.ingested(model, accepted, rejected, bytes);
      },
    },
    partitions: options.config.stream.partitions,
    limits: { maxInputBytes: core.maxInputBytes },
  });
  return {
    acceptEvents: onVerdict === undefined ? acceptEvents : tellVerdicts(acceptEvents, onVerdict),
    admit: admission.admit,
    health: { idempotency: async () => idempotency.writable() },
    sound: () => idempotency.writable(),
  };
}

async function openEventIds({ stream, dataDir, log, lifecycle }: IngestRoleOptions): Promise<EventIdIndex> {
  const store = await openLmdbEventIdStore({ path: join(dataDir, "event-ids") });
  lifecycle.onStop("the store of event ids", () => store.close());
  const index = await openEventIdIndex({ stream, store, log: log.child("ingest") });
  lifecycle.onStop("the event ids", () => index.close());
  return index;
}

function keepRefused({ config, catalog, quarantine, log, metrics }: IngestRoleOptions) {
  const configured = config.ingest.quarantine;
  return {
    keep: createKeepRefused({
      quarantine,
      budget: new RefusalBudget({ maxBytesPerHour: config.quarantine.maxBytesPerHour }),
      log: log.child("ingest"),
      onDropped: (model, rows) => metrics.notQuarantined(model, rows),
    }),
    isDefault: (model: string) =>
      catalog.model(model)?.core.spec.quarantine ??
      (typeof configured === "boolean" ? configured : configured.includes(model)),
  };
}

/** Of the memory that its cgroup allows: above it the kernel may end the process at the next burst. */
const CGROUP_SHARE = 0.85;

function openAdmission({ config, catalog, stream, folder, delivered, metrics, log }: IngestRoleOptions) {
  const { maxMemoryBytes } = config.ingest;
  const cgroup = maxMemoryBytes === undefined ? openCgroupMemory() : undefined;
  const memory = (): { memoryBytes: number; maxMemoryBytes: number } => {
    if (cgroup === undefined) {
      return { memoryBytes: processMemoryBytes(), maxMemoryBytes: maxMemoryBytes ?? Number.POSITIVE_INFINITY };
    }
    const { usedBytes, limitBytes } = cgroup();
    return { memoryBytes: usedBytes, maxMemoryBytes: limitBytes * CGROUP_SHARE };
  };
  const ingestLog = log.child("ingest");
  return createAdmission({
    catalog,
    stream,
    delivered,
    pressure: () => ({
      ...memory(),
      freeDiskBytes: folder === undefined ? Number.POSITIVE_INFINITY : freeDiskBytes(folder),
    }),
    limits: config.ingest,
    onRefused: (reason) => metrics.refused(reason),
    onChange: (reason, model = "all") => {
      if (reason === undefined) ingestLog.info("Events are taken again", { model });
      else
        ingestLog.warn("Events are turned away until this is over; nothing that was acknowledged is lost", {
          model,
          reason,
        });
    },
    onLag: (model, bytes) => metrics.lagBytes(model, bytes),
  });
}

function tellVerdicts(acceptEvents: AcceptEvents, listener: VerdictListener): AcceptEvents {
  return async (request) => {
    const reply = await acceptEvents(request);
    listener(request.model, reply);
    return reply;
  };
}
