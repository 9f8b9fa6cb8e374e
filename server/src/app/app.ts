// The composition root: builds the parts from the configuration, starts and stops them, and swaps the manifest while they run.
import { join, resolve } from "node:path";
import { createCore } from "@moose/core";
import { startEmbeddedEngine } from "../adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../adapters/clickhouse/clickhouse-database.ts";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { createTableWriter } from "../deliver/table-writer.ts";
import { createHttpServer } from "../http/http-server.ts";
import { type AcceptEvents, createAcceptEvents, type IngestReply } from "../ingest/accept-events.ts";
import { createLiveHub } from "../live/live-hub.ts";
import type { MooseConfig } from "../model/config.ts";
import type { Manifest } from "../model/manifest.ts";
import { createQueryService } from "../query/query-service.ts";
import type { Log } from "../telemetry/log.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import { createCatalog } from "./catalog.ts";
import { createLifecycle, type Lifecycle } from "./lifecycle.ts";
import { createManifestSwap } from "./manifest-swap.ts";

export interface AppOptions {
  readonly config: MooseConfig;
  readonly manifest: Manifest;
  /** Folder that `config.dataDir` and `config.public` are relative to. */
  readonly projectDir: string;
  readonly log: Log;
  /** Default: a registry of its own. */
  readonly metrics?: Metrics;
  /** Sees the reply to every ingest request, for a live log. Must not throw or block. */
  readonly onVerdict?: VerdictListener;
}

type VerdictListener = (model: string, reply: IngestReply) => void;

export interface App {
  readonly urls: {
    readonly api: string;
    /** Present when the project serves a folder of its own at `/`. */
    readonly dashboard?: string;
    /** With the credentials of the embedded engine; without any for a ClickHouse that was configured. */
    readonly clickhouse: string;
  };
  /** Serves another manifest from now on; on failure the running one stays. */
  applyManifest(manifest: Manifest): Promise<{ changes: string[] }>;
  /** Stops taking requests, lets what is under way end, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Rejects with MooseError `port_in_use`, `data_folder_in_use`, `disk_full`, `database_unavailable` or `log_unavailable`. */
export async function startApp(options: AppOptions): Promise<App> {
  const lifecycle = createLifecycle(options.log);
  try {
    return await build(options, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

async function build(options: AppOptions, lifecycle: Lifecycle): Promise<App> {
  const { config, manifest, projectDir, log, metrics = createMetrics(), onVerdict } = options;
  const dataDir = resolve(projectDir, config.dataDir);
  const [core, stream, clickhouse] = await allOpened([
    createCore(),
    openStream(join(dataDir, "log"), log, lifecycle),
    openClickHouse(config, join(dataDir, "clickhouse"), log, lifecycle),
  ]);
  const { database: databaseName } = config.clickhouse;
  const database = createClickHouseDatabase({ ...clickhouse, database: databaseName, log: log.child("clickhouse") });
  lifecycle.onStop("the ClickHouse client", () => database.close());
  const idempotency = await openLmdbIdempotencyStore({ path: join(dataDir, "idempotency") });
  lifecycle.onStop("the idempotency keys", () => idempotency.close());

  const catalog = createCatalog({ core, stream });
  const writer = createTableWriter({ stream, database, catalog, log: log.child("writer"), metrics });
  const swap = createManifestSwap({ catalog, stream, database, writer, log: log.child("tables") });
  await swap.apply(manifest);
  writer.start();
  lifecycle.onStop("the table writer", () => writer.stop());

  const queries = createQueryService({ database, catalog, progress: writer });
  const live = createLiveHub({ catalog, stream, queries, progress: writer, log });
  lifecycle.onStop("live subscriptions", () => live.close());
  const acceptEvents = createAcceptEvents({
    catalog,
    stream,
    idempotency,
    metrics,
    limits: { maxInputBytes: core.maxInputBytes },
  });
  const http = await createHttpServer({
    host: config.http.host,
    port: config.http.port,
    corsOrigins: config.http.corsOrigins,
    maxBodyBytes: config.http.maxBodyBytes,
    ...(config.public === undefined ? {} : { staticDir: resolve(projectDir, config.public) }),
    catalog,
    acceptEvents: onVerdict === undefined ? acceptEvents : tellVerdicts(acceptEvents, onVerdict),
    queries,
    live,
    stream,
    metrics,
    health: {
      clickhouse: () => database.ping(),
      log: async () => stream.writable(),
      idempotency: async () => idempotency.writable(),
    },
    log: log.child("http"),
  });
  lifecycle.onStop("the HTTP server", () => http.close());

  return {
    urls: {
      api: http.url,
      ...(config.public === undefined ? {} : { dashboard: `${http.url}/` }),
      clickhouse: clickhouse.shownUrl,
    },
    applyManifest: (next) => swap.apply(next),
    stop: () => lifecycle.stop(),
  };
}

function tellVerdicts(acceptEvents: AcceptEvents, listener: VerdictListener): AcceptEvents {
  return async (request) => {
    const reply = await acceptEvents(request);
    listener(request.model, reply);
    return reply;
  };
}

/** Promise.all that fails only when every part has settled, so that each part that did open has said how it is closed. */
async function allOpened<T extends readonly unknown[]>(parts: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await Promise.allSettled(parts);
  return Promise.all(parts) as unknown as Promise<T>;
}

async function openStream(path: string, log: Log, lifecycle: Lifecycle) {
  const stream = await openLmdbStreamLog({ path, log: log.child("log") });
  lifecycle.onStop("the log", () => stream.close());
  return stream;
}

interface ClickHouseAccess {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** What the user is told. */
  readonly shownUrl: string;
}

async function openClickHouse(
  { clickhouse }: MooseConfig,
  dataDir: string,
  log: Log,
  lifecycle: Lifecycle,
): Promise<ClickHouseAccess> {
  if (clickhouse.url !== undefined) {
    const { url, username = "default", password = "" } = clickhouse;
    return { url, username, password, shownUrl: url };
  }
  const engine = await startEmbeddedEngine({ dataDir, port: clickhouse.port, log: log.child("clickhouse") });
  lifecycle.onStop("the embedded ClickHouse", () => engine.stop());
  const shown = new URL(engine.url);
  shown.username = engine.username;
  shown.password = engine.password;
  return { url: engine.url, username: engine.username, password: engine.password, shownUrl: shown.href };
}
