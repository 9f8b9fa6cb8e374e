// Events with ids on Kafka are stored once when the broker's answer is lost: what became of the append is learned before they are sent again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCore, model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../adapters/kafka/test-broker.ts";
import { EVERYTHING, openTestLog } from "../adapters/kafka/test-kafka-log.ts";
import { openLmdbEventIdStore } from "../adapters/lmdb-event-ids/lmdb-event-id-store.ts";
import { parseEventIds } from "../model/event-ids.ts";
import { rowsOf } from "../model/record-rows.ts";
import type { Catalog } from "../ports/catalog.ts";
import { silentLog } from "../telemetry/log.ts";
import { createAcceptEvents } from "./accept-events.ts";
import { openEventIdIndex } from "./event-id-index.ts";

const STREAM = "Flight.1.0";
let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
}, 100_000);
afterAll(() => broker?.remove());

it("events with ids that were refused while the broker had them are stored once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "moose-event-ids-kafka-"));
  const core = await createCore();
  const stream = await openTestLog(broker.address, { appendTimeoutMs: 1_000 });
  await stream.ensureStream(STREAM, { partitions: 2 });
  const store = await openLmdbEventIdStore({ path: folder });
  const index = await openEventIdIndex({ stream, store, log: silentLog });
  const flight = { core: core.load(modelSpec(model("Flight", { id: t.string() }))), stream: STREAM, table: "Flight" };
  const catalog: Catalog = {
    state: { revision: 1, models: new Map([["Flight", flight]]), aggregations: new Map() },
    model: () => flight,
    coreFor: () => flight.core,
    onChange: () => () => {},
  };
  const accept = createAcceptEvents({
    catalog,
    stream,
    eventIds: index,
    limits: { maxInputBytes: core.maxInputBytes },
  });
  const send = (ids: string, ...rows: string[]) =>
    accept({
      model: "Flight",
      body: Buffer.from(rows.map((id) => `{"id":"${id}"}\n`).join("")),
      format: "ndjson",
      mode: "partial",
      eventIds: parseEventIds(`producer-a-0123456789;${ids}`),
    });
  try {
    // Two, so that the producer is connected to the broker of both partitions.
    await send("0", "0");
    await send("1", "1");
    broker.pause();
    try {
      await expect(send("2-3", "2", "3")).rejects.toMatchObject({ code: "log_unavailable" });
    } finally {
      // The second request has begun when the broker goes on.
      setImmediate(() => broker.resume());
    }
    // What the broker had of them may have been their claim alone: then none of them was stored.
    const { status, accepted, duplicates } = await send("2-4", "2", "3", "4");
    expect([status, accepted + duplicates]).toEqual([200, 3]);
    const stored = await Promise.all([0, 1].map((partition) => stream.read(STREAM, partition, 0, EVERYTHING)));
    expect(stored.flatMap(rowsOf).sort()).toEqual(["0", "1", "2", "3", "4"].map((id) => `{"id":"${id}"}`));
  } finally {
    await index.close();
    await store.close();
    await stream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
