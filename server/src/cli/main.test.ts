// The `moose` command as a process: its exit codes and what it says.
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeBundle } from "../lib/test-node-process.ts";
import { exitCodes } from "./exit-codes.ts";
import { bundleCli, runCli, testVersion } from "./test-bundled-cli.ts";

let cli: NodeBundle;
let project: string;

beforeAll(async () => {
  cli = await bundleCli();
  project = mkdtempSync(join(tmpdir(), "moose cli "));
  mkdirSync(join(project, "models"));
  writeFileSync(
    join(project, "models", "flight.ts"),
    'import { model, t } from "@moose/core";\nexport const Flight = model("Flight", { seenAt: t.dateTime().key() });\n',
  );
});
afterAll(() => {
  cli?.remove();
  rmSync(project, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  const running = runCli(cli, args);
  return { code: await running.exitCode, output: running.output() };
}

test("version and help", async () => {
  expect(await run("--version")).toEqual({ code: exitCodes.ok, output: `${testVersion}\n` });
  const { code, output } = await run("--help");
  expect(code).toBe(exitCodes.ok);
  for (const exitCode of Object.values(exitCodes)) expect(output).toContain(`${exitCode} `);
});

test("a mistyped option ends with a sentence", async () => {
  expect(await run("dev", "--prot", "1")).toEqual({
    code: exitCodes.usage,
    output: "--prot is not an option: did you mean --port? All options: moose --help.\n",
  });
});

test("check says what a project defines", async () => {
  const { code, output } = await run("check", project);
  expect(output).toBe("model        Flight 1.0: seenAt\nNo mistakes: 1 models, 0 aggregations.\n");
  expect(code).toBe(exitCodes.ok);
});

test("check shows a mistake with its place, and no stack", async () => {
  const broken = mkdtempSync(join(tmpdir(), "moose-cli-"));
  mkdirSync(join(broken, "models"));
  writeFileSync(
    join(broken, "models", "a.ts"),
    'import { model, t } from "@moose/core";\nexport const A = model("A", { at: t.dateTme() });\n',
  );
  const { code, output } = await run("check", broken);
  rmSync(broken, { recursive: true });
  expect(code).toBe(exitCodes.project);
  expect(output).toContain("models/a.ts:2:37\n");
  expect(output).toContain('did you mean "dateTime"?');
  expect(output).toContain("> 2 | export const A");
  expect(output).not.toMatch(/^\s+at /m);
});

test("a folder that is no project ends with a sentence", async () => {
  const { code, output } = await run("dev", join(project, "models"));
  expect(code).toBe(exitCodes.project);
  expect(output).toContain("is not a Moose project");
});

test("a port that is taken ends with a sentence, and leaves the data folder free", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  const dev = ["dev", project, "--clickhouse-port", "0", "--port"];
  const { code, output } = await run(...dev, String(port));
  await new Promise((resolve) => taken.close(resolve));
  expect(output).toContain(String(port));
  expect(output).toContain("--port <port>");
  expect(output).not.toMatch(/^\s+at /m);
  expect(code).toBe(exitCodes.portInUse);
  const second = runCli(cli, [...dev, "0"]);
  await second.seen(/Ready in/);
  second.child.kill("SIGTERM");
  expect(await second.exitCode).toBe(exitCodes.ok);
});

test("a data folder is used by one process; a signal ends it, and so does the end of the process that started it", async () => {
  const dev = ["dev", project, "--port", "0", "--clickhouse-port", "0"];
  const first = runCli(cli, dev);
  await first.seen(/Ready in/);
  const { code, output } = await run(...dev);
  expect(output).toContain(`in use by a Moose that runs already (process ${first.child.pid})`);
  expect(code).toBe(exitCodes.dataFolderInUse);
  first.child.kill("SIGINT");
  expect(await first.exitCode).toBe(exitCodes.ok);
  const orphan = runCli(cli, dev);
  await orphan.seen(/Ready in/);
  // Node tells no "close" of a child that was disconnected first.
  const exited = once(orphan.child, "exit");
  orphan.child.disconnect();
  expect(await exited).toEqual([exitCodes.ok, null]);
});
