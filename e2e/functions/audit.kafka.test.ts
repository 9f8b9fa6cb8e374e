// The audit of functions on Kafka, where the end of each transaction takes an offset: it tells those from events that are missing.
import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../../server/src/adapters/kafka/test-broker.ts";
import { newPrefix } from "../../server/src/adapters/kafka/test-kafka-log.ts";
import { type App, startApp } from "../../server/src/app/app.ts";
import type { AuditReport } from "../../server/src/audit/audit-report.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import { loadProject } from "../../server/src/project/load-project.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { clickHouseClient } from "../faults/clickhouse-client.ts";
import { isRefused, partsOf, writeProject } from "./functions-project.ts";

const EVENTS = 1_000;
const numbers = Array.from({ length: EVENTS }, (_, n) => n);
const copies = numbers.filter((n) => !isRefused(n)).reduce((total, n) => total + partsOf(n), 0);

let broker: TestBroker;
let dir: string;
let app: App;

beforeAll(async () => {
  broker = await startTestBroker();
  dir = writeProject({ kafka: { brokers: [broker.address], topicPrefix: newPrefix() } });
  const { manifest, config } = await loadProject(dir);
  const complete = withDefaults({ ...config, http: { port: 0 }, clickhouse: { port: 0 }, dataDir: "data" });
  app = await startApp({ config: complete, manifest, projectDir: dir, log: silentLog });
}, 120_000);

afterAll(async () => {
  await app?.stop();
  await broker?.remove();
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
});

async function audit(): Promise<AuditReport> {
  const response = await fetch(`${app.urls.api}/audit?wait=60`);
  expect(response.status).toBe(200);
  return (await response.json()) as AuditReport;
}

it("accounts for every event, and knows the offsets that hold none", { timeout: 120_000 }, async () => {
  for (let n = 0; n < EVENTS; n += 100) {
    const rows = numbers
      .slice(n, n + 100)
      .map((i) => JSON.stringify({ n: i, key: `k${i % 7}`, at: new Date(Date.UTC(2026, 0, 1) + i * 20) }));
    const headers = { "content-type": "application/x-ndjson" };
    const response = await fetch(`${app.urls.api}/ingest/In`, { method: "POST", headers, body: rows.join("\n") });
    expect(response.status).toBe(200);
  }
  const { ok, mistakes, models, functions } = await audit();
  expect(mistakes).toEqual([]);
  expect(ok).toBe(true);
  const { partitions } = models.find(({ model }) => model === "Copy")!;
  expect(partitions.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBe(copies);
  expect(partitions.reduce((sum, { inTable }) => sum + inTable, 0)).toBe(copies);
  expect(partitions.reduce((sum, { absent }) => sum + absent, 0)).toBeGreaterThan(0);
  const taken = functions.filter((one) => one.function === "copy").reduce((sum, one) => sum + one.taken, 0);
  expect(taken).toBe(EVENTS);
});

it("names events that are missing among those offsets", { timeout: 120_000 }, async () => {
  const client = clickHouseClient(app.urls);
  try {
    await client.command({ query: "ALTER TABLE Copy DELETE WHERE n IN (5, 6) SETTINGS mutations_sync = 1" });
  } finally {
    await client.close();
  }
  const { ok, mistakes, models } = await audit();
  expect(ok).toBe(false);
  const { partitions } = models.find(({ model }) => model === "Copy")!;
  expect(partitions.reduce((sum, { missing }) => sum + missing, 0)).toBe(partsOf(5) + partsOf(6));
  for (const mistake of mistakes) expect(mistake).toContain("neither in the table Copy nor in quarantine");
});
