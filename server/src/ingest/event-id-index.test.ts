// Events that are sent again are stored once: with the real log, core and store, over batch cuts, restarts, failures and the bounds.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, createCore, model, modelSpec, t } from "@moose/core";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { openLmdbEventIdStore } from "../adapters/lmdb-event-ids/lmdb-event-id-store.ts";
import { MooseError } from "../model/errors.ts";
import { parseEventIds, rangesText } from "../model/event-ids.ts";
import { covers, decodePosition } from "../model/position.ts";
import { rowsOf } from "../model/record-rows.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { EventIdStore } from "../ports/event-id-store.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import { type AcceptEvents, createAcceptEvents, type IngestReply } from "./accept-events.ts";
import { type EventIdIndex, openEventIdIndex } from "./event-id-index.ts";
import { defaultProducerLimits, type ProducerLimits } from "./known-producers.ts";

const STREAM = "Flight.1.0";
const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };
const A = "producer-a-0123456789";
const B = "producer-b-0123456789";

let core: Core;
let folder: string;
let stream: StreamLog;
let store: EventIdStore;
let index: EventIdIndex;
let accept: AcceptEvents;
let nowMs = 1_000_000;

beforeAll(async () => {
  core = await createCore();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "moose-event-ids-"));
  nowMs = 1_000_000;
  await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(limits: Partial<ProducerLimits> = {}, wrap = (log: StreamLog): StreamLog => log): Promise<void> {
  stream = wrap(await openLmdbStreamLog({ path: join(folder, "log"), log: silentLog }));
  await stream.ensureStream(STREAM, { partitions: 3 });
  store = await openLmdbEventIdStore({ path: join(folder, "ids") });
  index = await openEventIdIndex({ stream, store, log: silentLog, limits, now: () => nowMs });
  const flight = {
    core: core.load(modelSpec(model("Flight", { id: t.string() }, { partitionKey: "id" }))),
    stream: STREAM,
    table: "Flight",
  };
  const catalog: Catalog = {
    state: { revision: 1, models: new Map([["Flight", flight]]), aggregations: new Map() },
    model: () => flight,
    coreFor: () => flight.core,
    onChange: () => () => {},
  };
  accept = createAcceptEvents({ catalog, stream, eventIds: index, limits: { maxInputBytes: core.maxInputBytes } });
}

async function close({ checkpoint = true } = {}): Promise<void> {
  if (checkpoint) await index.close();
  await store.close();
  await stream.close();
}

const row = (producer: string, sequence: number) => `{"id":"${producer.at(9)}${sequence}"}`;

/** Sends the events of a producer that have these numbers; `bad` ones are not valid. */
function send(
  producer: string,
  sequences: readonly number[],
  bad: ReadonlySet<number> = new Set(),
): Promise<IngestReply> {
  const rows = sequences.map((sequence) => (bad.has(sequence) ? '{"id":7}' : row(producer, sequence)));
  return accept({
    model: "Flight",
    body: Buffer.from(rows.map((text) => `${text}\n`).join("")),
    format: "ndjson",
    mode: "partial",
    eventIds: parseEventIds(`${producer};${rangesText(sequences.map((sequence) => [sequence, sequence]))}`),
  });
}

