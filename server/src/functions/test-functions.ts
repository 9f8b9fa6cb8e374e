// For the tests of functions: a project in a folder, loaded as it is in life, over a real log, with real processes.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createCore } from "@moose/core";
import { vi } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { createCatalog, type ReplaceableCatalog } from "../app/catalog.ts";
import type { Clock } from "../lib/clock.ts";
import type { FunctionLimits } from "../model/function-spec.ts";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import { keysOf } from "../model/row-keys.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { loadProject } from "../project/load-project.ts";
import { QUARANTINE_STREAM, quarantineModels } from "../quarantine/quarantine-models.ts";
import { createStreamQuarantine } from "../quarantine/stream-quarantine.ts";
import type { SliceCounts } from "../telemetry/function-metrics.ts";
import type { Log, LogFields } from "../telemetry/log.ts";
import { createStreamFunctions, type StreamFunctions } from "./stream-functions.ts";

const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };
const RECEIVED_AT_MS = 1_700_000_000_000;
const WAIT = { timeout: 20_000, interval: 5 };

export interface FixtureOptions {
  readonly partitions?: number;
  readonly limits?: Partial<FunctionLimits>;
  readonly clock?: Clock;
}

export class FunctionsFixture {
  readonly projectDir = realpathSync(mkdtempSync(join(tmpdir(), "moose-functions-")));
  readonly options: FixtureOptions;
  /** `level message`, of all that was logged. */
  readonly lines: string[] = [];
  readonly counts = new Map<string, SliceCounts>();
  log!: StreamLog;
  catalog!: ReplaceableCatalog;
  functions!: StreamFunctions;

  constructor(options: FixtureOptions = {}) {
    this.options = options;
  }

  /** A file of the project. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.projectDir, path)), { recursive: true });
    writeFileSync(join(this.projectDir, path), text);
  }

  /** Opens the log and runs the project's functions; again after `close`, as the next process would. */
  async open(): Promise<void> {
    const { partitions = 1, limits = {}, clock } = this.options;
    const logger = this.#logger();
    this.log = await openLmdbStreamLog({ path: join(this.projectDir, "log"), log: logger });
    const core = await createCore();
    const entries = core.load(quarantineModels(7).entry);
    this.catalog = createCatalog({ core, stream: this.log });
    this.functions = createStreamFunctions({
      log: this.log,
      catalog: this.catalog,
      core,
      quarantine: createStreamQuarantine({ stream: this.log, core: entries, log: logger }),
      logger,
      limits,
      partitions,
      metrics: {
        functionRan: (name, counts) => this.counts.set(name, added(this.counts.get(name), counts)),
        functionLag() {},
        functionRestarted() {},
      },
      ...(clock === undefined ? {} : { clock }),
    });
    await this.apply();
  }

  /** Loads the project as it is now, and runs it. */
  async apply(): Promise<void> {
    const { manifest } = await loadProject(this.projectDir);
    const next = this.catalog.prepare(manifest);
    for (const { core, stream } of next.models.values()) {
      await this.log.ensureStream(stream, { partitions: this.options.partitions ?? 1 });
      await this.log.saveSchema(core.schemaId, JSON.stringify(core.spec));
    }
    this.catalog.replace(next);
    await this.functions.apply(manifest.functions ?? []);
  }

  /** Appends events as ingest does, by the keys of their model. */
  async send(model: string, events: readonly object[], partition?: number): Promise<void> {
    const { core, stream } = this.catalog.model(model)!;
    const records = recordsOf(
      events.map((event) => JSON.stringify(event)),
      core.schemaId,
      RECEIVED_AT_MS,
    );
    const validation = core.validate(records.bytes, { format: "ndjson" });
    if (validation.rejected > 0) throw new Error(JSON.stringify(validation.errors[0]));
    const keys = keysOf(validation, records.ends);
    await this.log.append(stream, keys === undefined ? records : { ...records, keys }, partition);
  }

  /** What a stream holds, partition by partition. */
  async stored<T = Record<string, unknown>>(stream: string): Promise<T[]> {
    if (!this.log.streams().includes(stream)) return [];
    const rows: T[] = [];
    for (let partition = 0; partition < this.log.partitions(stream); partition++) {
      const batches = await this.log.read(stream, partition, this.log.startOffset(stream, partition), EVERYTHING);
      rows.push(...rowsOf(batches).map((row) => JSON.parse(row) as T));
    }
    return rows;
  }

  /** Waits until a stream holds at least `count` events. */
  async rows<T = Record<string, unknown>>(stream: string, count: number): Promise<T[]> {
    return vi.waitFor(async () => {
      const rows = await this.stored<T>(stream);
      if (rows.length >= count) return rows;
      throw new Error(`${stream} holds ${rows.length} of ${count} events; ${this.lines.slice(-5).join("\n")}`);
    }, WAIT);
  }

  quarantined(count: number): Promise<Record<string, string>[]> {
    return this.rows<Record<string, string>>(QUARANTINE_STREAM, count);
  }

  /** Waits until a function is done with all that its stream holds. */
  async caughtUp(name: string, stream: string): Promise<void> {
    await vi.waitFor(async () => {
      for (let partition = 0; partition < this.log.partitions(stream); partition++) {
        const { committed } = await this.log.progress(`functions.${name}`, stream, partition);
        const end = this.log.endOffset(stream, partition);
        if (committed < end)
          throw new Error(`${name} is at ${committed} of ${end}; ${this.lines.slice(-5).join("\n")}`);
      }
    }, WAIT);
  }

  async close(): Promise<void> {
    await this.functions?.stop();
    await this.log?.close();
  }

  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.projectDir, { recursive: true, force: true });
  }

  #logger(): Log {
    const line =
      (level: string) =>
      (message: string, fields?: LogFields): void =>
        void this.lines.push(`${level} ${message}${fields === undefined ? "" : ` ${JSON.stringify(fields)}`}`);
    const log: Log = {
      debug: line("debug"),
      info: line("info"),
      warn: line("warn"),
      error: line("error"),
      child: () => log,
    };
    return log;
  }
}

function added(before: SliceCounts | undefined, counts: SliceCounts): SliceCounts {
  if (before === undefined) return counts;
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, count + before[name as keyof SliceCounts]]),
  ) as unknown as SliceCounts;
}

/** A model `In` of keyed numbers, and a model `Out` of the same with a note. */
export const numberModels = `
import { model, t } from "@moose/core";
export const In = model("In", { key: t.string().key(), n: t.int64(), at: t.dateTime64(3).optional() }, { partitionKey: "key" });
export const Out = model("Out", { key: t.string().key(), n: t.int64(), note: t.string().default("") }, { partitionKey: "key" });
`;
