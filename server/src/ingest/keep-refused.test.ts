// Refused rows are kept up to a bound, each with its own violations, and a quarantine that fails holds no request up.
import { type Core, createCore, type ModelCore, model, modelSpec, t } from "@moose/core";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MooseError } from "../model/errors.ts";
import type { Quarantine, QuarantinedEvents } from "../ports/quarantine.ts";
import { type Log, silentLog } from "../telemetry/log.ts";
import { judgeBody } from "./judge-body.ts";
import { createKeepRefused } from "./keep-refused.ts";
import { RefusalBudget } from "./refusal-budget.ts";

const HOUR_MS = 3_600_000;
const ROW = '{"origin":7}';
/** As the budget counts it. */
const ROW_BYTES = ROW.length + 600;

let core: Core;
let flight: ModelCore;
let put: QuarantinedEvents[];
let failure: MooseError | undefined;
let dropped: number;
let warnings: number;

beforeAll(async () => {
  core = await createCore();
  flight = core.load(modelSpec(model("Flight", { origin: t.string(), delay: t.int16().optional() })));
});
beforeEach(() => {
  put = [];
  failure = undefined;
  dropped = 0;
  warnings = 0;
});

const quarantine: Quarantine = {
  async put(events) {
    if (failure !== undefined) throw failure;
    put.push(events);
  },
  records: () => Promise.reject(new Error("not used here")),
};
const log: Log = { ...silentLog, warn: () => void warnings++ };
const keeper = (budget: RefusalBudget) =>
  createKeepRefused({
    quarantine,
    budget,
    log,
    onDropped: (_, rows) => {
      dropped += rows;
    },
  });
const refusedOf = (rows: readonly string[], maxErrors = 100) => {
  const body = Buffer.from(rows.join("\n"));
  const verdict = judgeBody(flight, body, "ndjson", { maxInputBytes: core.maxInputBytes, maxErrors });
  const { errors, errorsTruncated } = verdict;
  const rejectedRows = verdict.rejectedRows();
  return {
    core: flight,
    stream: "Flight.1.0",
    body,
    format: "ndjson",
    rejectedRows,
    errors,
    errorsTruncated,
    receivedAtMs: 0,
  } as const;
};

describe("RefusalBudget", () => {
  it("is full at first, and fills up again over the hour, never above its bound", () => {
    let nowMs = 0;
    const budget = new RefusalBudget({ maxBytesPerHour: 4 * ROW_BYTES, nowMs: () => nowMs });
    const takes = () => Array.from({ length: 10 }, () => budget.take(ROW.length)).filter(Boolean).length;
    expect(takes()).toBe(4);
    nowMs += HOUR_MS / 2;
    expect(takes()).toBe(2);
    nowMs += 100 * HOUR_MS;
    expect(takes()).toBe(4);
  });
});

describe("keeping refused rows", () => {
  it("goes as far as the budget, and says once that it goes no further", async () => {
    const keep = keeper(new RefusalBudget({ maxBytesPerHour: 3 * ROW_BYTES, nowMs: () => 0 }));
    expect(await keep(refusedOf([ROW, ROW]))).toBe(2);
    expect(await keep(refusedOf([ROW, '{"origin":"fine"}', ROW]))).toBe(1);
    for (let flood = 0; flood < 100; flood++)
      expect(await keep(refusedOf(Array.from({ length: 50 }, () => ROW)))).toBe(0);
    expect(put.map(({ events }) => events.length)).toEqual([2, 1]);
    expect([dropped, warnings]).toEqual([5_001, 1]);
  });

  it("knows the violations of each row, also beyond those that the reply lists", async () => {
    const keep = keeper(new RefusalBudget({ maxBytesPerHour: 1e9 }));
    const rows = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? '{"origin":7,"delay":"x"}' : "broken"));
    expect(await keep(refusedOf(rows, 5))).toBe(40);
    const paths = put[0]!.errors!.map((errors) => errors.map(({ path, code }) => `${path} ${code}`));
    for (const [n, found] of paths.entries()) {
      expect(found).toEqual(n % 2 === 0 ? ["/origin wrong_type", "/delay wrong_type"] : [" invalid_json"]);
    }
  });

  it("counts none as kept when quarantine fails, and does not fail itself", async () => {
    const keep = keeper(new RefusalBudget({ maxBytesPerHour: 1e9 }));
    failure = new MooseError("disk_full", "The disk is full.");
    expect(await keep(refusedOf([ROW, ROW]))).toBe(0);
    expect([dropped, warnings]).toEqual([2, 1]);
  });
});
