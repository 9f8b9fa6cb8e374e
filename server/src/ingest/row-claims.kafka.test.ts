// Two processes that ingest on one Kafka: what is sent again is stored once, whichever of them gets it, and whatever became of the first try.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, createCore, model, modelSpec, t } from "@moose/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../adapters/kafka/test-broker.ts";
import { EVERYTHING, newPrefix, openTestLog } from "../adapters/kafka/test-kafka-log.ts";
import { openLmdbEventIdStore } from "../adapters/lmdb-event-ids/lmdb-event-id-store.ts";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { parseEventIds } from "../model/event-ids.ts";
import { rowsOf } from "../model/record-rows.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import { type AcceptEvents, createAcceptEvents, type IngestReply } from "./accept-events.ts";
import { openEventIdIndex } from "./event-id-index.ts";

const STREAM = "Flight.1.0";
const PARTITIONS = 3;
const WAIT = { timeout: 150_000 };
let broker: TestBroker;
let core: Core;
let topicPrefix: string;
let open: Ingest[];

interface Ingest {
  readonly accept: AcceptEvents;
  readonly log: StreamLog;
  close(): Promise<void>;
}

/** What a process with the role ingest has of its own: a log, and a data folder. */
async function openIngest(appendTimeoutMs = 15_000): Promise<Ingest> {
  const folder = mkdtempSync(join(tmpdir(), "moose-claims-"));
  const log = await openTestLog(broker.address, { topicPrefix, appendTimeoutMs });
  await log.ensureStream(STREAM, { partitions: PARTITIONS });
  const idempotency = await openLmdbIdempotencyStore({ path: join(folder, "keys") });
  const store = await openLmdbEventIdStore({ path: join(folder, "ids") });
  const eventIds = await openEventIdIndex({ stream: log, store, log: silentLog });
  const spec = modelSpec(model("Flight", { id: t.string(), text: t.string().optional() }, { partitionKey: "id" }));
  const flight = { core: core.load(spec), stream: STREAM, table: "Flight" };
  const catalog: Catalog = {
    state: { revision: 1, models: new Map([["Flight", flight]]), aggregations: new Map() },
    model: () => flight,
    coreFor: () => flight.core,
    onChange: () => () => {},
  };
  const limits = { maxInputBytes: core.maxInputBytes };
  const ingest = {
    accept: createAcceptEvents({ catalog, stream: log, idempotency, eventIds, limits, partitions: PARTITIONS }),
    log,
    async close() {
      await eventIds.close();
      await store.close();
      await idempotency.close();
      await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  open.push(ingest);
  return ingest;
}

beforeAll(async () => {
  [broker, core] = await Promise.all([startTestBroker(), createCore()]);
}, 100_000);
afterAll(() => broker?.remove());
beforeEach(() => {
  topicPrefix = newPrefix();
  open = [];
});
afterEach(async () => {
  for (const ingest of open) await ingest.close();
});

const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `${from + i}`);
const bodyOf = (rows: readonly string[], text = ""): Uint8Array =>
  Buffer.from(rows.map((id) => `${JSON.stringify(text === "" ? { id } : { id, text })}\n`).join(""));

function sendKeyed({ accept }: Ingest, idempotencyKey: string, body: Uint8Array): Promise<IngestReply> {
  return accept({ model: "Flight", body, format: "ndjson", mode: "partial", idempotencyKey });
}

function sendNumbered({ accept }: Ingest, producer: string, from: number, to: number): Promise<IngestReply> {
  const eventIds = parseEventIds(`${producer};${from}-${to - 1}`);
  return accept({ model: "Flight", body: bodyOf(ids(from, to)), format: "ndjson", mode: "partial", eventIds });
}

/** As the topic has them, seen by nobody who took part. */
async function stored(): Promise<string[]> {
  const log = await openTestLog(broker.address, { topicPrefix });
  try {
    const rows: string[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++)
      rows.push(...rowsOf(await log.read(STREAM, partition, 0, EVERYTHING)));
    return rows.map((row) => (JSON.parse(row) as { id: string }).id).sort();
  } finally {
    await log.close();
  }
}

const until = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const deadline = performance.now() + WAIT.timeout; ; ) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
};

