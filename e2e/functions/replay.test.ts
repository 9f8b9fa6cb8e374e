// Events that a function refused go back into that function alone, through HTTP, once it is mended: `moose dev` as it is released.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleCli, type RunningCli, runCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import type { EntryPage, QuarantineEntry, ReplayResult } from "../../server/src/ports/quarantine-desk.ts";

const WAIT = { timeout: 30_000, interval: 50 };
const EVENTS = 10;

let cli: NodeBundle;
let dir: string;
let run: RunningCli | undefined;
let api: string;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
};

const head = `import { emit, streamFunction } from "@moose/server";
import { In, Mirror, Out } from "../models/events.ts";
`;
/** Halves even numbers; the mistake: it throws at odd ones. */
const half = (mended: boolean): string => `${head}
export default streamFunction({ from: In, to: [Out], retries: 0, run(event) {
  if (event.n % 2 === 1 && !${mended}) throw new Error("odd: " + event.n);
  return emit(Out, { key: event.key, half: event.n / 2 });
} });
`;

beforeAll(async () => {
  cli = await bundleCli();
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose-functions-replay-")));
  write(
    "models/events.ts",
    `import { model, t } from "@moose/core";
const flush = { ms: 20 };
export const In = model("In", { key: t.string().key(), n: t.uint32() }, { flush });
export const Out = model("Out", { key: t.string().key(), half: t.float64() }, { flush });
export const Mirror = model("Mirror", { key: t.string().key() }, { flush });`,
  );
  write(
    "aggregations/counts.ts",
    `import { aggregation, count } from "@moose/core";
import { In, Mirror, Out } from "../models/events.ts";
const by = { dimensions: { key: "key" }, measures: { events: count() } };
export const Ins = aggregation("Ins", { from: In, ...by });
export const Outs = aggregation("Outs", { from: Out, ...by });
export const Mirrors = aggregation("Mirrors", { from: Mirror, ...by });`,
  );
  write("functions/half.ts", half(false));
  write(
    "functions/mirror.ts",
    `${head}export default streamFunction({ from: In, to: [Mirror], run: (event) => emit(Mirror, { key: event.key }) });`,
  );
  await start();
}, 120_000);

afterAll(async () => {
  await stop();
  cli?.remove();
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  run = runCli(cli, ["dev", dir, "--port", "0", "--clickhouse-port", "0"]);
  [, api] = (await run.seen(/(http:\/\/127\.0\.0\.1:\d+)/)) as unknown as [string, string];
}

async function stop(): Promise<void> {
  run?.child.kill("SIGTERM");
  await run?.exitCode;
}

async function ask<T>(path: string, body?: object): Promise<T> {
  const headers = { "content-type": "application/json" };
  const init = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(api + path, init);
  const text = await response.text();
  expect([path, response.status, text]).toEqual([path, 200, text]);
  return JSON.parse(text) as T;
}

const refused = () => ask<EntryPage>("/quarantine?source=function&order=oldest");
const replay = async (ids: readonly string[], dryRun = false) =>
  (await ask<{ results: ReplayResult[] }>("/quarantine/replay", { ids, dryRun })).results;
/** How often each key is in the table, as the aggregation over it says. */
const counts = async (aggregation: string): Promise<Record<string, number>> => {
  const { rows } = await ask<{ rows: [string, string][] }>(`/query/${aggregation}?orderBy=key`);
  return Object.fromEntries(rows.map(([key, events]) => [key, Number(events)]));
};
const once = (numbers: readonly number[]): Record<string, number> =>
  Object.fromEntries(numbers.map((n) => [`k${n}`, 1]));
const all = Array.from({ length: EVENTS }, (_, n) => n);
const even = all.filter((n) => n % 2 === 0);

it("events that a function threw at are put back into it, once, and into nothing else", {
  timeout: 180_000,
}, async () => {
  await ask(
    "/ingest/In",
    all.map((n) => ({ key: `k${n}`, n })),
  );
  await expect.poll(async () => (await refused()).total, WAIT).toBe(EVENTS / 2);
  await expect.poll(() => counts("Outs"), WAIT).toEqual(once(even));
  const { entries } = await refused();
  const ids = entries.map(({ id }) => id);
  expect(entries[0]).toMatchObject({ model: "In", stream: "In.1.0", by: "half", code: "function_threw" });
  const entry = await ask<QuarantineEntry>(`/quarantine/${ids[0]}`);
  expect(entry).toMatchObject({ reason: "Error: odd: 1", event: '{"key":"k1","n":1}', partition: 0, offset: "1" });
  expect(entry.stack).toContain("half.ts");

  write("functions/half.ts", half(true));
  await run!.seen(/changed half: new code/);
  expect((await replay(ids, true)).map(({ outcome }) => outcome)).toEqual(ids.map(() => "valid"));
  expect(await counts("Outs")).toEqual(once(even));
  const runs = await Promise.all([replay(ids), replay([...ids].reverse())]);
  const outcomes = runs.flat().map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome !== "replayed" && outcome !== "already_replayed")).toEqual([]);
  await expect.poll(() => counts("Outs"), WAIT).toEqual(once(all));
  expect((await replay(ids)).map(({ outcome }) => outcome)).toEqual(ids.map(() => "already_replayed"));

  // The next process neither gives them to the function again nor forgets that they went back.
  await stop();
  await start();
  expect((await replay(ids)).map(({ outcome }) => outcome)).toEqual(ids.map(() => "already_replayed"));
  await ask("/ingest/In", { key: "later", n: 4 });
  await expect.poll(() => counts("Outs"), WAIT).toEqual({ ...once(all), later: 1 });
  await expect.poll(() => counts("Mirrors"), WAIT).toEqual({ ...once(all), later: 1 });
  expect(await counts("Ins")).toEqual({ ...once(all), later: 1 });
  expect((await refused()).total).toBe(EVENTS / 2);
  expect(await ask<{ ok: boolean; mistakes: string[] }>("/audit?wait=30")).toMatchObject({ ok: true, mistakes: [] });
});

it("what the mended function still refuses is in quarantine again, as an entry of its own", {
  timeout: 60_000,
}, async () => {
  write("functions/half.ts", half(false));
  await run!.seen(/changed half: new code/);
  await ask("/ingest/In", { key: "odd", n: 11 });
  const openOnes = async () => (await ask<EntryPage>("/quarantine?source=function&replayed=false")).entries;
  await expect.poll(async () => (await openOnes()).length, WAIT).toBe(1);
  const [first] = await openOnes();
  expect(await replay([first!.id])).toEqual([{ id: first!.id, outcome: "replayed" }]);
  await expect.poll(async () => (await openOnes()).filter(({ id }) => id !== first!.id).length, WAIT).toBe(1);
  const [second] = await openOnes();
  expect(second).toMatchObject({ by: "half", code: "function_threw", model: "In" });
  write("functions/half.ts", half(true));
  await expect.poll(() => run!.output().match(/changed half: new code/g)?.length, WAIT).toBe(2);
  expect(await replay([first!.id, second!.id])).toEqual([
    { id: first!.id, outcome: "already_replayed" },
    { id: second!.id, outcome: "replayed" },
  ]);
  await expect.poll(async () => (await counts("Outs")).odd, WAIT).toBe(1);
  expect((await counts("Ins")).odd).toBe(1);
  expect(await ask<{ ok: boolean; mistakes: string[] }>("/audit?wait=30")).toMatchObject({ ok: true, mistakes: [] });
});
