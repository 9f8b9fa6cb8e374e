// For the writer's tests: a real log and a real engine, a table and its view, and a database that can be told to fail around the real one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aggregation, aggregationSpec, count, createCore, type ModelCore, model, modelSpec, sum, t } from "@moose/core";
import { type EmbeddedEngine, startEmbeddedEngine } from "../adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../adapters/clickhouse/clickhouse-database.ts";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { applyManifest } from "../migrate/apply-manifest.ts";
import { MooseError } from "../model/errors.ts";
import { streamName, tableName } from "../model/manifest.ts";
import { recordsOf } from "../model/record-rows.ts";
import type { Catalog, CatalogModel } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { QUARANTINE_STREAM, quarantineModels } from "../quarantine/quarantine-models.ts";
import { createStreamQuarantine } from "../quarantine/stream-quarantine.ts";
import { type Log, silentLog } from "../telemetry/log.ts";

/** What happens to the next insert: it never arrives; it arrives and the answer is lost; it arrives and nobody lives to hear it. */
export type Fault = "never arrives" | "answer lost" | "process dies";

/** The real database, with faults around its inserts. */
export class FaultyDatabase implements Database {
  readonly #real: Database;
  /** Table of each insert that was tried, in order. */
  readonly attempts: string[] = [];
  /** Asked before each insert. */
  fault: (table: string) => Fault | undefined = () => undefined;
  /** Awaited before each insert arrives. */
  hold: () => Promise<void> = async () => {};
  /** A ClickHouse exception that the next insert meets instead of arriving. */
  refusal: () => number | undefined = () => undefined;

  constructor(real: Database) {
    this.#real = real;
  }

  /** The same database with faults of its own: another process's. */
  another(): FaultyDatabase {
    return new FaultyDatabase(this.#real);
  }

  query: Database["query"] = (sql, options) => this.#real.query(sql, options);
  queryBytes: Database["queryBytes"] = (sql, format, options) => this.#real.queryBytes(sql, format, options);
  command: Database["command"] = (sql) => this.#real.command(sql);
  ping: Database["ping"] = () => this.#real.ping();
  close: Database["close"] = () => this.#real.close();

  async insertNative(table: string, block: Uint8Array, options: { deduplicationToken: string }): Promise<void> {
    this.attempts.push(table);
    const fault = this.fault(table);
    const code = this.refusal();
    if (code !== undefined) {
      throw new MooseError("database_refused", `ClickHouse refused the statement (${code}, injected).`, {
        extra: { clickhouseCode: code },
      });
    }
    await this.hold();
    if (fault !== "never arrives") await this.#real.insertNative(table, block, options);
    if (fault === "process dies") await new Promise<never>(() => {});
    if (fault !== undefined) throw new MooseError("database_unavailable", "ClickHouse cannot be reached (injected).");
  }
}

const fields = { id: t.string().key(), value: t.uint32() };
const Reading = model("Reading", fields);
const Other = model("Other", fields);
/** The same model, later: its rows have another schema. */
const ReadingWithNote = model("Reading", { ...fields, note: t.string().default("none") });
const ReadingTotals = aggregation("ReadingTotals", {
  from: Reading,
  dimensions: { id: "id" },
  measures: { readings: count(), total: sum("value") },
});

export interface Schemas {
  readonly reading: ModelCore;
  readonly readingWithNote: ModelCore;
  readonly other: ModelCore;
  /** Of quarantine. */
  readonly entries: ModelCore;
}

/** One engine for a test file: starting it takes a second. Each delivery has a database of its own in it. */
export class EngineFixture {
  readonly #engine: EmbeddedEngine;
  readonly #dataDir: string;
  #databases = 0;

  private constructor(engine: EmbeddedEngine, dataDir: string) {
    this.#engine = engine;
    this.#dataDir = dataDir;
  }

  static async start(): Promise<EngineFixture> {
    const dataDir = mkdtempSync(join(tmpdir(), "moose-engine-"));
    return new EngineFixture(await startEmbeddedEngine({ dataDir, port: 0, log: silentLog }), dataDir);
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  database(): Database {
    const { url, username, password } = this.#engine;
    const database = `delivery_${++this.#databases}`;
    return createClickHouseDatabase({ url, username, password, database, log: silentLog });
  }
}

export interface DeliveryOptions {
  /** Of each stream; default 1. */
  readonly partitions?: number;
  /** Whether `openAnother` may be called. */
  readonly shared?: boolean;
}

export class DeliveryFixture {
  readonly path: string;
  readonly database: FaultyDatabase;
  readonly catalog: Catalog;
  readonly schemas: Schemas;
  readonly #entries: ModelCore;
  stream: StreamLog;

  private constructor(path: string, database: FaultyDatabase, catalog: Catalog, schemas: Schemas, stream: StreamLog) {
    this.path = path;
    this.database = database;
    this.catalog = catalog;
    this.schemas = schemas;
    this.stream = stream;
    this.#entries = schemas.entries;
  }

