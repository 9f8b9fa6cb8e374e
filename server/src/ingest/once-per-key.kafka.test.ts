// One key on Kafka runs once when the broker's answer is lost: the rows may be stored where this process does not know of them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../adapters/kafka/test-broker.ts";
import { EVERYTHING, newPrefix, openTestLog } from "../adapters/kafka/test-kafka-log.ts";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import { createOncePerKey, type OncePerKey } from "./once-per-key.ts";

const STREAM = "Flight.1.0";
const ROWS = ['{"n":1}', '{"n":2}'];
let broker: TestBroker;
let folder: string;
let topicPrefix: string;
let log: StreamLog;
let store: IdempotencyStore;
let once: OncePerKey<readonly AppendResult[]>;

beforeAll(async () => {
  broker = await startTestBroker();
}, 100_000);
afterAll(() => broker?.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-once-kafka-"));
  topicPrefix = newPrefix();
  log = await openTestLog(broker.address, { topicPrefix, appendTimeoutMs: 1_000 });
  await log.ensureStream(STREAM, { partitions: 2 });
  store = await openLmdbIdempotencyStore({ path: folder });
  once = createOncePerKey(store, log, Date.now);
});
afterEach(async () => {
  await log.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const send = () => once.run("key", "digest", (append) => append(STREAM, recordsOf(ROWS, "abc", Date.now())));

async function storedRows(reader: StreamLog): Promise<string[]> {
  const partitions = await Promise.all([0, 1].map((partition) => reader.read(STREAM, partition, 0, EVERYTHING)));
  return partitions.flatMap(rowsOf);
}

describe("once per key on Kafka", () => {
  it("waits for the fate of an append that was refused while the broker had it", async () => {
    // Connects the producer: the next append reaches the broker's socket.
    await log.append(STREAM, recordsOf(['{"n":0}'], "abc", 1), 0);
    broker.pause();
    try {
      await expect(send()).rejects.toMatchObject({ code: "log_unavailable" });
    } finally {
      // The second run has begun when the broker goes on, so that it cannot know more than the first one did.
      setImmediate(() => broker.resume());
    }
    const [result] = await send();
    expect((await storedRows(log)).sort()).toEqual(['{"n":0}', ...ROWS]);
    const found = await log.read(STREAM, result!.partition, result!.baseOffset, EVERYTHING);
    expect(rowsOf(found)).toEqual(ROWS);
  }, 60_000);

  it("finds rows that lie behind the end that this process knows", async () => {
    // As a process would leave it that ended between the append and the answer, and another that was open all the time.
    const other = await openTestLog(broker.address, { topicPrefix });
    try {
      await other.ensureStream(STREAM, { partitions: 2 });
      const elsewhere = createOncePerKey<readonly AppendResult[]>(store, other, Date.now);
      let appended: readonly AppendResult[] | undefined;
      const crash = elsewhere.run("key", "digest", async (append) => {
        appended = await append(STREAM, recordsOf(ROWS, "abc", Date.now()));
        throw new Error("the process ends here");
      });
      await expect(crash).rejects.toThrow("ends here");
      expect(await send()).toEqual(appended);
      expect(await storedRows(log)).toEqual(ROWS);
    } finally {
      await other.close();
    }
  }, 60_000);
});
