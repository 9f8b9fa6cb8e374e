// Builds the parts of quarantine: where refused events go in any process, and the desk of one that takes events and asks the database.
import { join } from "node:path";
import type { Core } from "@moose/core";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { createAcceptEvents } from "../ingest/accept-events.ts";
import type { MooseConfig } from "../model/config.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { QuarantineDesk } from "../ports/quarantine-desk.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import { createQuarantineDesk } from "../quarantine/quarantine-desk.ts";
import { type QuarantineModels, quarantineModels } from "../quarantine/quarantine-models.ts";
import { createStreamQuarantine } from "../quarantine/stream-quarantine.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { createReadmit } from "./readmit.ts";

export interface QuarantineParts {
  readonly models: QuarantineModels;
  readonly quarantine: Quarantine;
}

export interface QuarantineOptions {
  readonly config: MooseConfig;
  readonly core: Core;
  readonly stream: StreamLog;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function createQuarantine({ config, core, stream, log, metrics }: QuarantineOptions): QuarantineParts {
  const models = quarantineModels(config.quarantine.retentionDays);
  const entries = core.load(models.entry);
  return {
    models,
    quarantine: createStreamQuarantine({ stream, core: entries, log: log.child("quarantine"), metrics }),
  };
}

export interface QuarantineDeskParts {
  readonly config: MooseConfig;
  readonly core: Core;
  readonly catalog: Catalog;
  readonly stream: StreamLog;
  readonly database: Database;
  readonly progress: TableProgress;
  readonly models: QuarantineModels;
  readonly lifecycle: Lifecycle;
  readonly dataDir: string;
  readonly hasFunction: (name: string) => boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_REPLAYS = 10_000_000;

export async function openQuarantineDesk(parts: QuarantineDeskParts): Promise<QuarantineDesk> {
  const { config, core, catalog, stream, database, progress, models, lifecycle, hasFunction } = parts;
  // Keys live longer than entries, so that an entry never goes back twice, whenever the second time is.
  const replays = await openLmdbIdempotencyStore({
    path: join(parts.dataDir, "replays"),
    windowMs: (config.quarantine.retentionDays + 2) * DAY_MS,
    maxRecords: MAX_REPLAYS,
  });
  lifecycle.onStop("the keys of replays", () => replays.close());
  const acceptEvents = createAcceptEvents({
    catalog,
    stream,
    idempotency: replays,
    partitions: config.stream.partitions,
    limits: { maxInputBytes: core.maxInputBytes },
  });
  return createQuarantineDesk({
    database,
    stream,
    progress,
    readmit: createReadmit({ acceptEvents, hasFunction }),
    replaySchemaId: core.load(models.replay).schemaId,
  });
}
