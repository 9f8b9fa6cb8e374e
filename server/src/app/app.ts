// The composition root: builds the parts from the configuration, starts and stops them, and swaps the manifest while they run.
import { resolve } from "node:path";
import { createCore } from "@moose/core";
import { createAudit } from "../audit/audit.ts";
import { createTableWriter } from "../deliver/table-writer.ts";
import { createHttpServer } from "../http/http-server.ts";
import type { HealthCheck } from "../http/routes/health.ts";
import type { MigrationMode } from "../migrate/migration-step.ts";
import type { MooseConfig } from "../model/config.ts";
import type { Manifest } from "../model/manifest.ts";
import { allRoles, type Role } from "../model/roles.ts";
import type { WorkerPeers } from "../ports/worker-peers.ts";
import type { Log } from "../telemetry/log.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import { createCatalog } from "./catalog.ts";
import { closeHttp } from "./close-http.ts";
import { openFunctionsRole } from "./functions-role.ts";
import { openIngestRole, type VerdictListener } from "./ingest-role.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { createManifestSwap } from "./manifest-swap.ts";
import { openClickHouse } from "./open-clickhouse.ts";
import { openStream } from "./open-stream.ts";
import { createQuarantine, openQuarantineDesk } from "./quarantine.ts";
import { checkTables, openFollowedProgress, openQueryRole, startRetention, startWriter } from "./table-roles.ts";

export interface AppOptions {
  readonly config: MooseConfig;
  readonly manifest: Manifest;
  /** Folder that `config.dataDir` and `config.public` are relative to. */
  readonly projectDir: string;
  readonly log: Log;
  /** What this process does. Default: everything. */
  readonly roles?: readonly Role[];
  /** Other processes of this machine may use the embedded log, too: slower than alone. Default: `stream.shared` of the configuration, or false. */
  readonly sharedStream?: boolean;
  /** How far a change of the manifest may change tables. Default "dev". */
  readonly migrations?: MigrationMode;
  /** Default: a registry of its own. */
  readonly metrics?: Metrics;
  /** Other workers that share the port. */
  readonly peers?: WorkerPeers;
  /** Sees the reply to every ingest request, for a live log. Must not throw or block. */
  readonly onVerdict?: VerdictListener;
}

export interface App {
  readonly urls: {
    readonly api: string;
    /** Present when the project serves a folder of its own at `/`. */
    readonly dashboard?: string;
    /** With the credentials of the embedded engine; without any for a ClickHouse that was configured. "" for roles that use none. */
    readonly clickhouse: string;
  };
  /**
   * False after a write of the log, or of what stands beside it, failed in a way that only a new process mends: what the disk holds has
   * to be read anew. Nothing is acknowledged from then on.
   */
  sound(): boolean;
  /** Serves another manifest from now on; on failure the running one stays. */
  applyManifest(manifest: Manifest): Promise<{ changes: string[] }>;
  /**
   * Stops taking requests, lets what is under way end, closes everything. With `drain` clients get the time to go elsewhere, and what
   * waits for its table is written, both within `shutdown.deadlineMs`. Safe to call twice.
   */
  stop(how?: { readonly drain?: boolean }): Promise<void>;
}

/** Rejects with MooseError `port_in_use`, `data_folder_in_use`, `disk_full`, `database_unavailable` or `log_unavailable`. */
export async function startApp(options: AppOptions): Promise<App> {
  const lifecycle = createLifecycle(options.log);
  try {
    return await build(options, lifecycle);
  } catch (error) {
    await lifecycle.stop({ drain: false, deadlineMs: options.config.shutdown.deadlineMs });
    throw error;
  }
}

