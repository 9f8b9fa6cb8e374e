// `moose audit` holds functions to account: silent about what is right, and exact about events that were passed over or got lost on the way.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import { type App, startApp } from "../../server/src/app/app.ts";
import type { AuditReport } from "../../server/src/audit/audit-report.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import type { StreamLog } from "../../server/src/ports/stream-log.ts";
import { TestMember } from "../../server/src/ports/stream-log-groups.contract.ts";
import { loadProject } from "../../server/src/project/load-project.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { clickHouseClient } from "../faults/clickhouse-client.ts";
import { isRefused, partsOf, writeProject } from "./functions-project.ts";

const EVENTS = 500;
const numbers = Array.from({ length: EVENTS }, (_, n) => n);

let dir: string;
let app: App | undefined;

beforeAll(async () => {
  dir = writeProject();
  app = await start();
}, 60_000);
afterAll(async () => {
  await app?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function start(): Promise<App> {
  const { manifest, config } = await loadProject(dir);
  const complete = withDefaults({ ...config, http: { port: 0 }, clickhouse: { port: 0 }, dataDir: "data" });
  return startApp({ config: complete, manifest, projectDir: dir, log: silentLog });
}

async function audit(): Promise<AuditReport> {
  const response = await fetch(`${app!.urls.api}/audit?wait=30`);
  expect(response.status).toBe(200);
  return (await response.json()) as AuditReport;
}

async function send(ns: readonly number[]): Promise<void> {
  const rows = ns.map((n) => JSON.stringify({ n, key: `k${n % 7}`, at: new Date(Date.UTC(2026, 0, 1) + n * 20) }));
  const headers = { "content-type": "application/x-ndjson" };
  const response = await fetch(`${app!.urls.api}/ingest/In`, { method: "POST", headers, body: rows.join("\n") });
  expect(response.status).toBe(200);
}

/** Works on the log while no server does. */
async function onLog(work: (log: StreamLog) => Promise<void>): Promise<void> {
  await app!.stop();
  app = undefined;
  const log = await openLmdbStreamLog({ path: join(dir, "data", "log"), log: silentLog });
  try {
    await work(log);
  } finally {
    await log.close();
  }
  app = await start();
}

it("accounts for every event of every function", { timeout: 90_000 }, async () => {
  await send(numbers);
  const { ok, mistakes, functions } = await audit();
  expect(mistakes).toEqual([]);
  expect(ok).toBe(true);
  const sum = (name: string, of: (one: (typeof functions)[number]) => number): number =>
    functions.filter((one) => one.function === name).reduce((total, one) => total + of(one), 0);
  const refused = numbers.filter(isRefused).length;
  const copies = numbers.filter((n) => !isRefused(n)).reduce((total, n) => total + partsOf(n), 0);
  for (const name of ["copy", "count", "windows"]) expect(sum(name, ({ taken }) => taken)).toBe(EVENTS);
  expect(sum("copy", ({ emitted }) => emitted["Copy.1.0"] ?? 0)).toBe(copies);
  expect(sum("copy", ({ quarantined }) => quarantined)).toBe(refused);
  expect(sum("copy", ({ inQuarantine }) => inQuarantine)).toBe(refused);
  expect(sum("count", ({ emitting }) => emitting)).toBe(EVENTS);
  expect(sum("windows", ({ filtered, emitting }) => filtered + emitting)).toBe(EVENTS);
});

it("goes on counting after a restart", { timeout: 90_000 }, async () => {
  await onLog(async () => {});
  await send(numbers);
  const { mistakes, functions } = await audit();
  expect(mistakes).toEqual([]);
  const taken = functions.filter((one) => one.function === "copy").reduce((total, one) => total + one.taken, 0);
  expect(taken).toBe(2 * EVENTS);
});

it("names events that a function passed over", { timeout: 90_000 }, async () => {
  let from = 0;
  await onLog(async (log) => {
    const membership = await log.join("functions.count", new TestMember());
    await membership.follow(["In.1.0"]);
    const progress = await log.progress("functions.count", "In.1.0", 0);
    from = progress.committed;
    const texts = Array.from({ length: 5 }, (_, n) => `{"key":"k0","n":${n},"at":"2026-02-01T00:00:00Z"}\n`);
    const [batch] = await log.read("In.1.0", 0, 0, { maxBytes: 1000, maxRecords: 1 });
    const bytes = Buffer.from(texts.join(""));
    const ends = Uint32Array.from(texts, (_, n) => texts.slice(0, n + 1).join("").length - 1);
    await log.append("In.1.0", { bytes, ends, schemaId: batch!.schemaId, receivedAtMs: Date.now() }, 0);
    await log.saveProgress("functions.count", "In.1.0", 0, { ...progress, committed: from + 5 });
    await membership.leave();
  });
  const { ok, mistakes } = await audit();
  expect(ok).toBe(false);
  expect(mistakes).toEqual([
    `Function count, In.1.0, partition 0: it passed ${from + 5} offsets (0 to ${from + 4}), but accounts for ${from}: 5 events were passed over.`,
  ]);
});

it("names what quarantine has lost, and what it holds twice", { timeout: 90_000 }, async () => {
  const before = (await audit()).functions.filter((one) => one.function === "copy" && one.quarantined > 1);
  const [lost] = before;
  const client = clickHouseClient(app!.urls);
  try {
    const where = `by = 'copy' AND partition = ${lost!.partition}`;
    await client.command({
      query: `INSERT INTO _quarantine SELECT * FROM _quarantine WHERE ${where} ORDER BY offset LIMIT 1`,
    });
    const doubled = await audit();
    expect(doubled.mistakes).toContain(
      `Function copy, In.1.0, partition ${lost!.partition}: 1 entries of quarantine repeat an event that is there already.`,
    );
    await client.command({ query: `ALTER TABLE _quarantine DELETE WHERE ${where} SETTINGS mutations_sync = 1` });
  } finally {
    await client.close();
  }
  const { mistakes } = await audit();
  expect(mistakes).toContain(
    `Function copy, In.1.0, partition ${lost!.partition}: ${lost!.quarantined} events went to quarantine, which holds 0.`,
  );
});
