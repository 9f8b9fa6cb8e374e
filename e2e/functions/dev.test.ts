// `moose dev` as it is released, with a stream function: events go through it into the table, and a saved change of it is live at once.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleCli, type RunningCli, runCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";

let cli: NodeBundle;
let dir: string;
let run: RunningCli | undefined;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
};

const copy = (note: string): string => `import { emit, streamFunction } from "@moose/server";
import { In, Out } from "../models/events.ts";
export default streamFunction({ from: In, to: [Out], run: (event) => emit(Out, { key: event.key, note: "${note}" }) });
`;

beforeAll(async () => {
  cli = await bundleCli();
  dir = realpathSync(mkdtempSync(join(tmpdir(), "moose-functions-dev-")));
  write(
    "models/events.ts",
    `import { model, t } from "@moose/core";
export const In = model("In", { key: t.string().key() });
export const Out = model("Out", { key: t.string().key(), note: t.string() }, { flush: { ms: 20 } });`,
  );
  write(
    "aggregations/by-note.ts",
    `import { aggregation, count } from "@moose/core";
import { Out } from "../models/events.ts";
export const ByNote = aggregation("ByNote", { from: Out, dimensions: { note: "note" }, measures: { events: count() } });`,
  );
  write("functions/copy.ts", copy("old"));
});

afterAll(async () => {
  run?.child.kill("SIGTERM");
  await run?.exitCode;
  cli?.remove();
  rmSync(dir, { recursive: true, force: true });
});

it("runs functions, and exchanges them when their file is saved", { timeout: 120_000 }, async () => {
  run = runCli(cli, ["dev", dir, "--port", "0", "--clickhouse-port", "0"]);
  const [, api] = await run.seen(/(http:\/\/127\.0\.0\.1:\d+)/);
  const send = (key: string): Promise<Response> =>
    fetch(`${api}/ingest/In`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key }),
    });
  const notes = async (): Promise<unknown> => {
    const reply = await fetch(`${api}/query/ByNote`, { headers: { accept: "application/x-ndjson" } });
    return (await reply.text()).trim().split("\n").sort();
  };
  const metrics = async (): Promise<string> => (await fetch(`${api}/metrics`)).text();
  const startOfServer = async () => /^process_start_time_seconds .*$/m.exec(await metrics())?.[0];
  const start = await startOfServer();
  expect(start).toBeDefined();
  expect((await send("a")).status).toBe(200);
  await expect.poll(notes, { timeout: 20_000 }).toEqual(['{"note":"old","events":"1"}']);
  write("functions/copy.ts", copy("new"));
  // How long it took from the save is told, and not judged here: bench/reload does that.
  await run.seen(/changed copy: new code \(\d+ ms\)/);
  await send("b");
  await expect.poll(notes, { timeout: 20_000 }).toEqual(['{"note":"new","events":"1"}', '{"note":"old","events":"1"}']);
  expect(await startOfServer()).toBe(start);
  expect(await metrics()).toContain('moose_function_events_total{function="copy"} 2');
  expect(await metrics()).toContain('moose_function_lag_events{function="copy",stream="In.1.0",partition="0"} 0');
});