async function build(options: AppOptions, lifecycle: Lifecycle): Promise<App> {
  const { config, manifest, projectDir, log, roles = allRoles, metrics = createMetrics(), onVerdict } = options;
  const has = (role: Role): boolean => roles.includes(role);
  const dataDir = resolve(projectDir, config.dataDir);
  const [core, { stream, folder }, clickhouse] = await allOpened([
    createCore(),
    openStream(config, { dataDir, shared: options.sharedStream ?? config.stream.shared ?? false, log }, lifecycle),
    has("query") || has("writer") ? openClickHouse(config, dataDir, log, lifecycle) : Promise.resolve(undefined),
  ]);
  const database = clickhouse?.database;
  const catalog = createCatalog({ core, stream });
  const { quarantine, models } = createQuarantine({ config, core, stream, log, metrics });
  const writer =
    has("writer") && database !== undefined
      ? createTableWriter({
          stream,
          database,
          catalog,
          quarantine,
          partitions: config.stream.partitions,
          log: log.child("writer"),
          metrics,
        })
      : undefined;
  const tablesLog = log.child("tables");
  const swap = createManifestSwap({
    catalog,
    stream,
    systemModels: [models.entry, models.replay],
    partitions: config.stream.partitions,
    log: tablesLog,
    ...(writer && clickhouse && database
      ? { tables: { database, writer, mode: options.migrations ?? "dev", shared: clickhouse.shared } }
      : {}),
  });
  await swap.apply(manifest);
  let served = manifest;
  if (writer !== undefined && database !== undefined) {
    startWriter(writer, log.child("writer"), lifecycle);
    const retentionLog = log.child("retention");
    startRetention(
      { config, manifest: () => served, stream, database, catalog, metrics, log: retentionLog },
      lifecycle,
    );
  }
  const functions = has("functions")
    ? openFunctionsRole({ config, core, catalog, stream, quarantine, metrics, log, lifecycle })
    : undefined;
  await functions?.apply(manifest);

  const progress = writer ?? openFollowedProgress({ stream, catalog, log: tablesLog }, lifecycle);
  const health: Record<string, HealthCheck> = { log: async () => stream.writable() };
  if (database !== undefined) health.clickhouse = () => database.ping();
  if (database !== undefined && writer === undefined) health.tables = () => checkTables(database, manifest);
  const query =
    has("query") && database !== undefined
      ? openQueryRole({ database, catalog, progress, stream, log }, lifecycle)
      : undefined;
  const ingest = has("ingest")
    ? await openIngestRole({
        config,
        core,
        catalog,
        stream,
        quarantine,
        metrics,
        log,
        lifecycle,
        dataDir,
        delivered: () => progress.position(),
        ...(folder === undefined ? {} : { folder }),
        ...(onVerdict === undefined ? {} : { onVerdict }),
      })
    : undefined;

  const hasFunction = (name: string): boolean => served.functions?.some(({ spec }) => spec.name === name) ?? false;
  const desk =
    has("ingest") && database !== undefined
      ? await openQuarantineDesk({
          config,
          core,
          catalog,
          stream,
          database,
          progress,
          models,
          lifecycle,
          dataDir,
          hasFunction,
        })
      : undefined;
  const audited = {
    functions: () => (served.functions ?? []).map(({ spec }) => spec),
    quarantineDays: config.quarantine.retentionDays,
  };
  const dashboard = has("query") && config.public !== undefined ? resolve(projectDir, config.public) : undefined;
  const http = await createHttpServer({
    ...config.http,
    ...(dashboard === undefined ? {} : { staticDir: dashboard }),
    catalog,
    ...(ingest === undefined ? {} : { ingest }),
    ...(query === undefined ? {} : { query }),
    ...(desk === undefined ? {} : { quarantine: desk }),
    ...(query && database ? { audit: createAudit({ stream, database, catalog, progress, ...audited }) } : {}),
    stream,
    metrics,
    ...(options.peers === undefined ? {} : { peers: options.peers }),
    health: { ...health, ...ingest?.health },
    log: log.child("http"),
  });
  lifecycle.onStop("the HTTP server", (how) => closeHttp(http, how, config.shutdown.notReadyMs));

  return {
    urls: {
      api: http.url,
      ...(dashboard === undefined ? {} : { dashboard: `${http.url}/` }),
      clickhouse: clickhouse?.shownUrl ?? "",
    },
    sound: () => stream.writable() && (ingest?.sound() ?? true),
    async applyManifest(next) {
      const applied = await swap.apply(next);
      await functions?.apply(next);
      served = next;
      return applied;
    },
    stop: ({ drain = false } = {}) => lifecycle.stop({ drain, deadlineMs: config.shutdown.deadlineMs }),
  };
}

/** Promise.all that fails only when every part has settled, so that each part that did open has said how it is closed. */
async function allOpened<T extends readonly unknown[]>(parts: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(parts);
  return Promise.all(parts) as unknown as Promise<T>;
}
