// The ingest half of a server with its real parts: HTTP, core, log, idempotency keys and event ids in a folder of its own; no database.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AggregationSpec, createCore, type ModelSpec } from "@moose/core";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { openLmdbEventIdStore } from "../../server/src/adapters/lmdb-event-ids/lmdb-event-id-store.ts";
import { openLmdbIdempotencyStore } from "../../server/src/adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { createCatalog } from "../../server/src/app/catalog.ts";
import { createHttpServer } from "../../server/src/http/http-server.ts";
import { createAcceptEvents } from "../../server/src/ingest/accept-events.ts";
import { openEventIdIndex } from "../../server/src/ingest/event-id-index.ts";
import { MooseError } from "../../server/src/model/errors.ts";
import type { LiveHub } from "../../server/src/ports/live-socket.ts";
import type { QueryRunner } from "../../server/src/ports/query-runner.ts";
import type { StreamLog } from "../../server/src/ports/stream-log.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { createMetrics } from "../../server/src/telemetry/metrics.ts";

export interface IngestServer {
  readonly url: string;
  readonly port: number;
  readonly stream: StreamLog;
  /** The rows of a stream as the log holds them, in order. */
  rows(stream: string): Promise<string[]>;
  close(): Promise<void>;
}

export interface IngestServerOptions {
  readonly models: readonly ModelSpec[];
  readonly aggregations?: readonly AggregationSpec[];
  readonly maxBodyBytes: number;
  readonly maxBufferedBytes?: number;
  /** Smaller than the core's own, so that slices are met with small bodies. */
  readonly maxInputBytes?: number;
}

const noQueries: QueryRunner = {
  run: (name) => Promise.reject(new MooseError("unknown_query", `No query is named ${name}.`)),
  stream: (name) => Promise.reject(new MooseError("unknown_query", `No query is named ${name}.`)),
  sourceTable: (name) => {
    throw new MooseError("unknown_query", `No query is named ${name}.`);
  },
};
const noLive: LiveHub = {
  maxMessageBytes: 1024,
  subscriptionCount: () => 0,
  connect: () => ({ message() {}, drained() {}, closed() {} }),
  close: () => Promise.resolve(),
};

export async function startIngestServer(options: IngestServerOptions): Promise<IngestServer> {
  const folder = mkdtempSync(join(tmpdir(), "moose-bodies-"));
  const core = await createCore();
  const stream = await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog });
  const idempotency = await openLmdbIdempotencyStore({ path: join(folder, "idempotency") });
  const eventIdStore = await openLmdbEventIdStore({ path: join(folder, "event-ids") });
  const eventIds = await openEventIdIndex({ stream, store: eventIdStore, log: silentLog });
  const catalog = createCatalog({ core, stream });
  catalog.replace(catalog.prepare({ models: options.models, aggregations: options.aggregations ?? [] }));
  const metrics = createMetrics();
  const maxInputBytes = Math.min(core.maxInputBytes, options.maxInputBytes ?? Number.POSITIVE_INFINITY);
  const server = await createHttpServer({
    host: "127.0.0.1",
    port: 0,
    catalog,
    ingest: {
      acceptEvents: createAcceptEvents({ catalog, stream, idempotency, eventIds, metrics, limits: { maxInputBytes } }),
    },
    query: { queries: noQueries, live: noLive },
    stream,
    health: {},
    metrics,
    corsOrigins: ["*"],
    maxBodyBytes: options.maxBodyBytes,
    ...(options.maxBufferedBytes === undefined ? {} : { maxBufferedBytes: options.maxBufferedBytes }),
    log: silentLog,
  });
  return {
    url: server.url,
    port: server.port,
    stream,
    async rows(name) {
      const found: string[] = [];
      const limit = { maxBytes: 1 << 24, maxRecords: 100_000 };
      for (let offset = 0; offset < stream.endOffset(name, 0); ) {
        for (const batch of await stream.read(name, 0, offset, limit)) {
          let begin = 0;
          for (const end of batch.ends) {
            found.push(Buffer.from(batch.bytes.subarray(begin, end)).toString("utf8"));
            begin = end + 1;
          }
          offset = batch.baseOffset + batch.ends.length;
        }
      }
      return found;
    },
    async close() {
      await server.close();
      await eventIds.close();
      await eventIdStore.close();
      await idempotency.close();
      await stream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
