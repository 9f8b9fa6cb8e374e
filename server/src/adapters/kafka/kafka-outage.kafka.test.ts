// Brokers that end, hang and come back; members of a group that are killed or stopped. Nothing acknowledged is lost, nothing stays held.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bundleForNode, type NodeBundle, startNode } from "../../lib/test-node-process.ts";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import type { StreamLog } from "../../ports/stream-log.ts";
import { TestMember } from "../../ports/stream-log-groups.contract.ts";
import { startTestBroker, type TestBroker } from "./test-broker.ts";
import { EVERYTHING, newPrefix, openTestLog } from "./test-kafka-log.ts";

const STREAM = "Flight.1.0";
const WAIT = { timeout: 30_000 };
let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker?.remove());

describe("a broker", () => {
  let topicPrefix: string;
  let log: StreamLog;

  beforeEach(async () => {
    topicPrefix = newPrefix();
    log = await openTestLog(broker.address, { topicPrefix, appendTimeoutMs: 60_000 });
    await log.ensureStream(STREAM, { partitions: 2 });
  });
  afterEach(() => log.close());

  async function storedRows(): Promise<string[]> {
    const partitions = await Promise.all([0, 1].map((partition) => log.read(STREAM, partition, 0, EVERYTHING)));
    return partitions.flatMap(rowsOf);
  }

  it("that is killed and started again has each acknowledged event once, and those in doubt at most once", async () => {
    const acknowledged: string[] = [];
    const doubtful: string[] = [];
    let appended = 0;
    let stopping = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; !stopping; i++) {
        const rows = Array.from({ length: 20 }, (_, row) => `{"id":"${writer}.${i}.${row}"}`);
        const result = await log.append(STREAM, recordsOf(rows, "abc", i), writer % 2).catch(() => undefined);
        (result === undefined ? doubtful : acknowledged).push(...rows);
        appended++;
      }
    });
    await expect.poll(() => appended, WAIT).toBeGreaterThan(50);
    await broker.kill();
    await broker.start();
    const before = appended;
    await expect.poll(() => appended - before, WAIT).toBeGreaterThan(20);
    stopping = true;
    await Promise.all(writers);
    const stored = await storedRows();
    const kept = new Set(stored);
    expect(stored.length).toBe(kept.size);
    expect(acknowledged.filter((row) => !kept.has(row))).toEqual([]);
    const known = new Set([...acknowledged, ...doubtful]);
    expect(stored.filter((row) => !known.has(row))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(0);
  }, 150_000);

  it("that hangs lets appends be refused in time, and takes them when it goes on", async () => {
    const hasty = await openTestLog(broker.address, { topicPrefix, appendTimeoutMs: 1_000 });
    await hasty.ensureStream(STREAM, { partitions: 2 });
    await hasty.append(STREAM, recordsOf(['{"n":0}'], "abc", 1), 0);
    broker.pause();
    const refused = await Promise.allSettled(
      ['{"n":1}', '{"n":2}'].map((row) => hasty.append(STREAM, recordsOf([row], "abc", 1), 0)),
    );
    broker.resume();
    for (const outcome of refused)
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "log_unavailable", retryAfterSeconds: 2 } });
    await expect
      .poll(
        () =>
          hasty.append(STREAM, recordsOf(['{"n":3}'], "abc", 1), 0).then(
            () => "stored",
            () => "refused",
          ),
        WAIT,
      )
      .toBe("stored");
    const rows = (await storedRows()).filter((row) => row === '{"n":0}' || row === '{"n":3}');
    expect(rows[0]).toBe('{"n":0}');
    expect(rows.at(-1)).toBe('{"n":3}');
    await hasty.close();
  });

  it("is asked for its end: what another process has stored counts after `settle`, whether anybody follows it or not", async () => {
    const other = await openTestLog(broker.address, { topicPrefix });
    await other.ensureStream(STREAM, { partitions: 2 });
    await log.append(STREAM, recordsOf(['{"n":0}', '{"n":1}'], "abc", 1), 1);
    await other.settle!(STREAM);
    expect([0, 1].map((partition) => other.endOffset(STREAM, partition))).toEqual([0, 2]);
    await other.close();
  });

  it("that does not come back leaves a log that can be closed", async () => {
    const hasty = await openTestLog(broker.address, { topicPrefix, appendTimeoutMs: 500 });
    await hasty.ensureStream(STREAM, { partitions: 2 });
    broker.pause();
    try {
      await expect(hasty.append(STREAM, recordsOf(['{"n":0}'], "abc", 1), 0)).rejects.toMatchObject({
        code: "log_unavailable",
      });
      await hasty.close();
    } finally {
      broker.resume();
    }
  }, 60_000);

  it("that is not there is said to be, when the time for it is over", async () => {
    await expect(openTestLog("127.0.0.1:1", { openTimeoutMs: 500 })).rejects.toMatchObject({ code: "log_unavailable" });
  });
});

