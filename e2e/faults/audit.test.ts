// `moose audit` as a user runs it: silent about what is right, and exact about what is not. The table is tampered with behind Moose's back.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type App, startApp } from "../../server/src/app/app.ts";
import { bundleForNode, type NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { withDefaults } from "../../server/src/model/config.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
import { clickHouseClient } from "./clickhouse-client.ts";
import { manifest } from "./project.ts";
import { runAudit } from "./run-audit.ts";
import { payloadOf } from "./senders.ts";

let projectDir: string;
let app: App;
let bundle: NodeBundle;

beforeAll(async () => {
  projectDir = mkdtempSync(join(tmpdir(), "moose-audit-"));
  bundle = await bundleForNode({ "cli/main": fileURLToPath(new URL("../../server/src/cli/main.ts", import.meta.url)) });
  const config = withDefaults({ http: { port: 0 }, clickhouse: { port: 0 }, dataDir: "data" });
  app = await startApp({ config, manifest, projectDir, log: silentLog });
});
afterAll(async () => {
  await app?.stop();
  bundle?.remove();
  rmSync(projectDir, { recursive: true, force: true });
});

const audit = () => runAudit(bundle.path("cli/main"), app.urls.api);

async function send(model: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, seq) =>
    JSON.stringify({ key: "k", seq, payload: payloadOf("k", seq) }),
  );
  const response = await fetch(`${app.urls.api}/ingest/${model}`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: rows.join("\n"),
  });
  expect(response.status).toBe(200);
}

async function tamper(sql: string): Promise<void> {
  const client = clickHouseClient(app.urls);
  try {
    await client.command({ query: sql });
  } finally {
    await client.close();
  }
}

it("finds every event in its place", async () => {
  await send("Ordered", 1_000);
  await send("Spread", 500);
  const { code, output } = await audit();
  expect(output).toContain("1000 acknowledged = 1000 in the table + 0 in quarantine");
  expect(output).toContain("OrderedByKey: 1 keys compared with a recomputation, 0 differ");
  expect(output).toContain("Every acknowledged event is accounted for");
  expect(code).toBe(0);
});

it("names the offsets that are missing, and the aggregation that has counted them", async () => {
  await tamper("ALTER TABLE Ordered DELETE WHERE _offset IN (5, 6, 700) SETTINGS mutations_sync = 1");
  const { code, output } = await audit();
  expect(output).toContain("3 events are neither in the table Ordered nor in quarantine: offsets 5 to 6, 700.");
  expect(output).toContain("The aggregation OrderedByKey differs from its model's table in 2 of 2 keys.");
  expect(output).toContain("2 mistakes");
  expect(code).toBe(9);
});

it("sees rows that are there twice, and rows that the stream does not hold", async () => {
  const columns = "key, seq, payload, _partition, _offset, _received_at";
  await tamper(`INSERT INTO Spread (${columns}) SELECT ${columns} FROM Spread WHERE _offset = 7`);
  await tamper(
    `INSERT INTO Spread (${columns}) SELECT key, seq, payload, _partition, 501, _received_at FROM Spread WHERE _offset = 8`,
  );
  const { code, output } = await audit();
  expect(output).toContain("1 rows of the table Spread repeat an offset that is there already.");
  expect(output).toContain(
    "2 events from offset 500 on are known to the table or to a group, but the stream does not hold them.",
  );
  expect(code).toBe(9);
});

it("says so when no server answers", async () => {
  const { code, output } = await runAudit(bundle.path("cli/main"), "http://127.0.0.1:9");
  expect(output).toContain("No Moose server answers at http://127.0.0.1:9");
  expect(code).toBe(7);
});
