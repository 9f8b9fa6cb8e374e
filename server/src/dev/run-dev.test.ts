// `moose dev` from end to end, with the real server: a changed model is live, and a mistake leaves the running version up.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runDev } from "./run-dev.ts";
import { createTerminal } from "./terminal.ts";

let dir: string;
let ending: AbortController;
let ended: Promise<void>;
let text: string;
let nextReady: ((urls: { api: string }) => void) | undefined;

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose dev ")));
  mkdirSync(join(dir, "models"));
  ending = new AbortController();
  ended = Promise.resolve();
  text = "";
  nextReady = undefined;
});
afterEach(async () => {
  ending.abort();
  await ended;
  rmSync(dir, { recursive: true, force: true });
});

const write = (path: string, source: string): void => writeFileSync(join(dir, path), source);

const flight = (fields: string): string =>
  `import { model, t } from "@moose/core";\nexport const Flight = model("Flight", {\n  seenAt: t.dateTime64(3).key(),\n${fields}});\n`;

function start(reset = false): Promise<{ api: string; clickhouse: string }> {
  const terminal = createTerminal({ write: (part) => (text += part) }, { colour: false });
  ending = new AbortController();
  return new Promise((resolve, reject) => {
    ended = runDev({
      dir,
      overrides: { http: { port: 0 }, clickhouse: { port: 0 } },
      reset,
      terminal,
      signal: ending.signal,
      onReady: (urls) => {
        nextReady?.(urls);
        resolve(urls);
      },
    });
    ended.catch(reject);
  });
}

async function send(api: string, event: object): Promise<{ status: number; reply: { accepted: number } }> {
  const response = await fetch(`${api}/ingest/Flight`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
  });
  return { status: response.status, reply: (await response.json()) as { accepted: number } };
}

async function rowsOf(clickhouse: string, sql: string): Promise<string> {
  const { origin, username, password } = new URL(clickhouse);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const response = await fetch(origin, { method: "POST", body: sql, headers: { authorization } });
  return (await response.text()).trim();
}

const seen = (pattern: RegExp): Promise<void> =>
  vi.waitFor(() => expect(text).toMatch(pattern), { timeout: 20_000, interval: 5 });

const event = { seenAt: "2026-01-01T00:00:00Z" };

test("a new field is accepted and stored, a mistake leaves the running version up, mending it goes on", async () => {
  write("models/flight.ts", flight(""));
  const { api, clickhouse } = await start();
  expect(text).toMatch(/1 model, 0 aggregations/);
  expect((await send(api, { ...event, carrier: "AA" })).status).toBe(422);

  write("models/flight.ts", flight('  carrier: t.string().default("unknown"),\n'));
  await seen(/changed Flight: added field carrier \(\d+ ms\)/);
  console.log(/.*added field carrier.*/.exec(text)?.[0]);
  expect((await send(api, { ...event, carrier: "AA" })).status).toBe(200);

  write("models/flight.ts", flight("  carrier: t.strng(),\n"));
  await seen(/keeps running/);
  expect(text).toContain("models/flight.ts:4:14");
  expect(text).toContain('did you mean "string"?');
  expect(text).toContain("> 4 |   carrier: t.strng(),");
  expect((await send(api, { ...event, carrier: "UA" })).status).toBe(200);

  write("models/flight.ts", flight('  carrier: t.string().default("unknown"),\n'));
  await seen(/mended/);
  write(
    "models/ping.ts",
    'import { model, t } from "@moose/core";\nexport const Ping = model("Ping", { at: t.dateTime().key() });\n',
  );
  await seen(/changed Ping: new model/);
  const stored = "SELECT carrier FROM moose.Flight ORDER BY carrier";
  await vi.waitFor(async () => expect(await rowsOf(clickhouse, stored)).toBe("AA\nUA"), {
    timeout: 20_000,
    interval: 50,
  });
});

test("another configuration starts the server again, and one that cannot start gives way to the one before", async () => {
  write("models/flight.ts", flight(""));
  const first = await start();
  const moved = new Promise<string>((resolve) => {
    nextReady = ({ api }) => resolve(api);
  });
  write("moose.config.ts", "export default { http: { maxBodyBytes: 1024 } };");
  const second = await moved;
  expect((await send(second, { ...event, note: "x".repeat(2_000) })).status).toBe(413);
  await expect(fetch(`${first.api}/health`)).rejects.toThrow();
  const back = new Promise<string>((resolve) => {
    nextReady = ({ api }) => resolve(api);
  });
  write("moose.config.ts", 'export default { dataDir: "models/flight.ts" };');
  expect((await send(await back, { ...event, note: "x".repeat(2_000) })).status).toBe(413);
  expect(text).toContain("Starting again with the configuration before.");
});

test("a project with a mistake starts when it is mended; its data is there the next time, and gone after a reset", async () => {
  write("models/flight.ts", flight("  carrier: t.string(,\n"));
  const starting = start();
  await seen(/waiting for this to be mended/);
  write("models/flight.ts", flight("  carrier: t.string(),\n"));
  const first = await starting;
  expect((await send(first.api, { ...event, carrier: "AA" })).reply.accepted).toBe(1);
  ending.abort();
  await ended;
  const second = await start();
  const counted = "SELECT count() FROM moose.Flight";
  await vi.waitFor(async () => expect(await rowsOf(second.clickhouse, counted)).toBe("1"), {
    timeout: 20_000,
    interval: 50,
  });
  ending.abort();
  await ended;
  const third = await start(true);
  expect(await rowsOf(third.clickhouse, counted)).toBe("0");
});
