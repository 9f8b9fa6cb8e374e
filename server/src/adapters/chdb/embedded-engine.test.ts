// The embedded engine's life: it comes back after a SIGKILL, never outlives its parent, and says what is in its way.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test, vi } from "vitest";
import { silentLog } from "../../telemetry/log.ts";
import { type EmbeddedEngine, startEmbeddedEngine } from "./embedded-engine.ts";
import { engineEntry } from "./engine-entry.ts";

const engines: EmbeddedEngine[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "moose-engine-"));
  folders.push(folder);
  return folder;
}

async function start(dataDir: string, port = 0): Promise<EmbeddedEngine> {
  const engine = await startEmbeddedEngine({ dataDir, port, log: silentLog });
  engines.push(engine);
  return engine;
}

async function run(engine: Pick<EmbeddedEngine, "url" | "username" | "password">, sql: string): Promise<string> {
  const response = await fetch(engine.url, {
    method: "POST",
    body: sql,
    headers: { "x-clickhouse-user": engine.username, "x-clickhouse-key": engine.password },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text.trimEnd();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a killed engine comes back on the same URL with every acknowledged insert", async () => {
  const engine = await start(await newFolder());
  const { url, password } = engine;
  await run(engine, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1");
  for (let n = 0; n < 20; n++) await run(engine, `INSERT INTO t VALUES (${n})`);
  const killed = engine.pid()!;
  const restarted = new Promise<void>((resolve) => engine.onRestart(resolve));
  process.kill(killed, "SIGKILL");
  await restarted;
  expect(engine.pid()).not.toBe(killed);
  expect([engine.url, engine.password]).toEqual([url, password]);
  expect(await run(engine, "SELECT count(), sum(n) FROM t")).toBe("20\t190");
});

test("stopping ends the process; starting again finds the data and the password", async () => {
  const folder = await newFolder();
  const first = await start(folder);
  await run(first, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n");
  await run(first, "INSERT INTO t VALUES (7)");
  const pid = first.pid()!;
  await first.stop();
  await first.stop();
  expect(isAlive(pid)).toBe(false);
  await writeFile(join(folder, "tmp", "left.rows"), "left by a crash");
  const second = await start(folder);
  expect(second.password).toBe(first.password);
  expect(await run(second, "SELECT n FROM t")).toBe("7");
  expect(await readdir(join(folder, "tmp"))).toEqual([]);
  expect((await stat(join(folder, "password"))).mode & 0o077).toBe(0);
});

test("a folder in use and a port in use are said in a sentence", async () => {
  const folder = await newFolder();
  const engine = await start(folder);
  const port = Number(new URL(engine.url).port);
  await writeFile(join(folder, "tmp", "waiting.rows"), "rows of an insert under way");
  const [folderTaken, portTaken] = await Promise.all([
    start(folder).catch((error: unknown) => error),
    start(await newFolder(), port).catch((error: unknown) => error),
  ]);
  expect(folderTaken).toMatchObject({ code: "data_folder_in_use", message: expect.stringContaining(folder) });
  expect(portTaken).toMatchObject({ code: "port_in_use", message: expect.stringContaining(String(port)) });
  expect(await run(engine, "SELECT 1")).toBe("1");
  expect(await readdir(join(folder, "tmp"))).toEqual(["waiting.rows"]);
});

test("the engine ends when its parent is killed, even in the middle of a query, and the folder is free again", async () => {
  const folder = await newFolder();
  const earlier = await start(folder);
  await earlier.stop();
  const argument = JSON.stringify({ dataDir: folder, port: 0, username: "moose" });
  const script = `
    const child = require("node:child_process").fork(${JSON.stringify(await engineEntry())}, [${JSON.stringify(argument)}], { env: { ...process.env, UV_THREADPOOL_SIZE: "8" } });
    child.on("message", (message) => console.log(JSON.stringify({ ...message, pid: child.pid })));`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  let ready: { port: number; pid: number } | undefined;
  for await (const line of createInterface({ input: parent.stdout })) {
    const message = JSON.parse(line);
    if (message.type !== "ready") continue;
    ready = message;
    break;
  }
  const { port, pid } = ready!;
  const address = { url: `http://127.0.0.1:${port}`, username: "moose", password: earlier.password };
  // Merges under way: with them, chDB's own way of closing never came to an end.
  await run(address, "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n");
  for (let part = 0; part < 40; part++) {
    await run(address, `INSERT INTO t SELECT number, repeat('x', 100) FROM numbers(${part * 20_000}, 20000)`);
  }
  const cut = run(address, "SELECT count() FROM system.numbers WHERE NOT ignore(sipHash64(number))").catch(() => "cut");
  await vi.waitFor(async () => {
    expect(Number(await run(address, "SELECT count() FROM system.processes"))).toBeGreaterThan(1);
  });
  parent.kill("SIGKILL");
  await once(parent, "exit");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000, interval: 50 });
  expect(await cut).toBe("cut");
  const next = await start(folder);
  expect(await run(next, "SELECT 1")).toBe("1");
});