describe("two ingest processes", () => {
  it("store a request once, when it comes to both at the same moment or to the other one later", async () => {
    const [one, other] = [await openIngest(), await openIngest()];
    for (let round = 0; round < 10; round++) {
      const body = bodyOf(ids(round * 10, round * 10 + 10));
      const key = randomUUID();
      const replies = await Promise.all([one, other, one, other].map((ingest) => sendKeyed(ingest, key, body)));
      for (const reply of replies) expect(reply).toMatchObject({ status: 200, accepted: 10, duplicates: 0 });
    }
    // A process that begins later, with an empty folder, knows the requests of the last minutes.
    const key = randomUUID();
    await sendKeyed(one, key, bodyOf(ids(100, 110)));
    const late = await openIngest();
    expect(await sendKeyed(late, key, bodyOf(ids(100, 110)))).toMatchObject({ status: 200, accepted: 10 });
    expect(await stored()).toEqual(ids(0, 110).sort());
  }, 60_000);

  it("store numbered events once, in whatever batches they come to whichever process", async () => {
    const ingests = [await openIngest(), await openIngest()];
    const producer = randomUUID();
    const sends = Array.from({ length: 40 }, (_, turn) =>
      sendNumbered(ingests[turn % 2]!, producer, (turn % 7) * 10, (turn % 7) * 10 + 25),
    );
    const replies = await Promise.all(sends);
    expect(replies.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(85);
    expect(replies.every(({ accepted, duplicates }) => accepted + duplicates === 25)).toBe(true);
    expect(await stored()).toEqual(ids(0, 85).sort());
  }, 60_000);

  it("take over what a broker that hangs has of a try: it is stored by one of the two tries", async () => {
    const [hasty, other] = [await openIngest(500), await openIngest()];
    const keys = Array.from({ length: 6 }, () => randomUUID());
    await sendKeyed(hasty, randomUUID(), bodyOf(["first"]));
    await sendKeyed(other, randomUUID(), bodyOf(["second"]));
    for (const [round, key] of keys.entries()) {
      const body = bodyOf(ids(round * 10, round * 10 + 10));
      // The broker hangs somewhere between the claim and the answer.
      const tried = sendKeyed(hasty, key, body).then(
        () => "stored",
        () => "refused",
      );
      for (let turn = 0; turn < round * 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      broker.pause();
      const retried = until(() => sendKeyed(other, key, body));
      await tried;
      broker.resume();
      expect(await retried).toMatchObject({ status: 200, accepted: 10 });
    }
    // What the hasty process still sends on is known by now, or refused by the broker.
    await until(() => hasty.log.settle!(STREAM));
    expect(await stored()).toEqual([...ids(0, 60), "first", "second"].sort());
  }, 120_000);

  it("complete a request of which a broker that is killed has stored a part", async () => {
    const [one, other] = [await openIngest(3_000), await openIngest()];
    const rows = ids(0, 400);
    // About 12 MB, and so some four record batches in each partition.
    const body = bodyOf(rows, "x".repeat(30_000));
    let seen = 0;
    let killed: Promise<void> | undefined;
    other.log.onAppend(({ ends }) => {
      seen += ends.length;
      killed ??= broker.kill();
    });
    const key = randomUUID();
    await sendKeyed(one, key, body).catch(() => undefined);
    await killed;
    await broker.start();
    expect(seen).toBeLessThan(rows.length);
    for (const ingest of [other, one])
      expect(await until(() => sendKeyed(ingest, key, body))).toMatchObject({ status: 200, accepted: 400 });
    expect(await stored()).toEqual([...rows].sort());
  }, 300_000);
});
