// For tests of the HTTP layer: a real server on a free port, in front of small ports that answer what a test asks for.
import { MooseError } from "../model/errors.ts";
import type { QueryRequest } from "../model/query-request.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { LiveHub } from "../ports/live-socket.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import type { HttpServerOptions } from "./http-server.ts";

const state = { revision: 1, models: new Map(), aggregations: new Map() };
const catalog: Catalog = { state, model: () => undefined, coreFor: () => undefined, onChange: () => () => {} };
export const BIG_BYTES = 16 * 1024 * 1024;
export const sends: string[] = [];
/** Answers each message with itself; "big" with a message that is larger than the limit on backpressure, and then another. */
export const live: LiveHub = {
  maxMessageBytes: 100,
  subscriptionCount: () => 7,
  connect: (socket) => ({
    message(text) {
      if (text === "big") sends.push(socket.send("x".repeat(BIG_BYTES)), socket.send("after"));
      else socket.send(text);
    },
    drained() {
      if (socket.bufferedBytes() === 0) sends.push(socket.send("end"));
    },
    closed() {},
  }),
  close: async () => {},
};
export const asked: QueryRequest[] = [];
export const queries: QueryRunner = {
  async run(name, request, { signal }) {
    asked.push(request);
    if (name === "hang") await new Promise((resolve) => signal!.addEventListener("abort", resolve));
    if (name === "defect") throw new Error("SELECT secret FROM t");
    if (name !== "Q") throw new MooseError("unknown_query", `No query is named ${name}.`);
    const statistics = { elapsedMs: 1, rowsRead: 1, bytesRead: 1 };
    return { columns: [{ name: "n", type: "UInt64" }], key: [], rows: [["1"]], statistics, position: new Map() };
  },
  async stream(name) {
    async function* body() {
      if (name === "late") throw new MooseError("database_unavailable", "The database is away.");
      for (let chunk = 0; chunk < 64; chunk++) yield Buffer.alloc(64 * 1024, "x");
    }
    return { body: body(), position: new Map() };
  },
  sourceTable: () => "t",
};

export const serverOptions = (): HttpServerOptions => ({
  host: "127.0.0.1",
  port: 0,
  catalog,
  ingest: {
    acceptEvents: async () => {
      throw new MooseError("disk_full", "The disk is full.", { retryAfterSeconds: 5 });
    },
  },
  query: { queries, live },
  stream: {} as StreamLog,
  health: { log: async () => true },
  metrics: createMetrics(),
  corsOrigins: ["https://app.example"],
  maxBodyBytes: 1000,
  log: silentLog,
});
