// The same rows into the same table: by the table writer from the log, as Native blocks built beforehand, as JSONEachRow.
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

/** Inserted by each way before it is measured: code is compiled, connections are open. */
const WARM_UP_INSERTS = 5;

/**
 * Argument: JSON of { folder, bodiesFile, way: "writer" | "native" | "json" | "objects", events }. Says "measuring" and "measured" around the
 * inserts alone: merges stand still until then, since the same parts are merged at the same cost whoever inserted them. Then lets them run,
 * and says "merged" when there is nothing left to merge.
 */
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
const warmUp = WARM_UP_INSERTS * BODIES_PER_INSERT;
const wanted = Array.from({ length: warmUp + job.events / ROWS_PER_BODY }, (_, i) => bodies[i % bodies.length]!);
const inserts = Array.from({ length: Math.ceil(wanted.length / BODIES_PER_INSERT) }, (_, i) =>
  wanted.slice(i * BODIES_PER_INSERT, (i + 1) * BODIES_PER_INSERT),
);
const client = createClient({ url, username, password, database: "moose", log: { level: ClickHouseLogLevel.OFF } });

/** The same for the peers as for the writer: each insert is recognised when it is sent again. */
const peerSettings = (index: number) => ({
  date_time_input_format: "best_effort" as const,
  insert_deduplication_token: `block ${index}`,
});

interface Way {
  warmUp(): Promise<void>;
  run(): Promise<void>;
}

/** Inserts each group of bodies by itself. */
function each(insert: (group: readonly Buffer[], index: number) => Promise<void>): Way {
  const some = async (first: number, last: number): Promise<void> => {
    for (let index = first; index < last; index++) await insert(inserts[index]!, index);
  };
  return { warmUp: () => some(0, WARM_UP_INSERTS), run: () => some(WARM_UP_INSERTS, inserts.length) };
}

const ways: Record<string, () => Promise<Way>> = {
  async writer() {
    await stream.ensureStream(flight.stream, { partitions: 1 });
    await stream.saveSchema(flight.core.schemaId, JSON.stringify(flight.core.spec));
    const append = async (group: readonly Buffer[]): Promise<void> => {
      for (const bytes of group) {
        const schemaId = flight.core.schemaId;
        await stream.append(flight.stream, { bytes, ends: endsOf(bytes), schemaId, receivedAtMs: Date.now() });
      }
    };
    const entries = core.load(quarantineModels(30).entry);
    const quarantine = createStreamQuarantine({ stream, core: entries, log: silentLog });
    const drain = async (): Promise<void> => {
      const writer = createTableWriter({ stream, database, catalog, quarantine, log: silentLog });
      writer.start();
      await writer.drain(undefined, AbortSignal.timeout(LIMIT_MS));
      await writer.stop();
    };
    return {
      async warmUp() {
        await append(wanted.slice(0, warmUp));
        await drain();
        await append(wanted.slice(warmUp));
      },
      run: drain,
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
    return each((_, i) => database.insertNative(flight.table, blocks[i]!, { deduplicationToken: `block ${i}` }));
  },
  /** The text as it is: what costs the client least. `insert` of the client takes no text. */
  async json() {
    return each(async (group, i) => {
      const { stream: answer } = await client.exec({
        query: `INSERT INTO ${flight.table} FORMAT JSONEachRow`,
        values: Readable.from(group, { objectMode: false }),
        clickhouse_settings: peerSettings(i),
      });
      for await (const _ of answer) {
        // The answer of an insert is empty; reading it to its end gives the connection back.
      }
    });
  },
  /** As the client's documentation has it: objects, which `insert` turns into text. They are there beforehand. */
  async objects() {
    const rows = bodies.map((body) =>
      body
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    );
    return each(async (group, i) => {
      const values = group.flatMap((body) => rows[bodies.indexOf(body)]!);
      await client.insert({ table: flight.table, values, format: "JSONEachRow", clickhouse_settings: peerSettings(i) });
    });
  },
};

const way = await ways[job.way]!();
await database.command("SYSTEM STOP MERGES");
await way.warmUp();
const before = await countRows();
say("measuring");
const begunAt = performance.now();
await way.run();
const elapsedMs = performance.now() - begunAt;
say("measured");
const rows = (await countRows()) - before;
await database.command("SYSTEM START MERGES");
await mergesToEnd();
say("merged");
say("result", { rows, elapsedMs });
await client.close();
await database.close();
await engine.stop();
await stream.close();

async function countRows(): Promise<number> {
  const { rows: answer } = await database.query(`SELECT count() FROM ${flight.table}`);
  return Number(answer[0]![0]);
}

/** Nothing was merged for a second. */
async function mergesToEnd(): Promise<void> {
  const parts = `SELECT groupArray(name), (SELECT count() FROM system.merges) FROM system.parts WHERE active AND table = '${flight.table}'`;
  let last = "";
  for (let quiet = 0; quiet < 4; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const now = JSON.stringify((await database.query(parts)).rows);
    quiet = now === last ? quiet + 1 : 0;
    last = now;
  }
}

function endsOf(bytes: Buffer): Uint32Array {
  const ends: number[] = [];
  for (let at = bytes.indexOf(NEW_LINE); at !== -1; at = bytes.indexOf(NEW_LINE, at + 1)) ends.push(at);
  return Uint32Array.from(ends);
}
