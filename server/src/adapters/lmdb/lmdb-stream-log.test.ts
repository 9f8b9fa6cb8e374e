// Runs the stream log contract on LMDB, and what only a log on the local disk can be asked: crashes, damage, one owner.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bundleForNode, type NodeBundle, startNode } from "../../lib/test-node-process.ts";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import { streamLogContract } from "../../ports/stream-log.contract.ts";
import { TestMember } from "../../ports/stream-log-groups.contract.ts";
import { silentLog } from "../../telemetry/log.ts";
import { openLmdbStreamLog } from "./lmdb-stream-log.ts";

const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };
const STREAM = "Flight.1.0";
const WAIT = { timeout: 20_000, interval: 20 };

streamLogContract("lmdb", async () => {
  const path = mkdtempSync(join(tmpdir(), "moose-log-"));
  return {
    open: (options) => openLmdbStreamLog({ path, log: silentLog, ...options }),
    dispose: async () => rmSync(path, { recursive: true, force: true }),
  };
});

describe("the LMDB stream log", () => {
  let path: string;
  let bundle: NodeBundle;
  let script: string;

  beforeAll(async () => {
    const entry = fileURLToPath(new URL("test-append-until-killed.ts", import.meta.url));
    const member = fileURLToPath(new URL("test-group-member.ts", import.meta.url));
    bundle = await bundleForNode({ append: entry, member });
    script = bundle.path("append");
  });
  afterAll(() => bundle?.remove());
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "moose-log-"));
  });
  afterEach(() => {
    rmSync(path, { recursive: true, force: true });
  });

  it("refuses what would fill the disk, and keeps what it has", async () => {
    const roomy = await openLmdbStreamLog({ path, log: silentLog });
    await roomy.ensureStream(STREAM, { partitions: 1 });
    await roomy.append(STREAM, recordsOf(["first"], "abc", 0));
    await roomy.close();
    const log = await openLmdbStreamLog({ path, log: silentLog, reserveBytes: Number.MAX_SAFE_INTEGER });
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(log.append(STREAM, recordsOf(["second"], "abc", 0))).rejects.toMatchObject({ code: "disk_full" });
    }
    expect(log.writable()).toBe(true);
    expect(rowsOf(await log.read(STREAM, 0, 0, EVERYTHING))).toEqual(["first"]);
    await log.close();
  });

  it("has every acknowledged event after its process was killed, again and again", async () => {
    const acknowledged = new Map<number, string>();
    for (let round = 0; round < 4; round++) {
      const child = startNode(script, [path]);
      await killAfter(child, acknowledged, 3000 * (round + 1));
    }
    const log = await openLmdbStreamLog({ path, log: silentLog });
    const stored = rowsOf(await log.read(STREAM, 0, 0, EVERYTHING));
    expect(stored.length).toBe(log.endOffset(STREAM, 0));
    const wrong = [...acknowledged].filter(([offset, row]) => stored[offset] !== row);
    expect(wrong).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(10_000);
    expect(new Set(stored).size).toBe(stored.length);
    await log.close();
  });

  it("has one owner: a second process is told which, and a dead one does not count", async () => {
    const child = startNode(script, [path]);
    await once(child.stdout!, "data");
    await expect(openLmdbStreamLog({ path, log: silentLog })).rejects.toMatchObject({
      code: "data_folder_in_use",
      message: expect.stringContaining(`process ${child.pid}`),
    });
    await end(child);
    const log = await openLmdbStreamLog({ path, log: silentLog });
    await expect(openLmdbStreamLog({ path, log: silentLog })).rejects.toMatchObject({ code: "data_folder_in_use" });
    await log.append(STREAM, recordsOf(["{}"], "abc", 0), 0);
    await log.close();
  });

  it("is shared only by those who all say so", async () => {
    const inUse = { code: "data_folder_in_use" };
    const shared = { path, log: silentLog, shared: true };
    const alone = await openLmdbStreamLog({ path, log: silentLog });
    await expect(openLmdbStreamLog(shared)).rejects.toMatchObject(inUse);
    await alone.close();
    const one = await openLmdbStreamLog(shared);
    const other = await openLmdbStreamLog(shared);
    await expect(openLmdbStreamLog({ path, log: silentLog })).rejects.toMatchObject(inUse);
    await one.close();
    await other.close();
    await (await openLmdbStreamLog({ path, log: silentLog })).close();
  });

  it("has every event that any of several processes acknowledged, once, whichever is killed when", async () => {
    const log = await openLmdbStreamLog({ path, log: silentLog, shared: true });
    await log.ensureStream(STREAM, { partitions: 1 });
    const told: string[] = [];
    log.onAppend((batch) => told.push(...rowsOf([batch])));
    const acknowledged = new Map<number, string>();
    const after = [1500, 4000, 2500];
    await Promise.all(
      after.map(async (count) => {
        for (let round = 0; round < 3; round++) {
          await killAfter(startNode(script, [path, "8", "shared"]), acknowledged, count);
        }
      }),
    );
    await log.append(STREAM, recordsOf(["last"], "abc", 0), 0);
    const stored = rowsOf(await log.read(STREAM, 0, 0, EVERYTHING));
    expect(stored.length).toBe(log.endOffset(STREAM, 0));
    expect([...acknowledged].filter(([offset, row]) => stored[offset] !== row)).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(15_000);
    expect(new Set(stored).size).toBe(stored.length);
    expect(told).toEqual(stored);
    await log.close();
  });

  it("gives a process's partitions to others when it is killed, and when it is stopped; who wakes up late is fenced", async () => {
    const log = await openLmdbStreamLog({ path, log: silentLog, shared: true, expiryMs: 3000 });
    await log.ensureStream(STREAM, { partitions: 4 });
    await log.append(STREAM, recordsOf(Array(100_000).fill("{}"), "abc", 0), 0);
    const mine = new TestMember();
    await (await log.join("table", mine)).follow([STREAM]);
    for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
      const child = startNode(bundle.path("member"), [path, STREAM, "3000"]);
      const said: string[] = [];
      child.stdout!.setEncoding("utf8").on("data", (text: string) => said.push(...text.trim().split("\n")));
      await expect.poll(() => said.filter((line) => line.startsWith("saved")).length, WAIT).toBe(2);
      expect(mine.held.size).toBe(2);
      child.kill(signal);
      await expect.poll(() => mine.held.size, WAIT).toBe(4);
      for (let partition = 0; partition < 4; partition++) {
        await log.saveProgress("table", STREAM, partition, { committed: 50_000 });
      }
      if (signal === "SIGSTOP") {
        child.kill("SIGCONT");
        await expect.poll(() => said.filter((line) => line.startsWith("fenced")).length, WAIT).toBeGreaterThan(0);
        expect((await log.progress("table", STREAM, 3)).committed).toBeGreaterThanOrEqual(50_000);
        await end(child);
      }
    }
    expect(mine.mistakes).toEqual([]);
    await log.close();
  });

  it("acknowledges nothing that did not fit, and can still be read", async () => {
    // A file that may grow to 4 MiB stands for a disk that fills up in the middle of a write.
    const child = spawn("sh", ["-c", 'trap "" XFSZ; ulimit -f 8192; exec "$0" "$@"', process.execPath, script, path], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    await once(child, "close");
    const lines = output.trim().split("\n");
    expect(lines.find((line) => line.startsWith("stopped"))).toMatch(/^stopped (disk_full|log_unavailable)$/);
    const log = await openLmdbStreamLog({ path, log: silentLog });
    const stored = rowsOf(await log.read(STREAM, 0, 0, EVERYTHING));
    const acknowledged = lines.filter((line) => /^\d/.test(line)).map((line) => line.split(" ") as [string, string]);
    expect(acknowledged.length).toBeGreaterThan(1000);
    expect(acknowledged.filter(([offset, row]) => stored[Number(offset)] !== row)).toEqual([]);
    await log.append(STREAM, recordsOf(['{"after":true}'], "abc", 0), 0);
    await log.close();
  });

  it("uses the room again that trimming frees: the file does not grow under a steady load", async () => {
    const log = await openLmdbStreamLog({ path, log: silentLog });
    await log.ensureStream(STREAM, { partitions: 1 });
    const block = recordsOf(Array(2000).fill(`{"text":"${"x".repeat(500)}"}`), "abc", 0);
    const sizeAfter = async (rounds: number): Promise<number> => {
      for (let round = 0; round < rounds; round++) {
        await log.append(STREAM, block, 0);
        await log.trim(STREAM, 0, log.endOffset(STREAM, 0) - 4000);
      }
      return statSync(join(path, "data.mdb")).size;
    };
    const early = await sizeAfter(20);
    const late = await sizeAfter(60);
    expect(late).toBeLessThanOrEqual(early * 1.25);
    expect(late).toBeLessThan(20 * block.bytes.length);
    expect((await log.size(STREAM)).bytes).toBeLessThan(4 * block.bytes.length);
    await log.close();
  });

  it("finds damage, says where it is, never serves it and reads on behind it", async () => {
    let log = await openLmdbStreamLog({ path, log: silentLog });
    await log.ensureStream(STREAM, { partitions: 1 });
    const rows = (name: string) => Array.from({ length: 2000 }, (_, i) => `{"${name}":${i}}`);
    for (const name of ["before", "damaged", "behind"]) await log.append(STREAM, recordsOf(rows(name), "abc", 0), 0);
    await log.close();

    const file = join(path, "data.mdb");
    const bytes = readFileSync(file);
    const at = bytes.indexOf('{"damaged":1234}');
    expect(at).toBeGreaterThan(0);
    bytes[at + 12] = bytes[at + 12]! ^ 1;
    writeFileSync(file, bytes);

    log = await openLmdbStreamLog({ path, log: silentLog });
    expect(rowsOf(await log.read(STREAM, 0, 0, EVERYTHING))).toEqual(rows("before"));
    await expect(log.read(STREAM, 0, 2000, EVERYTHING)).rejects.toMatchObject({
      code: "log_unavailable",
      extra: { stream: STREAM, partition: 0, offset: 2000, nextOffset: 4000 },
    });
    expect(rowsOf(await log.read(STREAM, 0, 4000, EVERYTHING))).toEqual(rows("behind"));
    await log.close();
  });

  it("stores single events of one moment as one record batch", async () => {
    const log = await openLmdbStreamLog({ path, log: silentLog });
    await log.ensureStream(STREAM, { partitions: 1 });
    await Promise.all(
      Array.from({ length: 500 }, (_, i) => log.append(STREAM, recordsOf([`{"n":${i}}`], "abc", 1000), 0)),
    );
    expect(await log.read(STREAM, 0, 0, EVERYTHING)).toHaveLength(1);
    await log.close();
  });
});

/** Kills the process as soon as it has acknowledged `count` events; what it printed in whole lines was acknowledged. */
async function killAfter(child: ChildProcess, acknowledged: Map<number, string>, count: number): Promise<void> {
  let rest = "";
  let seen = 0;
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const space = line.indexOf(" ");
      acknowledged.set(Number(line.slice(0, space)), line.slice(space + 1));
      seen++;
    }
    if (seen >= count) child.kill("SIGKILL");
  });
  await once(child, "close");
}

async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "close");
}