async function stored(): Promise<string[]> {
  const rows: string[] = [];
  for (let partition = 0; partition < 3; partition++)
    rows.push(...rowsOf(await stream.read(STREAM, partition, 0, EVERYTHING)));
  return rows;
}
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe("events with ids", () => {
  it("are stored once in whatever batches they come, and the position of a duplicate covers it", async () => {
    expect(await send(A, numbers(0, 10))).toMatchObject({ status: 200, accepted: 10, duplicates: 0 });
    expect(await send(A, numbers(5, 15))).toMatchObject({ status: 200, accepted: 5, duplicates: 5 });
    const again = await send(A, [0, 3, 14]);
    expect(again).toMatchObject({ status: 200, accepted: 0, duplicates: 3 });
    const ends = [0, 1, 2].map((partition) => stream.endOffset(STREAM, partition));
    expect(covers(decodePosition(again.position)!, new Map([[STREAM, ends]]))).toBe(true);
    expect(await send(B, numbers(0, 3))).toMatchObject({ accepted: 3, duplicates: 0 });
    expect((await stored()).sort()).toEqual(
      [...numbers(0, 15).map((n) => row(A, n)), ...numbers(0, 3).map((n) => row(B, n))].sort(),
    );
  });

  it("that were rejected are judged anew", async () => {
    expect(await send(A, numbers(0, 4), new Set([1, 2]))).toMatchObject({ status: 207, accepted: 2, rejected: 2 });
    expect(await send(A, numbers(0, 4), new Set([2]))).toMatchObject({
      status: 207,
      accepted: 1,
      duplicates: 2,
      rejected: 1,
    });
    expect(await send(A, numbers(2, 3), new Set([2]))).toMatchObject({ status: 422, accepted: 0, rejected: 1 });
    expect(await send(A, numbers(0, 4))).toMatchObject({ status: 200, accepted: 1, duplicates: 3 });
    expect((await stored()).sort()).toEqual(numbers(0, 4).map((n) => row(A, n)));
  });

  it("must be as many as the rows", async () => {
    const body = Buffer.from(`${row(A, 0)}\n`);
    const request = {
      model: "Flight",
      body,
      format: "ndjson",
      mode: "partial",
      eventIds: parseEventIds(`${A};0-1`),
    } as const;
    await expect(accept(request)).rejects.toMatchObject({ code: "invalid_parameter" });
    expect(await stored()).toEqual([]);
  });

  it("are known after a restart, with and without a checkpoint", async () => {
    await send(A, numbers(0, 50));
    await close();
    await open();
    expect(await send(A, numbers(0, 50))).toMatchObject({ accepted: 0, duplicates: 50 });
    await send(A, numbers(60, 70));
    await close({ checkpoint: false });
    await open();
    expect(await send(A, numbers(0, 70))).toMatchObject({ accepted: 10, duplicates: 60 });
    expect(await stored()).toHaveLength(70);
  });

  it("may come again at the same time: one request stores them, the others wait and see", async () => {
    const sends = Array.from({ length: 20 }, (_, turn) => send(A, numbers(turn % 5, 100 + turn)));
    const replies = await Promise.all(sends);
    const total = replies.reduce((sum, reply) => sum + reply.accepted, 0);
    expect(total).toBe(119);
    expect(new Set(await stored()).size).toBe(119);
    expect(await stored()).toHaveLength(119);
  });

  it("can be sent again when the log refused them", async () => {
    let refuse = true;
    await close();
    const failing = (log: StreamLog) =>
      new Proxy(log, {
        get: (target, name: keyof StreamLog) =>
          name === "append" && refuse
            ? () => Promise.reject(new MooseError("disk_full", "The disk is full."))
            : target[name]?.bind(target),
      });
    await open({}, failing);
    const both = await Promise.allSettled([send(A, [1, 2]), send(A, [2, 3])]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    refuse = false;
    expect(await send(A, [1, 2, 3])).toMatchObject({ accepted: 3, duplicates: 0 });
  });

  it("are forgotten with a producer that was silent for the window", async () => {
    await send(A, [1]);
    nowMs += defaultProducerLimits.windowMs + 1;
    await send(B, [1]);
    await index.save();
    expect(await send(A, [1])).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await send(B, [1])).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it("are kept of so many producers at most, the last ones, and of so many ranges", async () => {
    await close();
    await open({ maxProducers: 3, maxRangesOfProducer: 4 });
    const producers = numbers(0, 5).map((n) => `producer-${n}-0123456789`);
    for (const producer of producers) await send(producer, [1]);
    const again = await Promise.all(producers.slice(2).map((producer) => send(producer, [1])));
    expect(again.map(({ duplicates }) => duplicates)).toEqual([1, 1, 1]);
    expect(await send(producers[0]!, [1])).toMatchObject({ duplicates: 0 });
    await send(A, [0, 2, 4, 6, 8, 10]);
    expect(await send(A, [0, 2, 4, 6, 8, 10])).toMatchObject({ accepted: 2, duplicates: 4 });
  });

  it("are those that a set would let through, in any order of sends, restarts and lost checkpoints", async () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          producer: fc.constantFrom(A, B),
          from: fc.nat(40),
          count: fc.integer({ min: 1, max: 12 }),
          step: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { weight: 1, arbitrary: fc.constant("restart" as const) },
      { weight: 1, arbitrary: fc.constant("crash" as const) },
      { weight: 1, arbitrary: fc.constant("checkpoint" as const) },
    );
    const model = new Set<string>();
    let offset = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        // Every run goes on with the same log, with numbers of its own.
        offset += 100;
        for (const one of steps) {
          if (one === "checkpoint") await index.save();
          else if (typeof one === "string") {
            await close({ checkpoint: one === "restart" });
            await open();
          } else {
            const sequences = Array.from({ length: one.count }, (_, i) => offset + one.from + i * one.step);
            const fresh = sequences.filter((sequence) => !model.has(row(one.producer, sequence)));
            expect(await send(one.producer, sequences)).toMatchObject({
              accepted: fresh.length,
              duplicates: sequences.length - fresh.length,
            });
            for (const sequence of fresh) model.add(row(one.producer, sequence));
          }
        }
        expect((await stored()).sort()).toEqual([...model].sort());
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
