// Kills the server, or a function's process, at random moments under load: afterwards every event has its outputs once, in order, and
// the states are what the events make of them. MOOSE_FUNCTION_KILLS sets how many kills; a seed that is printed repeats a run.
import type { ChildProcess } from "node:child_process";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { bundleForNode, type NodeBundle, startNode } from "../../server/src/lib/test-node-process.ts";
import { rowsOf } from "../../server/src/model/record-rows.ts";
import type { StreamLog } from "../../server/src/ports/stream-log.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { between, seededRandom } from "../crash/random.ts";

const KILLS = Number(process.env.MOOSE_FUNCTION_KILLS ?? 6);
const SEED = Number(process.env.MOOSE_SEED ?? Date.now() % 1_000_000);
const KEYS = 7;
const FIRST_MS = Date.UTC(2026, 0, 1);
const GROUPS = ["copy", "count", "windows"].map((name) => `functions.${name}`);

const files: Readonly<Record<string, string>> = {
  "moose.config.ts": `import { defineConfig } from "@moose/server";
export default defineConfig({ stream: { partitions: 2 } });`,
  "models/events.ts": `import { model, t } from "@moose/core";
const fields = { key: t.string().key(), n: t.uint32() };
export const In = model("In", { ...fields, at: t.dateTime64(3) }, { partitionKey: "key" });
export const Copy = model("Copy", fields, { partitionKey: "key" });
export const Count = model("Count", { ...fields, seen: t.uint32() }, { partitionKey: "key" });
export const Window = model("Window", { key: t.string().key(), start: t.dateTime64(3), events: t.uint32(), sum: t.uint64() }, { partitionKey: "key" });`,
  "functions/copy.ts": `import { emit, streamFunction } from "@moose/server";
import { Copy, In } from "../models/events.ts";
export default streamFunction({ from: In, to: [Copy], concurrency: 4, batchRows: 100,
  run: async ({ key, n }) => { await new Promise((resolve) => setImmediate(resolve)); return emit(Copy, { key, n }); } });`,
  "functions/count.ts": `import { emit, statefulFunction } from "@moose/server";
import { Count, In } from "../models/events.ts";
export default statefulFunction({ from: In, to: [Count], batchRows: 50, state: () => ({ seen: 0 }),
  run: ({ key, n }, context) => emit(Count, { key, n, seen: ++context.state.seen }) });`,
  "functions/windows.ts": `import { emit, tumbling, windowFunction } from "@moose/server";
import { In, Window } from "../models/events.ts";
export default windowFunction({ from: In, to: [Window], batchRows: 70, window: tumbling("1s"), eventTime: "at", state: () => ({ sum: 0 }),
  add: ({ n }, context) => { context.state.sum += n; },
  close: ({ key, start, events, state }) => emit(Window, { key, start: new Date(start), events, sum: BigInt(state.sum) }) });`,
};

interface Numbered {
  readonly key: string;
  readonly n: number;
}

let bundle: NodeBundle;
let dir: string;
let servers: Server[] = [];

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

beforeAll(async () => {
  const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  bundle = await bundleForNode({
    server: source("functions-server.ts"),
    index: source("../../server/src/index.ts"),
    "function-process": source("../../server/src/functions/runtime/process-entry.ts"),
    "function-thread": source("../../server/src/functions/runtime/thread-entry.ts"),
  });
});

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose-functions-e2e-")));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
});

