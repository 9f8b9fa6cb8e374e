// The engine dies after it wrote a block's token and before it had the part: the block that is sent again is taken, by the table and by its view, once.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLog } from "../../telemetry/log.ts";
import { type EmbeddedEngine, startEmbeddedEngine } from "./embedded-engine.ts";

let dataDir: string;
let engine: EmbeddedEngine;
let warnings: string[];

beforeEach(async () => {
  warnings = [];
  dataDir = await mkdtemp(join(tmpdir(), "moose-lost-part-"));
  engine = await startEmbeddedEngine({
    dataDir,
    port: 0,
    log: { ...silentLog, warn: (message) => void warnings.push(message) },
  });
  const settings =
    "SETTINGS non_replicated_deduplication_window = 100, fsync_after_insert = 1, fsync_part_directory = 1";
  await run(`CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n ${settings}`);
  await run(`CREATE TABLE total (k UInt8, sum UInt64) ENGINE = SummingMergeTree ORDER BY k ${settings}`);
  await run("CREATE MATERIALIZED VIEW v TO total AS SELECT 1 AS k, sum(n) AS sum FROM t GROUP BY k");
});
afterEach(async () => {
  await engine.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function run(sql: string): Promise<string> {
  const headers = { "x-clickhouse-user": engine.username, "x-clickhouse-key": engine.password };
  const response = await fetch(engine.url, { method: "POST", body: sql, headers });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text.trim();
}

const insert = (token: string, n: number): Promise<string> =>
  run(
    `INSERT INTO t SETTINGS insert_deduplicate = 1, insert_deduplication_token = '${token}',
     deduplicate_blocks_in_dependent_materialized_views = 1 VALUES (${n})`,
  );
const rows = (): Promise<string> => run("SELECT arrayStringConcat(arraySort(groupArray(n::String)), ' ') FROM t");
const total = (): Promise<string> => run("SELECT sum(sum) FROM total");

/** SIGKILL as it is about to rename the `which`th part that it writes from now on. Resolves once strace waits for that. */
async function killAtRename(which: number): Promise<void> {
  const inject = `inject=rename:error=EIO:signal=SIGKILL:when=${which}`;
  const args = ["-f", "-o", "/dev/null", "-e", "trace=rename", "-e", inject, "-p", String(engine.pid())];
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  for await (const said of tracer.stderr.setEncoding("utf8")) if (/attached/.test(said as string)) return;
  throw new Error("strace could not be attached");
}

it.each([
  ["the table's part", 1, "1"],
  ["the view's part", 2, "1 2"],
])(
  "in the middle of %s",
  async (_, which, left) => {
    await insert("before", 1);
    const restarted = new Promise<void>((resolve) => engine.onRestart(resolve));
    const killed = engine.pid()!;
    await killAtRename(which);
    await expect(insert("cut", 2)).rejects.toThrow();
    await restarted;
    expect(engine.pid()).not.toBe(killed);
    expect([await rows(), await total()]).toEqual([left, "1"]);
    expect(warnings).toContainEqual(expect.stringContaining("in the middle of 1 inserts"));
    await insert("cut", 2);
    expect([await rows(), await total()]).toEqual(["1 2", "3"]);
    // Whatever was whole is still known.
    for (const [token, n] of [
      ["before", 1],
      ["cut", 2],
    ] as const) {
      await insert(token, n);
    }
    expect([await rows(), await total()]).toEqual(["1 2", "3"]);
    process.kill(engine.pid()!, "SIGKILL");
    await new Promise<void>((resolve) => engine.onRestart(resolve));
    await insert("cut", 2);
    expect([await rows(), await total()]).toEqual(["1 2", "3"]);
    await insert("later", 4);
    expect([await rows(), await total()]).toEqual(["1 2 4", "7"]);
  },
  60_000,
);
