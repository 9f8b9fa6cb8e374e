// Query subscriptions against the real engine: what is shown at a position equals the query at that position, for every reader.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AggregationSpec, ModelCore, ModelSpec } from "@moose/core";
import type { LiveServerMessage } from "@moose/openapi";
import { liveCloseCodes } from "@moose/openapi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedEngine, startEmbeddedEngine } from "../adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../adapters/clickhouse/clickhouse-database.ts";
import { applyManifest } from "../migrate/apply-manifest.ts";
import { decodePosition } from "../model/position.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { LiveHub } from "../ports/live-socket.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { createQueryService } from "../query/query-service.ts";
import { silentLog } from "../telemetry/log.ts";
import { createLiveHub } from "./live-hub.ts";
import { systemClock } from "./live-limits.ts";
import { connect, type TestSocket } from "./test-live-socket.ts";
import { TestTable } from "./test-table.ts";

const model: ModelSpec = {
  name: "Flight",
  version: "1.0",
  extra: "reject",
  fields: [
    { name: "origin", type: { kind: "string" } },
    { name: "carrier", type: { kind: "string" } },
    { name: "delay", type: { kind: "int16" } },
  ],
};
const aggregation: AggregationSpec = {
  name: "ByOrigin",
  from: { model: "Flight", version: "1.0" },
  dimensions: [
    { name: "origin", field: "origin" },
    { name: "carrier", field: "carrier" },
  ],
  measures: [
    { name: "flights", fn: "count" },
    { name: "maxDelay", fn: "max", field: "delay" },
  ],
};

let folder: string;
let engine: EmbeddedEngine;
let database: Database;
let table: TestTable;
let hub: LiveHub;
let evaluated = 0;
let aggregations = new Map([["ByOrigin", aggregation]]);
const changed = new Set<() => void>();
const models = new Map([
  ["Flight", { core: { spec: model, schemaId: "1" } as unknown as ModelCore, stream: "Flight.1.0", table: "Flight" }],
]);
const catalog: Catalog = {
  get state() {
    return { revision: 1, models, aggregations };
  },
  model: (name) => models.get(name),
  coreFor: () => undefined,
  onChange(listener) {
    const heard = () => listener(catalog.state);
    changed.add(heard);
    return () => changed.delete(heard);
  },
};
const noStreams = { onAppend: () => () => {} } as unknown as StreamLog;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moose-live-query-"));
  engine = await startEmbeddedEngine({ dataDir: folder, port: 0, log: silentLog });
  database = createClickHouseDatabase({ ...engine, database: "moose", log: silentLog });
  await applyManifest({
    database,
    manifest: { models: [model], aggregations: [aggregation] },
    log: silentLog,
    mode: "dev",
  });
});
afterAll(async () => {
  await database?.close();
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  aggregations = new Map([["ByOrigin", aggregation]]);
  await database.command("TRUNCATE TABLE Flight");
  await database.command("TRUNCATE TABLE ByOrigin");
  table = new TestTable(database, "Flight.1.0", "Flight");
  evaluated = 0;
  startHub();
});
afterEach(() => hub.close());

function startHub(limits: Parameters<typeof createLiveHub>[0]["limits"] = {}): void {
  const queries = createQueryService({ database, catalog, progress: table });
  const counting = {
    ...queries,
    run: (...args: Parameters<typeof queries.run>) => {
      evaluated++;
      return queries.run(...args);
    },
  };
  hub = createLiveHub({
    catalog,
    stream: noStreams,
    queries: counting,
    progress: table,
    log: silentLog,
    clock: systemClock,
    limits: { bufferedBytes: 500, ...limits },
  });
}

type Rows = Map<string, unknown[]>;

/** What a client shows after each message, by the protocol's rules. */
function shown(
  messages: readonly LiveServerMessage[],
  id = "1",
  start: Rows = new Map(),
): { rows: Rows; position: string }[] {
  let rows: Rows = new Map(start);
  let keyWidth = 2;
  const states: { rows: Rows; position: string }[] = [];
  for (const message of messages) {
    if (message.type === "snapshot" && message.id === id) {
      keyWidth = message.key.length;
      rows = new Map(message.rows.map((row) => [JSON.stringify(row.slice(0, keyWidth)), [...row]]));
    } else if (message.type === "delta" && message.id === id) {
      rows = new Map(rows);
      for (const key of message.remove) rows.delete(JSON.stringify(key));
      for (const row of message.upsert) rows.set(JSON.stringify(row.slice(0, keyWidth)), [...row]);
    } else continue;
    states.push({ rows, position: message.position });
  }
  return states;
}

const offsetOf = (position: string) => decodePosition(position)!.get("Flight.1.0")![0]!;

/** The question asked of the base table itself, cut at the position. */
async function truth(offset: number, where = "1", limit = 1000): Promise<unknown[][]> {
  const { rows } = await database.query(
    `SELECT origin, carrier, count() AS flights, max(delay) AS maxDelay FROM Flight WHERE _offset < ${offset} AND ${where}
     GROUP BY origin, carrier ORDER BY origin, carrier LIMIT ${limit}`,
  );
  return rows as unknown[][];
}
const sorted = (rows: Rows) => [...rows.values()].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

