// Load shedding: what is turned away, for which models, with which words, and when it is over.
import { expect, test } from "vitest";
import { MooseError } from "../model/errors.ts";
import type { Catalog } from "../ports/catalog.ts";
import { createAdmission } from "./admit-events.ts";
import type { OverloadReason } from "./overload-policy.ts";

const MEBIBYTE = 1024 * 1024;

function setUp() {
  const models = new Map(["A", "B"].map((name) => [name, { stream: `${name}.1`, table: name }]));
  const catalog = { state: { models } } as unknown as Catalog;
  const world = {
    ends: { "A.1": [0, 0], "B.1": [0, 0] } as Record<string, number[]>,
    delivered: new Map<string, number[]>([
      ["A.1", [0, 0]],
      ["B.1", [0, 0]],
    ]),
    memoryBytes: 0,
    freeDiskBytes: Number.POSITIVE_INFINITY,
    nowMs: 0,
  };
  const refused: OverloadReason[] = [];
  const changes: string[] = [];
  const lags = new Map<string, number>();
  const admission = createAdmission({
    catalog,
    stream: {
      partitions: (name) => world.ends[name]!.length,
      endOffset: (name, partition) => world.ends[name]![partition]!,
    },
    delivered: () => world.delivered,
    pressure: () => ({
      memoryBytes: world.memoryBytes,
      maxMemoryBytes: 100 * MEBIBYTE,
      freeDiskBytes: world.freeDiskBytes,
    }),
    limits: { maxLagBytes: 10 * MEBIBYTE, minFreeDiskBytes: 64 * MEBIBYTE, maxLoopDelayMs: 50 },
    onRefused: (reason) => refused.push(reason),
    onChange: (reason, model = "all") => changes.push(`${model} ${reason ?? "over"}`),
    onLag: (model, bytes) => lags.set(model, bytes),
    nowMs: () => world.nowMs,
  });
  admission.close();
  /** A look, as the timer has it: `lateMs` after it was due. */
  const look = (lateMs = 0): void => {
    world.nowMs += 100 + lateMs;
    admission.look();
  };
  const refusal = (model: string): MooseError | undefined => {
    try {
      admission.admit(model);
      return undefined;
    } catch (error) {
      if (error instanceof MooseError) return error;
      throw error;
    }
  };
  return { world, admission, look, refusal, refused, changes, lags };
}

test("a model whose events wait for their table over the limit is turned away, others are not, until it is over", () => {
  const { world, admission, look, refusal, refused, changes, lags } = setUp();
  admission.observe("A", 1_000, MEBIBYTE);
  world.ends["A.1"] = [6_000, 4_001];
  look();
  expect(lags.get("A")).toBeGreaterThan(10 * MEBIBYTE);
  expect(refusal("A")).toMatchObject({ code: "overloaded", retryAfterSeconds: 5, extra: { reason: "lag" } });
  expect(refusal("A")!.message).toContain("events of A wait for their table");
  expect(refusal("B")).toBeUndefined();
  world.delivered.set("A.1", [6_000, 0]);
  look();
  expect(refusal("A")).toBeUndefined();
  expect(refused).toEqual(["lag", "lag"]);
  expect(changes).toEqual(["A lag", "A over"]);
});

test("a bound that was met holds until there is a tenth of room", () => {
  const { world, admission, look, refusal, changes } = setUp();
  admission.observe("A", 1_000, MEBIBYTE);
  const lag = (events: number): void => {
    world.ends["A.1"] = [events, 0];
    look();
  };
  lag(9_900);
  expect(refusal("A")).toBeUndefined();
  lag(10_100);
  lag(9_900);
  lag(9_100);
  expect(refusal("A")).toBeDefined();
  lag(8_900);
  expect(refusal("A")).toBeUndefined();
  lag(9_900);
  expect(refusal("A")).toBeUndefined();
  expect(changes).toEqual(["A lag", "A over"]);
  world.memoryBytes = 101 * MEBIBYTE;
  look();
  world.memoryBytes = 95 * MEBIBYTE;
  look();
  expect(refusal("B")).toBeDefined();
  world.memoryBytes = 89 * MEBIBYTE;
  look();
  expect(refusal("B")).toBeUndefined();
});

test("nothing is turned away while it is not known how large events are, or how far the table is", () => {
  const { world, admission, look, refusal } = setUp();
  world.ends["A.1"] = [1e12, 0];
  look();
  expect(refusal("A")).toBeUndefined();
  admission.observe("A", 1, 1_000);
  world.delivered.delete("A.1");
  look();
  expect(refusal("A")).toBeUndefined();
});

test("the size of events follows what comes", () => {
  const { world, admission, look, lags } = setUp();
  admission.observe("A", 100, 100 * 1_000);
  for (let request = 0; request < 200; request++) admission.observe("A", 100, 100 * 50);
  world.ends["A.1"] = [1_000, 0];
  look();
  expect(lags.get("A")! / 1_000).toBeCloseTo(50, 0);
});

test.each([
  ["disk", { freeDiskBytes: 63 * MEBIBYTE }, "disk_full", 5],
  ["memory", { memoryBytes: 101 * MEBIBYTE }, "overloaded", 1],
] as const)("too little %s turns every model away", (reason, change, code, retryAfterSeconds) => {
  const { world, look, refusal, changes } = setUp();
  const before = { memoryBytes: world.memoryBytes, freeDiskBytes: world.freeDiskBytes };
  Object.assign(world, change);
  look();
  look();
  for (const model of ["A", "B"]) expect(refusal(model)).toMatchObject({ code, retryAfterSeconds, extra: { reason } });
  Object.assign(world, before);
  look();
  expect(refusal("A")).toBeUndefined();
  expect(changes).toEqual([`all ${reason}`, "all over"]);
});

test("an event loop that is late for long turns every model away, one late look does not", () => {
  const { look, refusal } = setUp();
  look(200);
  expect(refusal("A")).toBeUndefined();
  for (let count = 0; count < 5; count++) look(200);
  expect(refusal("A")).toMatchObject({ code: "overloaded", extra: { reason: "event_loop" } });
  for (let count = 0; count < 15; count++) look();
  expect(refusal("A")).toBeUndefined();
});
