// Moose as its ingest role alone: the real HTTP server, validation and log, without table writer and database. What the peer does, too.
import { join } from "node:path";
import { createCore, modelSpec } from "@moose/core";
import { Flight } from "../../examples/flights/models/flight.ts";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { createCatalog } from "../../server/src/app/catalog.ts";
import { createHttpServer } from "../../server/src/http/http-server.ts";
import { createAcceptEvents } from "../../server/src/ingest/accept-events.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { createMetrics } from "../../server/src/telemetry/metrics.ts";
import { PageView } from "../wide/models/page-view.ts";
import { announce } from "./announce.ts";

const core = await createCore();
const stream = await openLmdbStreamLog({ path: join(process.argv[2]!, "log"), log: silentLog });
const catalog = createCatalog({ core, stream });
catalog.replace(catalog.prepare({ models: [modelSpec(Flight), modelSpec(PageView)], aggregations: [] }));
const metrics = createMetrics();
const acceptEvents = createAcceptEvents({
  catalog,
  stream,
  limits: { maxInputBytes: core.maxInputBytes },
  metrics,
});
const server = await createHttpServer({
  host: "127.0.0.1",
  port: 0,
  catalog,
  ingest: { acceptEvents },
  stream,
  metrics,
  health: {},
  corsOrigins: [],
  maxBodyBytes: 16 * 1024 * 1024,
  log: silentLog,
});
announce(server.port, async () => {
  await server.close();
  await stream.close();
});