afterEach(() => {
  for (const server of servers) server.process.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

afterAll(() => bundle?.remove());

async function start(): Promise<Server> {
  const process = startNode(bundle.path("server"), [dir]);
  const ended = once(process, "close").then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
  const [url] = (await Promise.race([once(process, "message"), ended])) as [string];
  ended.catch(() => {});
  return { process, url };
}

async function end({ process }: Server, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  process.kill(signal);
  await once(process, "close");
}

/** The id of a function's process: a child of the server. */
function someFunctionPid(server: Server, random: () => number): number | undefined {
  const pids = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(server.process.pid)], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("-process.mjs"))
    .map((line) => Number.parseInt(line.trim(), 10));
  return pids[between(random, 0, pids.length)];
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const cases = [1, 2].map((count) => [count, SEED + count] as const);

it.each(cases)(
  `%i servers have every output once after ${KILLS} kills (seed %i)`,
  { timeout: 120_000 + KILLS * 60_000 },
  async (count, seed) => {
    console.log(`${count} servers, seed ${seed}`);
    const random = seededRandom(seed);
    const acknowledged = new Set<number>();
    let next = 0;
    let sending = true;
    const send = async (url: string, rows: readonly object[]): Promise<boolean> => {
      const headers = { "content-type": "application/x-ndjson" };
      const body = rows.map((row) => JSON.stringify(row)).join("\n");
      const reply = await fetch(`${url}/ingest/In`, { method: "POST", headers, body }).catch(() => undefined);
      return reply?.status === 200;
    };
    const sender = async (): Promise<void> => {
      while (sending) {
        const rows = Array.from({ length: 20 }, () => ({
          n: next,
          key: `k${next % KEYS}`,
          at: new Date(FIRST_MS + next++ * 20),
        }));
        const server = servers[between(random, 0, servers.length)];
        if (server !== undefined && (await send(server.url, rows))) for (const { n } of rows) acknowledged.add(n);
        else await turn();
      }
    };
    const until = async (size: number): Promise<void> => {
      while (acknowledged.size < size) await turn();
    };

    servers = await Promise.all(Array.from({ length: count }, start));
    const senders = [sender(), sender(), sender()];
    for (let kill = 0; kill < KILLS; kill++) {
      await until(acknowledged.size + between(random, 100, 1500));
      const victim = servers[between(random, 0, servers.length)]!;
      const functionPid = random() < 0.4 ? someFunctionPid(victim, random) : undefined;
      if (functionPid !== undefined) {
        process.kill(functionPid, "SIGKILL");
        await until(acknowledged.size + between(random, 50, 500));
      }
      servers = servers.filter((server) => server !== victim);
      await end(victim, "SIGKILL");
      servers = [...servers, await start()];
    }
    sending = false;
    await Promise.all(senders);

    // A last event for each key, far behind the others: it closes all windows.
    const last = Array.from({ length: KEYS }, (_, key) => ({
      n: next + key,
      key: `k${key}`,
      at: "2030-01-01T00:00:00Z",
    }));
    expect(await send(servers[0]!.url, last)).toBe(true);
    const watching = await openLmdbStreamLog({ path: join(dir, "data", "log"), log: silentLog, shared: true });
    await expect.poll(() => lagOf(watching), { timeout: 60_000, interval: 50 }).toBe(0);
    await watching.close();
    await Promise.all(servers.map((server) => end(server, "SIGTERM")));
    servers = [];

    const log = await openLmdbStreamLog({ path: join(dir, "data", "log"), log: silentLog });
    try {
      expect(await lagOf(log)).toBe(0);
      const inputs = await stored<Numbered & { at: string }>(log, "In.1.0");
      const present = new Set(inputs.map(({ n }) => n));
      expect([...acknowledged].filter((n) => !present.has(n))).toEqual([]);
      const byKey = groupByKey(inputs);
      const copies = groupByKey(await stored<Numbered>(log, "Copy.1.0"));
      const counts = groupByKey(await stored<Numbered & { seen: number }>(log, "Count.1.0"));
      for (const [key, rows] of byKey) {
        const ns = rows.map(({ n }) => n);
        expect(copies.get(key)!.map(({ n }) => n)).toEqual(ns);
        expect(counts.get(key)!.map(({ n }) => n)).toEqual(ns);
        expect(counts.get(key)!.map((row) => (row as Numbered & { seen: number }).seen)).toEqual(
          ns.map((_, i) => i + 1),
        );
      }
      const late = (await stored<{ by: string; event: string }>(log, "_quarantine.1.0")).filter(
        ({ by }) => by === "windows",
      );
      expect(windowTotals(inputs, late)).toEqual(await storedTotals(log));
    } finally {
      await log.close();
    }
  },
);

/** Events that some function is not done with. */
async function lagOf(log: StreamLog): Promise<number> {
  let lag = 0;
  for (const group of GROUPS) {
    for (const partition of [0, 1]) {
      lag += log.endOffset("In.1.0", partition) - (await log.progress(group, "In.1.0", partition)).committed;
    }
  }
  return lag;
}

async function stored<T>(log: StreamLog, stream: string): Promise<T[]> {
  if (!log.streams().includes(stream)) return [];
  const rows: T[] = [];
  for (let partition = 0; partition < log.partitions(stream); partition++) {
    const batches = await log.read(stream, partition, 0, { maxBytes: 1 << 28, maxRecords: 1 << 28 });
    rows.push(...rowsOf(batches).map((row) => JSON.parse(row) as T));
  }
  return rows;
}

type Totals = { key: string; start: number; events: number; sum: number }[];
const sorted = (totals: Totals): Totals => totals.sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : 1));

async function storedTotals(log: StreamLog): Promise<Totals> {
  const rows = await stored<{ key: string; start: string; events: number; sum: string }>(log, "Window.1.0");
  return sorted(
    rows.map(({ key, start, events, sum }) => ({ key, start: Date.parse(start), events, sum: Number(sum) })),
  );
}

/** What the windows have to hold: all events but the late ones; those of the last second are still open. */
function windowTotals(inputs: readonly (Numbered & { at: string })[], late: readonly { event: string }[]): Totals {
  const lateNs = new Set(late.map(({ event }) => (JSON.parse(event) as Numbered).n));
  const totals = new Map<string, Totals[number]>();
  for (const { key, n, at } of inputs) {
    const start = Math.floor(Date.parse(at) / 1000) * 1000;
    if (lateNs.has(n) || start >= Date.UTC(2030)) continue;
    const total = totals.get(`${start} ${key}`) ?? { key, start, events: 0, sum: 0 };
    total.events++;
    total.sum += n;
    totals.set(`${start} ${key}`, total);
  }
  return sorted([...totals.values()]);
}

function groupByKey(rows: readonly Numbered[]): Map<string, Numbered[]> {
  const groups = new Map<string, Numbered[]>();
  for (const row of rows) groups.set(row.key, [...(groups.get(row.key) ?? []), row]);
  return groups;
}