  /** On the stream that is open now. */
  quarantine(log: Log = silentLog, stream = this.stream): Quarantine {
    return createStreamQuarantine({ stream, core: this.#entries, log });
  }

  static async create(engine: EngineFixture, options: DeliveryOptions = {}): Promise<DeliveryFixture> {
    const core = await createCore();
    const specs = { reading: modelSpec(Reading), readingWithNote: modelSpec(ReadingWithNote), other: modelSpec(Other) };
    const schemas = {
      reading: core.load(specs.reading),
      readingWithNote: core.load(specs.readingWithNote),
      other: core.load(specs.other),
      entries: core.load(quarantineModels(30).entry),
    };
    const database = new FaultyDatabase(engine.database());
    const manifest = { models: [specs.readingWithNote, specs.other], aggregations: [aggregationSpec(ReadingTotals)] };
    await applyManifest({ database, manifest, log: silentLog, mode: "dev" });
    const path = mkdtempSync(join(tmpdir(), "moose-delivery-"));
    const stream = await openLmdbStreamLog({ path, log: silentLog, shared: options.shared ?? false });
    const streams = [streamName(specs.reading), streamName(specs.other), QUARANTINE_STREAM];
    for (const name of streams) await stream.ensureStream(name, { partitions: options.partitions ?? 1 });
    return new DeliveryFixture(path, database, catalogOf(schemas), schemas, stream);
  }

  /** How large the blocks of readings are from now on. */
  flush(limits: { readonly rows: number }): void {
    const models = this.catalog.state.models as Map<string, CatalogModel>;
    const entry = models.get("Reading")!;
    const core: ModelCore = Object.create(entry.core, { spec: { value: { ...entry.core.spec, flush: limits } } });
    models.set("Reading", { ...entry, core });
  }

  /** The shared log once more, as another process opens it. */
  openAnother(): Promise<StreamLog> {
    return openLmdbStreamLog({ path: this.path, log: silentLog, shared: true });
  }

  /** Opens the log anew, as the next process would. */
  async reopen(): Promise<void> {
    await this.stream.close();
    this.stream = await openLmdbStreamLog({ path: this.path, log: silentLog });
  }

  /** Appends readings with these numbers; `r7` has value 7. Returns the offset of the first. */
  async append(from: number, to: number, core: ModelCore = this.schemas.reading, partition = 0): Promise<number> {
    const rows = Array.from({ length: to - from }, (_, i) => `{"id":"r${from + i}","value":${from + i}}`);
    const [appended] = await this.stream.append(
      streamName(core.spec),
      recordsOf(rows, core.schemaId, 1_700_000_000_000),
      partition,
    );
    return appended!.baseOffset;
  }

  /** Values in the table, ascending, doubles included. */
  async values(table = "Reading"): Promise<number[]> {
    const { rows } = await this.database.query(`SELECT value FROM ${table} ORDER BY value`);
    return rows.map(([value]) => Number(value));
  }

  /** What the view says: readings and the sum of their values. */
  async viewTotals(): Promise<{ readings: number; total: number }> {
    const columns = await this.database.query("SELECT * FROM ReadingTotals LIMIT 0");
    const types = new Map(columns.columns.map(({ name, type }) => [name, type]));
    const merged = (name: string) =>
      types.get(name)!.startsWith("AggregateFunction")
        ? `${/\((\w+)/.exec(types.get(name)!)![1]}Merge(t.${name})`
        : `sum(t.${name})`;
    const { rows } = await this.database.query(
      `SELECT ${merged("readings")}, ${merged("total")} FROM ReadingTotals AS t`,
    );
    return { readings: Number(rows[0]![0]), total: Number(rows[0]![1]) };
  }

  async dispose(): Promise<void> {
    await this.stream.close();
    await this.database.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}

function catalogOf({ reading, readingWithNote, other }: Schemas): Catalog {
  const entry = (core: ModelCore): CatalogModel => ({
    core,
    stream: streamName(core.spec),
    table: tableName(core.spec),
  });
  const models = new Map([readingWithNote, other].map((core) => [core.spec.name, entry(core)]));
  const cores = new Map([reading, readingWithNote, other].map((core) => [core.schemaId, core]));
  return {
    state: { revision: 1, models, aggregations: new Map() },
    model: (name) => models.get(name),
    coreFor: (schemaId) => cores.get(schemaId),
    onChange: () => () => {},
  };
}

/** A log that keeps what was said at warn and error. */
export function rememberingLog(): { log: Log; warnings: string[]; errors: string[] } {
  const warnings: string[] = [];
  const errors: string[] = [];
  const log: Log = {
    ...silentLog,
    warn: (message) => void warnings.push(message),
    error: (message) => void errors.push(message),
    child: () => log,
  };
  return { log, warnings, errors };
}