async function expectTrue(states: { rows: Rows; position: string }[], where?: string, limit?: number): Promise<void> {
  for (const state of states) expect(sorted(state.rows)).toEqual(await truth(offsetOf(state.position), where, limit));
}

const randomRows = (count: number) =>
  Array.from({ length: count }, () => ({
    origin: "ABCDEFGH"[Math.floor(Math.random() * 8)]!,
    carrier: "xyz"[Math.floor(Math.random() * 3)]!,
    delay: Math.floor(Math.random() * 100),
  }));

const subscribe = (socket: TestSocket, extra: object = {}) =>
  socket.say({ type: "subscribe", id: "1", query: "ByOrigin", ...extra });
const reached = (socket: TestSocket, offset: number) => () => {
  const last = shown(socket.messages).at(-1);
  return last !== undefined && offsetOf(last.position) >= offset;
};
/** The newest offset whose result differs from the one before is what a reader must come to. */
async function settles(socket: TestSocket, where?: string, limit?: number): Promise<void> {
  const expected = JSON.stringify(await truth(table.end, where, limit));
  await socket.until(() => JSON.stringify(sorted(shown(socket.messages).at(-1)?.rows ?? new Map())) === expected);
}

describe("query subscriptions", () => {
  test("show, at every position, what the query answers at that position", async () => {
    await table.insert(randomRows(20));
    const plain = connect(hub);
    subscribe(plain);
    const filtered = connect(hub);
    subscribe(filtered, { params: { filters: { origin: { in: ["A", "B"] } } } });
    const limited = connect(hub);
    subscribe(limited, { params: { limit: 5 } });
    const throttled = connect(hub);
    subscribe(throttled, { throttleMs: 40 });
    const late: TestSocket[] = [];
    for (let step = 0; step < 40; step++) {
      await table.insert(randomRows(1 + (step % 5)));
      if (step % 10 === 5) {
        const socket = connect(hub);
        subscribe(socket);
        late.push(socket);
      }
    }
    for (const socket of [plain, throttled, ...late]) {
      await settles(socket);
      await expectTrue(shown(socket.messages));
      expect(socket.of("snapshot")).toHaveLength(1);
    }
    await settles(filtered, "origin IN ('A', 'B')");
    await expectTrue(shown(filtered.messages), "origin IN ('A', 'B')");
    await settles(limited, "1", 5);
    await expectTrue(shown(limited.messages), "1", 5);
    // Deltas carry changes only.
    const rows = plain.of("delta").reduce((sum, delta) => sum + delta.upsert.length, 0);
    expect(rows).toBeLessThan(plain.of("delta").length * 24);
  });

  test("evaluate once for all who ask the same, whatever the order of their members", async () => {
    await table.insert(randomRows(50));
    const sockets = Array.from({ length: 50 }, () => connect(hub));
    for (const [index, socket] of sockets.entries()) {
      const filters = { origin: "A", carrier: "x" };
      const params = index % 2 === 0 ? { limit: 10, filters } : { filters, limit: 10 };
      subscribe(socket, { params });
    }
    for (const socket of sockets) await socket.until(() => socket.of("snapshot").length === 1);
    expect(evaluated).toBe(1);
    await table.insert([{ origin: "A", carrier: "x", delay: 500 }]);
    for (const socket of sockets) await socket.until(() => socket.of("delta").length === 1);
    expect(evaluated).toBe(2);
    expect(hub.subscriptionCount()).toBe(50);
  });

  test("coalesce commits that come faster than evaluations", async () => {
    const socket = connect(hub);
    subscribe(socket);
    await socket.until(() => socket.of("snapshot").length === 1);
    table.holdEvaluations();
    const before = evaluated;
    for (let step = 0; step < 20; step++) table.announce();
    table.letEvaluate();
    await table.insert([{ origin: "A", carrier: "x", delay: 1 }]);
    await settles(socket);
    expect(evaluated - before).toBeLessThan(6);
  });

  test("resume after a lost connection with exactly what was missed", async () => {
    await table.insert(randomRows(30));
    const other = connect(hub);
    subscribe(other);
    const first = connect(hub);
    subscribe(first);
    await first.until(reached(first, table.end));
    for (let round = 0; round < 5; round++) {
      const before = shown(first.messages).at(-1)!;
      first.drop();
      for (let step = 0; step < 3; step++) await table.insert([{ origin: `R${round}`, carrier: "x", delay: step }]);
      await settles(other);
      const again = connect(hub);
      subscribe(again, { after: before.position });
      await again.until(() => again.of("delta").length > 0);
      expect(again.of("resumed")).toEqual([{ type: "resumed", id: "1", recovered: true }]);
      expect(again.of("snapshot")).toHaveLength(0);
      const states = shown(again.messages, "1", before.rows);
      await expectTrue(states);
      again.drop();
    }
  });

  test("resume when nobody else kept the query awake, and when nothing happened meanwhile", async () => {
    await table.insert(randomRows(30));
    const first = connect(hub);
    subscribe(first);
    await first.until(() => first.of("snapshot").length === 1);
    const before = shown(first.messages).at(-1)!;
    first.drop();
    const quiet = connect(hub);
    subscribe(quiet, { after: before.position });
    await quiet.until(() => quiet.of("resumed").length === 1);
    expect(quiet.of("resumed")[0]).toMatchObject({ recovered: true });
    quiet.drop();
    await table.insert([{ origin: "Z", carrier: "x", delay: 1 }]);
    const again = connect(hub);
    subscribe(again, { after: before.position });
    await again.until(() => again.of("delta").length === 1);
    expect(quiet.of("snapshot").length + again.of("snapshot").length).toBe(0);
    await expectTrue(shown(again.messages, "1", before.rows));
  });

  test("say recovered: false and send a snapshot when the position is too old, or from an earlier life of the server", async () => {
    await hub.close();
    startHub({ ringDeltas: 2 });
    await table.insert(randomRows(10));
    const socket = connect(hub);
    subscribe(socket);
    await socket.until(() => socket.of("snapshot").length === 1);
    const old = shown(socket.messages).at(-1)!.position;
    for (let step = 0; step < 4; step++) {
      await table.insert([{ origin: "A", carrier: "x", delay: 200 + step }]);
      await settles(socket);
    }
    const newest = shown(socket.messages).at(-1)!.position;
    const late = connect(hub);
    subscribe(late, { after: old });
    await late.until(() => late.of("snapshot").length === 1);
    expect(late.of("resumed")).toEqual([{ type: "resumed", id: "1", recovered: false }]);
    await hub.close();
    startHub();
    const reborn = connect(hub);
    subscribe(reborn, { after: newest });
    await reborn.until(() => reborn.of("snapshot").length === 1);
    expect(reborn.of("resumed")).toEqual([{ type: "resumed", id: "1", recovered: false }]);
    await expectTrue(shown(reborn.messages));
  });

  test("a slow reader delays no other, and gets the merged difference when it reads again", async () => {
    await table.insert(randomRows(30));
    const slow = connect(hub);
    const quick = connect(hub);
    for (const socket of [slow, quick]) {
      subscribe(socket);
      await socket.until(() => socket.of("snapshot").length === 1);
    }
    slow.stall();
    for (let step = 0; step < 30; step++) {
      await table.insert(randomRows(8));
      await settles(quick);
    }
    expect(slow.bufferedBytes()).toBeLessThan(3_000);
    const held = slow.of("delta").length;
    slow.resume();
    await settles(slow);
    await expectTrue(shown(slow.messages));
    await expectTrue(shown(quick.messages));
    expect(quick.of("delta").length).toBeGreaterThan(20);
    expect(slow.of("delta").length - held).toBeLessThan(quick.of("delta").length);
    expect(slow.closedWith).toBeUndefined();
  });

  test("a changed definition sends a fresh snapshot; one that is gone ends the subscription", async () => {
    await table.insert(randomRows(30));
    const socket = connect(hub);
    subscribe(socket);
    await socket.until(() => socket.of("snapshot").length === 1);
    const renamed: AggregationSpec = { ...aggregation, measures: [{ name: "maxDelay", fn: "max", field: "delay" }] };
    aggregations = new Map([["ByOrigin", renamed]]);
    for (const heard of [...changed]) heard();
    await socket.until(() => socket.of("snapshot").length === 2);
    expect(socket.of("snapshot")[1]!.columns.map((column) => column.name)).toEqual(["origin", "carrier", "maxDelay"]);
    aggregations = new Map();
    for (const heard of [...changed]) heard();
    expect(socket.of("error")[0]).toMatchObject({ id: "1", problem: { code: "unknown_query", status: 404 } });
    expect(socket.of("complete")).toHaveLength(1);
    expect(hub.subscriptionCount()).toBe(0);
    expect(socket.closedWith).toBeUndefined();
  });

  test("a request that makes no sense is refused with its reason, and the socket lives on", async () => {
    const socket = connect(hub);
    socket.say({ type: "subscribe", id: "a", query: "Nope" });
    socket.say({ type: "subscribe", id: "b", query: "ByOrigin", params: { dimensions: ["nope"] } });
    socket.say({ type: "subscribe", id: "c", query: "ByOrigin", params: { nope: 1 } });
    socket.say({ type: "subscribe", id: "d", query: "ByOrigin", params: { limit: 50_000 } });
    await socket.until(() => socket.of("error").length === 4);
    const problems = Object.fromEntries(socket.of("error").map((error) => [error.id, error.problem]));
    expect(problems).toMatchObject({
      a: { code: "unknown_query", detail: expect.stringContaining("ByOrigin") },
      b: { code: "invalid_query", path: "/dimensions" },
      c: { code: "invalid_query", path: "/nope" },
      d: { code: "invalid_query", path: "/limit" },
    });
    subscribe(socket);
    await socket.until(() => socket.of("snapshot").length === 1);
    expect(hub.subscriptionCount()).toBe(1);
    await hub.close();
    expect(socket.closedWith?.code).toBe(liveCloseCodes.shuttingDown);
  });
});
