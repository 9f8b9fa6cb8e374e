// Where events from quarantine go, and when they do not: with the real core, log and store of keys.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCore, model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { openLmdbIdempotencyStore } from "../adapters/lmdb-idempotency/lmdb-idempotency-store.ts";
import { createAcceptEvents } from "../ingest/accept-events.ts";
import { rowsOf } from "../model/record-rows.ts";
import type { IdempotencyStore } from "../ports/idempotency-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Readmit } from "../quarantine/quarantine-desk.ts";
import { silentLog } from "../telemetry/log.ts";
import { createCatalog } from "./catalog.ts";
import { createReadmit } from "./readmit.ts";

const STREAM = "Flight.1.0";
let folder: string;
let stream: StreamLog;
let keys: IdempotencyStore;
let readmit: Readmit;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-readmit-"));
  stream = await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog });
  keys = await openLmdbIdempotencyStore({ path: join(folder, "keys") });
  const core = await createCore();
  const catalog = createCatalog({ core, stream });
  catalog.replace(catalog.prepare({ models: [modelSpec(model("Flight", { origin: t.string() }))], aggregations: [] }));
  const limits = { maxInputBytes: core.maxInputBytes };
  const acceptEvents = createAcceptEvents({ catalog, stream, idempotency: keys, limits });
  readmit = createReadmit({ acceptEvents, hasFunction: (name) => name === "enrich" });
});
afterAll(async () => {
  await keys.close();
  await stream.close();
  rmSync(folder, { recursive: true, force: true });
});

const give = (key: string, event: string | Uint8Array, more: Partial<Parameters<Readmit>[0]> = {}) =>
  readmit({ key, model: "Flight", stream: STREAM, event: Buffer.from(event), dryRun: false, ...more });
const rowsIn = async (name: string): Promise<string[]> =>
  stream.streams().includes(name)
    ? rowsOf(await stream.read(name, 0, 0, { maxBytes: 1 << 20, maxRecords: 1_000 }))
    : [];

describe("readmit", () => {
  it("stores an event once under its key, and nothing in a dry run", async () => {
    expect(await give("a", '{"origin":"SFO"}', { dryRun: true })).toEqual({ outcome: "accepted", stream: STREAM });
    expect(await rowsIn(STREAM)).toEqual([]);
    for (let time = 0; time < 3; time++) {
      expect(await give("a", '{"origin":"SFO"}')).toEqual({ outcome: "accepted", stream: STREAM });
    }
    expect(await rowsIn(STREAM)).toEqual(['{"origin":"SFO"}']);
  });

  it("gives an event of a function to that function's input, and to nobody when there is no such function", async () => {
    const event = '{"origin":"JFK"}';
    const replays = "_replay-enrich.Flight.1.0";
    expect(await give("b", event, { by: "enrich" })).toEqual({ outcome: "accepted", stream: replays });
    expect(await rowsIn(replays)).toEqual([event]);
    const again = '{"origin":"BOS"}';
    const failedAgain = { by: "enrich", stream: replays };
    expect(await give("b2", again, failedAgain)).toEqual({ outcome: "accepted", stream: replays });
    expect(await rowsIn(replays)).toEqual([event, again]);
    expect(await give("c", event, { by: "gone" })).toEqual({ outcome: "unknown_function" });
    expect(await rowsIn(STREAM)).toEqual(['{"origin":"SFO"}']);
  });

  it.each([
    ["what is no JSON", "nonsense"],
    ["bytes that are no text", Buffer.from([0x7b, 0xff, 0x7d])],
    ["an object that is followed by more", '{"origin":"A"}{"origin":"B"}'],
    ["an array, which must not become its elements", '[{"origin":"A"},\n{"origin":"B"}]'],
    ["an empty event", ""],
    ["an object of several lines that does not fit", '{\n"origin":7}'],
  ])("refuses %s, and leaves its key free", async (_, event) => {
    const before = await rowsIn(STREAM);
    expect((await give("d", event)).outcome).toBe("refused");
    expect((await give("d", event)).outcome).toBe("refused");
    expect(await rowsIn(STREAM)).toEqual(before);
  });

  it("takes an object of several lines", async () => {
    expect((await give("d", '{\n"origin":"LAX"\n}')).outcome).toBe("accepted");
  });

  it("refuses an event of a model that the project does not have", async () => {
    expect(await give("e", "{}", { model: "Train" })).toMatchObject({
      outcome: "refused",
      reason: expect.stringContaining("Train"),
    });
  });
});