describe("a member in another process", () => {
  let bundle: NodeBundle;
  let log: StreamLog;
  let topicPrefix: string;
  let child: ChildProcess;
  let told: { held?: number[]; saved?: string }[];

  beforeAll(async () => {
    bundle = await bundleForNode({ member: fileURLToPath(new URL("test-group-process.ts", import.meta.url)) });
  });
  afterAll(() => bundle?.remove());
  beforeEach(async () => {
    topicPrefix = newPrefix();
    told = [];
    child = startNode(bundle.path("member"), [broker.address, topicPrefix, STREAM, "1500"]);
    child.on("message", (message: { held?: number[] }) => told.push(message));
    await expect.poll(() => told.at(-1)?.held, WAIT).toEqual([0, 1]);
    log = await openTestLog(broker.address, { topicPrefix, sessionTimeoutMs: 1_500, revokeTimeoutMs: 2_000 });
  });
  afterEach(async () => {
    child.kill("SIGKILL");
    await log.close();
  });

  async function childSaves(partition: number, first: number, last: number): Promise<string | undefined> {
    const before = told.filter(({ saved }) => saved !== undefined).length;
    child.send({ partition, first, last });
    await expect.poll(() => told.filter(({ saved }) => saved !== undefined).length, WAIT).toBe(before + 1);
    return told.findLast(({ saved }) => saved !== undefined)!.saved;
  }

  it("that is killed leaves its recorded range to who comes after it", async () => {
    expect(await childSaves(1, 3, 9)).toBe("saved");
    const member = new TestMember();
    const membership = await log.join("table", member);
    const followed = membership.follow([STREAM]);
    await expect.poll(() => member.held.size, WAIT).toBe(1);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    await followed;
    await expect.poll(() => [...member.held].sort(), WAIT).toEqual([`${STREAM}/0`, `${STREAM}/1`]);
    expect(await log.progress("table", STREAM, 1)).toEqual({ committed: 3, pending: { first: 3, last: 9 } });
    await log.saveProgress("table", STREAM, 1, { committed: 9 });
    expect(await log.progress("table", STREAM, 1)).toEqual({ committed: 9 });
    expect(member.mistakes).toEqual([]);
  });

  it("that was stopped for too long cannot save progress any more, and hears of it", async () => {
    child.kill("SIGSTOP");
    const member = new TestMember();
    const membership = await log.join("table", member);
    await membership.follow([STREAM]);
    await expect.poll(() => member.held.size, WAIT).toBe(2);
    await log.saveProgress("table", STREAM, 0, { committed: 5 });
    child.kill("SIGCONT");
    expect(await childSaves(0, 2, 4)).toBe("fenced");
    expect(await log.progress("table", STREAM, 0)).toEqual({ committed: 5 });
    // It takes part again, with a share.
    await expect.poll(() => [told.findLast(({ held }) => held)?.held?.length, member.held.size], WAIT).toEqual([1, 1]);
    expect(member.mistakes).toEqual([]);
  });
});
