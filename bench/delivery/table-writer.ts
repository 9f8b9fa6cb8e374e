// The same rows into the same table, one of three ways: by the table writer from the log, as Native blocks built beforehand, as JSONEachRow.
import { join } from "node:path";
import { Readable } from "node:stream";
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { createCore, modelSpec } from "@moose/core";
import { Flight } from "../../examples/flights/models/flight.ts";
import { startEmbeddedEngine } from "../../server/src/adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../../server/src/adapters/clickhouse/clickhouse-database.ts";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { createCatalog } from "../../server/src/app/catalog.ts";
import { createTableWriter } from "../../server/src/deliver/table-writer.ts";
import { applyManifest } from "../../server/src/migrate/apply-manifest.ts";
import type { Manifest } from "../../server/src/model/manifest.ts";
import { quarantineModels } from "../../server/src/quarantine/quarantine-models.ts";
import { createStreamQuarantine } from "../../server/src/quarantine/stream-quarantine.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { readBodies } from "../load/read-bodies.mjs";

const ROWS_PER_BODY = 1000;
/** About the 8 MiB of JSON that the writer puts into a block. */
const BODIES_PER_INSERT = 60;
const LIMIT_MS = 120_000;
const NEW_LINE = 10;

/** Argument: JSON of { folder, bodiesFile, way: "writer" | "native" | "json", events }. Says "measuring" and "measured" around the inserts alone. */
const job = JSON.parse(process.argv[2]!) as { folder: string; bodiesFile: string; way: string; events: number };
const say = (event: string, more: object = {}): void => console.log(JSON.stringify({ event, ...more }));

const core = await createCore();
const stream = await openLmdbStreamLog({ path: join(job.folder, "log"), log: silentLog });
const engine = await startEmbeddedEngine({ dataDir: join(job.folder, "clickhouse"), port: 0, log: silentLog });
const { url, username, password } = engine;
const database = createClickHouseDatabase({ url, username, password, database: "moose", log: silentLog });
const manifest: Manifest = { models: [modelSpec(Flight)], aggregations: [] };
await applyManifest({ database, manifest, log: silentLog, mode: "dev" });
const catalog = createCatalog({ core, stream });
catalog.replace(catalog.prepare(manifest));
const flight = catalog.model("Flight")!;
const bodies = readBodies(job.bodiesFile) as Buffer[];
const wanted = Array.from({ length: job.events / ROWS_PER_BODY }, (_, i) => bodies[i % bodies.length]!);
const inserts = Array.from({ length: Math.ceil(wanted.length / BODIES_PER_INSERT) }, (_, i) =>
  wanted.slice(i * BODIES_PER_INSERT, (i + 1) * BODIES_PER_INSERT),
);

const ways: Record<string, () => Promise<() => Promise<void>>> = {
  async writer() {
    await stream.ensureStream(flight.stream, { partitions: 1 });
    await stream.saveSchema(flight.core.schemaId, JSON.stringify(flight.core.spec));
    for (const bytes of wanted) {
      await stream.append(flight.stream, {
        bytes,
        ends: endsOf(bytes),
        schemaId: flight.core.schemaId,
        receivedAtMs: Date.now(),
      });
    }
    const entries = core.load(quarantineModels(30).entry);
    const quarantine = createStreamQuarantine({ stream, core: entries, log: silentLog });
    const writer = createTableWriter({ stream, database, catalog, quarantine, log: silentLog });
    return async () => {
      writer.start();
      await writer.drain(undefined, AbortSignal.timeout(LIMIT_MS));
      await writer.stop();
    };
  },
  async native() {
    const encoder = flight.core.encoder();
    let baseOffset = 0;
    const blocks = inserts.map((group) => {
      for (const body of group) {
        baseOffset += encoder.feed(body, { partition: 0, baseOffset, receivedAtMs: Date.now() });
      }
      return encoder.finish();
    });
    return async () => {
      for (const [i, block] of blocks.entries())
        await database.insertNative(flight.table, block, { deduplicationToken: `block ${i}` });
    };
  },
  async json() {
    const client = createClient({ url, username, password, database: "moose", log: { level: ClickHouseLogLevel.OFF } });
    return async () => {
      for (const [i, group] of inserts.entries()) {
        // insert() takes objects only and would stringify them here: the text as it is costs the client least.
        const { stream: answer } = await client.exec({
          query: `INSERT INTO ${flight.table} FORMAT JSONEachRow`,
          values: Readable.from(group, { objectMode: false }),
          clickhouse_settings: { date_time_input_format: "best_effort", insert_deduplication_token: `block ${i}` },
        });
        for await (const _ of answer);
      }
      await client.close();
    };
  },
};

const run = await ways[job.way]!();
say("ready");
say("measuring");
const begunAt = performance.now();
await run();
const elapsedMs = performance.now() - begunAt;
say("measured");
const { rows } = await database.query(`SELECT count() FROM ${flight.table}`);
say("result", { rows: Number(rows[0]![0]), elapsedMs });
await database.close();
await engine.stop();
await stream.close();

function endsOf(bytes: Buffer): Uint32Array {
  const ends: number[] = [];
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) ends.push(at);
  return Uint32Array.from(ends);
}
