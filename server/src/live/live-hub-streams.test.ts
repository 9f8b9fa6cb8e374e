// Stream subscriptions over the real log: no gap, no repeat, through joins, reconnects and slow readers.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveCloseCodes } from "@moose/openapi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import type { Catalog, CatalogModel, CatalogState } from "../ports/catalog.ts";
import type { LiveHub } from "../ports/live-socket.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import { silentLog } from "../telemetry/log.ts";
import { createLiveHub } from "./live-hub.ts";
import { connect, TestClock, type TestSocket } from "./test-live-socket.ts";

/** Streams only: a test that reaches for a query or a table fails. */
const unused = new Proxy({}, { get: (_, name) => (name === "onCommit" ? () => () => {} : undefined) });

let folder: string;
let log: StreamLog;
let hub: LiveHub;
let clock: TestClock;
let streamCount = 0;
let stream: string;
let changed: (() => void)[] = [];
let models: Map<string, CatalogModel>;

const catalog: Catalog = {
  get state(): CatalogState {
    return { revision: 1, models, aggregations: new Map() };
  },
  model: (name) => models.get(name),
  coreFor: () => undefined,
  onChange(listener) {
    const heard = () => listener(catalog.state);
    changed.push(heard);
    return () => {
      changed = changed.filter((item) => item !== heard);
    };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moose-live-"));
  log = await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog });
});
afterAll(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  stream = await newStream();
  models = new Map([["Flight", { stream, table: "Flight" } as CatalogModel]]);
  clock = new TestClock();
  hub = createLiveHub({
    catalog,
    stream: log,
    queries: unused as QueryRunner,
    progress: unused as TableProgress,
    log: silentLog,
    clock,
    limits: { bufferedBytes: 4_000, eventsBytes: 1_000, messagesPerSecond: 1_000 },
  });
});
afterEach(() => hub.close());

async function newStream(): Promise<string> {
  const name = `Flight.${++streamCount}`;
  await log.ensureStream(name, { partitions: 2 });
  return name;
}

async function append(from: number, count: number, to = stream): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => Buffer.from(`{"n":${from + index},"text":"é\\n😀"}\n`));
  const ends = new Uint32Array(count);
  let end = 0;
  for (const [index, row] of rows.entries()) {
    end += row.length;
    ends[index] = end - 1;
  }
  await log.append(to, { bytes: new Uint8Array(Buffer.concat(rows)), ends, schemaId: "x", receivedAtMs: 0 });
}

const numbers = (socket: TestSocket, id = "1") =>
  socket.of("events", id).flatMap((message) => message.rows.map((row) => (row as { n: number }).n));
const ascending = (values: number[]) => [...values].sort((a, b) => a - b);
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);
const lastPosition = (socket: TestSocket) => socket.of("events", "1").at(-1)!.position;

describe("stream subscriptions", () => {
  test("begin now, with a position to resume from, and get what is appended", async () => {
    await append(0, 5);
    const socket = connect(hub);
    socket.say({ type: "subscribe", id: "1", stream: "Flight" });
    await socket.until(() => socket.of("events").length === 1);
    expect(socket.of("events")[0]).toMatchObject({ rows: [], position: expect.stringMatching(/^p1\./) });
    await append(5, 3);
    await socket.until(() => numbers(socket).length === 3);
    expect(numbers(socket)).toEqual([5, 6, 7]);
    expect(socket.of("events").at(-1)!.rows[0]).toEqual({ n: 5, text: "é\n😀" });
    expect(hub.subscriptionCount()).toBe(1);
  });

  test("resume behind a position while events keep coming: no gap, no repeat", async () => {
    const first = connect(hub);
    first.say({ type: "subscribe", id: "1", stream: "Flight" });
    let next = 0;
    const appendSome = async () => {
      for (let batch = 0; batch < 20; batch++) {
        await append(next, 7);
        next += 7;
      }
    };
    await first.until(() => first.of("events").length > 0);
    let seen: number[] = [];
    let socket = first;
    for (let round = 0; round < 6; round++) {
      const writing = appendSome();
      await socket.until(() => numbers(socket).length > 30);
      // Gone in the middle of the writing, and back while it goes on.
      seen = seen.concat(numbers(socket));
      const after = lastPosition(socket);
      socket.drop();
      socket = connect(hub);
      socket.say({ type: "subscribe", id: "1", stream: "Flight", after });
      await writing;
      const missing = next - seen.length;
      const current = socket;
      await current.until(() => numbers(current).length === missing);
      expect(current.of("resumed")).toMatchObject([{ recovered: true }]);
      seen = seen.concat(numbers(current));
      expect(ascending(seen)).toEqual(range(next));
      const again = lastPosition(current);
      current.drop();
      socket = connect(hub);
      socket.say({ type: "subscribe", id: "1", stream: "Flight", after: again });
    }
    expect(hub.subscriptionCount()).toBe(1);
  });

  test("a position that the log does not have is not recovered, and goes on from now", async () => {
    await append(0, 3);
    const socket = connect(hub);
    socket.say({ type: "subscribe", id: "1", stream: "Flight" });
    await socket.until(() => socket.of("events").length > 0);
    const other = await newStream();
    models = new Map([["Flight", { stream: other, table: "Flight" } as CatalogModel]]);
    const late = connect(hub);
    late.say({ type: "subscribe", id: "1", stream: "Flight", after: lastPosition(socket) });
    await late.until(() => late.of("events").length > 0);
    expect(late.of("resumed")).toMatchObject([{ recovered: false }]);
    const broken = connect(hub);
    broken.say({ type: "subscribe", id: "1", stream: "Flight", after: "nonsense" });
    expect(broken.of("error")[0]).toMatchObject({ id: "1", problem: { code: "invalid_parameter" } });
  });

  test("a slow reader delays no other, holds a bounded amount, and gets the rest from the log", async () => {
    const slow = connect(hub);
    const quick = connect(hub);
    for (const socket of [slow, quick]) {
      socket.say({ type: "subscribe", id: "1", stream: "Flight" });
      await socket.until(() => socket.of("events").length > 0);
    }
    slow.stall();
    for (let batch = 0; batch < 100; batch++) await append(batch * 20, 20);
    await quick.until(() => numbers(quick).length === 2_000);
    expect(ascending(numbers(quick))).toEqual(range(2_000));
    // The bound, and the one message that went over it.
    expect(slow.bufferedBytes()).toBeLessThan(4_000 + 2_000);
    slow.resume();
    await slow.until(() => numbers(slow).length === 2_000);
    expect(ascending(numbers(slow))).toEqual(range(2_000));
  });

  test("a reader that stays slow is closed with a code that says so", async () => {
    const slow = connect(hub);
    slow.say({ type: "subscribe", id: "1", stream: "Flight" });
    await slow.until(() => slow.of("events").length > 0);
    slow.stall();
    for (let batch = 0; batch < 20; batch++) await append(batch * 20, 20);
    clock.pass(20_000);
    slow.say({ type: "pong" });
    expect(slow.closedWith).toBeUndefined();
    clock.pass(12_000);
    expect(slow.closedWith?.code).toBe(liveCloseCodes.slowConsumer);
    expect(hub.subscriptionCount()).toBe(0);
  });

  test("a new version of the model continues on its stream; a model that is gone ends the subscription", async () => {
    const socket = connect(hub);
    socket.say({ type: "subscribe", id: "1", stream: "Flight" });
    await socket.until(() => socket.of("events").length > 0);
    const next = await newStream();
    models = new Map([["Flight", { stream: next, table: "Flight" } as CatalogModel]]);
    for (const heard of [...changed]) heard();
    await append(70, 2, next);
    await socket.until(() => numbers(socket).length === 2);
    models = new Map();
    for (const heard of [...changed]) heard();
    expect(socket.of("error")[0]).toMatchObject({ id: "1", problem: { code: "unknown_stream", status: 404 } });
    expect(socket.of("complete")).toHaveLength(1);
    expect(hub.subscriptionCount()).toBe(0);
  });
});

