// `moose dev` over a Prisma file: the real server takes its events, and a saved change of the file is live.
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

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose prisma ")));
  mkdirSync(join(dir, "models"));
  mkdirSync(join(dir, "aggregations"));
  ending = new AbortController();
  ended = Promise.resolve();
  text = "";
});
afterEach(async () => {
  ending.abort();
  await ended;
  rmSync(dir, { recursive: true, force: true });
});

const write = (path: string, source: string): void => writeFileSync(join(dir, path), source);
const schema = (fields: string): string => `enum Kind {
  CLICK
  VIEW
}

/// @moose.partitionKey url
model PageView {
  seenAt DateTime @id
  url    String   @db.VarChar(20) /// @moose.lowCardinality
  kind   Kind     @default(VIEW)
  size   Int[]    @db.UnsignedSmallInt
${fields}}
`;

function start(): Promise<string> {
  const terminal = createTerminal({ write: (part) => (text += part) }, { colour: false });
  return new Promise((resolve, reject) => {
    ended = runDev({
      dir,
      overrides: { http: { port: 0 }, clickhouse: { port: 0 } },
      reset: false,
      terminal,
      signal: ending.signal,
      onReady: ({ api }) => resolve(api),
    });
    ended.catch(reject);
  });
}

async function send(api: string, events: readonly object[]): Promise<{ status: number; reply: unknown }> {
  const response = await fetch(`${api}/ingest/PageView`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(events),
  });
  return { status: response.status, reply: await response.json() };
}

const seen = (pattern: RegExp): Promise<void> =>
  vi.waitFor(() => expect(text).toMatch(pattern), { timeout: 20_000, interval: 5 });

test("events of a Prisma model are checked, stored and aggregated; a new field is live, a mistake is shown", async () => {
  write("models/schema.prisma", schema(""));
  write(
    "aggregations/views-by-url.ts",
    `import { aggregation, count } from "@moose/core";
export const ViewsByUrl = aggregation("ViewsByUrl", {
  from: "PageView",
  dimensions: { url: "url", kind: "kind" },
  measures: { views: count() },
});
`,
  );
  const api = await start();
  expect(text).toMatch(/1 model, 1 aggregation/);

  const event = { seenAt: "2026-01-01T00:00:00.123Z", url: "/home", size: [1, 65535] };
  const mixed = await send(api, [
    event,
    { ...event, size: [65536] },
    { ...event, kind: "TAP" },
    { ...event, kind: "CLICK" },
  ]);
  expect(mixed.reply).toMatchObject({
    accepted: 2,
    errors: [
      { row: 1, path: "/size/0" },
      { row: 2, path: "/kind" },
    ],
  });
  await vi.waitFor(
    async () => {
      const response = await fetch(`${api}/query/ViewsByUrl`);
      const { rows } = (await response.json()) as { rows: unknown };
      expect(rows).toEqual([
        ["/home", "CLICK", "1"],
        ["/home", "VIEW", "1"],
      ]);
    },
    { timeout: 20_000, interval: 50 },
  );

  expect((await send(api, [{ ...event, referrer: "/search" }])).status).toBe(422);
  write("models/schema.prisma", schema('  referrer String @default("none")\n'));
  await seen(/changed PageView: added field referrer \(\d+ ms\)/);
  expect((await send(api, [{ ...event, referrer: "/search" }])).status).toBe(200);

  write("models/schema.prisma", schema("  referrer Strng\n"));
  await seen(/keeps running/);
  expect(text).toContain("models/schema.prisma:12:12");
  expect(text).toContain('Strng is not a type: did you mean "String"?');
  expect((await send(api, [{ ...event, referrer: "/search" }])).status).toBe(200);
});