describe("a connection", () => {
  test("must say hello, in time", () => {
    const rude = connect(hub, { hello: false });
    rude.say({ type: "subscribe", id: "1", stream: "Flight" });
    expect(rude.of("error")[0]).toMatchObject({ problem: { code: "invalid_message" } });
    expect(rude.closedWith?.code).toBe(liveCloseCodes.badMessage);
    const silent = connect(hub, { hello: false });
    clock.pass(12_000);
    expect(silent.closedWith?.code).toBe(liveCloseCodes.unauthorized);
  });

  test("is pinged, answers pings, and is closed when it answers nothing", () => {
    const socket = connect(hub);
    expect(socket.of("ready")[0]).toMatchObject({ heartbeatMs: 15_000, session: expect.any(String) });
    socket.say({ type: "ping" });
    expect(socket.of("pong")).toHaveLength(1);
    clock.pass(16_000);
    expect(socket.of("ping")).toHaveLength(1);
    socket.say({ type: "pong" });
    clock.pass(16_000);
    expect(socket.closedWith).toBeUndefined();
    clock.pass(16_000);
    expect(socket.closedWith?.code).toBe(liveCloseCodes.heartbeatLost);
  });

  test("has limits on subscriptions, rate and size", () => {
    const socket = connect(hub);
    for (let n = 0; n < 101; n++) socket.say({ type: "subscribe", id: `s${n}`, stream: "Flight" });
    expect(socket.of("error")).toMatchObject([{ id: "s100", problem: { code: "limit_exceeded", status: 429 } }]);
    socket.say({ type: "subscribe", id: "s1", stream: "Flight" });
    expect(socket.of("error").at(-1)).toMatchObject({ id: "s1", problem: { code: "invalid_message" } });
    socket.say({ type: "unsubscribe", id: "s1" });
    expect(socket.of("complete", "s1")).toHaveLength(1);
    expect(hub.subscriptionCount()).toBe(99);
    for (let n = 0; n < 11_000 && !socket.closedWith; n++) socket.say({ type: "ping" });
    expect(socket.closedWith?.code).toBe(liveCloseCodes.limitExceeded);
    expect(hub.subscriptionCount()).toBe(0);
    const large = connect(hub);
    large.say({ type: "ping", padding: "x".repeat(70_000) });
    expect(large.closedWith?.code).toBe(liveCloseCodes.limitExceeded);
  });

  test("keeps its other subscriptions when one message is wrong, and none when the frame is no message", () => {
    const socket = connect(hub);
    socket.say({ type: "subscribe", id: "1", stream: "Flight" });
    socket.say({ type: "subscribe", id: "2", stream: "Nope" });
    expect(socket.of("error", "2")[0]).toMatchObject({
      problem: { code: "unknown_stream", detail: expect.stringContaining("Flight") },
    });
    socket.say({ type: "subscribe", id: "3" });
    expect(socket.of("error", "3")[0]).toMatchObject({ problem: { code: "invalid_message" } });
    expect(hub.subscriptionCount()).toBe(1);
    socket.connection.message("hello?");
    expect(socket.closedWith?.code).toBe(liveCloseCodes.badMessage);
  });

  test("is closed with 1001 when the server stops", async () => {
    const socket = connect(hub);
    await hub.close();
    expect(socket.closedWith?.code).toBe(liveCloseCodes.shuttingDown);
    expect(connect(hub, { hello: false }).closedWith?.code).toBe(liveCloseCodes.shuttingDown);
  });
});
