// What may be changed in production: alone, nothing that could lose stored values; beside other writers, nothing that inserts would have to stand still for.
import { type AggregationSpec, aggregation, aggregationSpec, count, model, modelSpec, t } from "@moose/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../adapters/clickhouse/test-database.ts";
import { silentLog } from "../telemetry/log.ts";
import { applyManifest } from "./apply-manifest.ts";
import type { MigrationMode } from "./migration-step.ts";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

const fields = { origin: t.string().key(), delay: t.int16() };
const Flight = model("Flight", fields);
const Wider = model("Flight", { ...fields, distance: t.uint32().optional() });
const byOrigin = (name: string): AggregationSpec =>
  aggregationSpec(
    aggregation(name, { from: Flight, dimensions: { origin: "origin" }, measures: { flights: count() } }),
  );

async function apply(one: ReturnType<typeof model>, aggregations: AggregationSpec[], mode: MigrationMode) {
  const manifest = { models: [modelSpec(one)], aggregations };
  return (await applyManifest({ database: opened.database, manifest, log: silentLog, mode })).changes;
}

test("tables, their aggregations and columns are made; an aggregation of stored rows needs a writer that is alone", async () => {
  const first = byOrigin("First");
  const second = byOrigin("Second");
  expect(await apply(Flight, [first], "beside-writers")).toEqual(["table Flight created", "aggregation First created"]);
  expect(await apply(Flight, [first], "beside-writers")).toEqual([]);
  expect((await apply(Wider, [first], "beside-writers"))[0]).toMatch(/column distance added/);
  await expect(apply(Wider, [first, second], "beside-writers")).rejects.toMatchObject({
    code: "project_invalid",
    message: expect.stringContaining("start one with --sole-writer"),
  });
  expect(await apply(Wider, [first, second], "safe")).toEqual(["aggregation Second created"]);
  expect(await apply(Wider, [first, second], "beside-writers")).toEqual([]);
});

test("nothing that could lose stored values is done, nor is what is gone dropped", async () => {
  const Other = model("Flight", { origin: t.string().key(), delay: t.string() });
  await expect(apply(Other, [], "beside-writers")).rejects.toMatchObject({ code: "project_invalid" });
  const changes = await apply(Wider, [], "beside-writers");
  expect(changes).toEqual([]);
  const { rows } = await opened.database.query("SELECT name FROM system.tables WHERE name = 'First_view'");
  expect(rows).toHaveLength(1);
});

test("in safe mode a column whose field is gone stays, and a conversion is refused", async () => {
  const database = opened.open("safe");
  const safely = async (one: ReturnType<typeof model>) => {
    const manifest = { models: [modelSpec(one)], aggregations: [] };
    return (await applyManifest({ database, manifest, log: silentLog, mode: "safe" })).changes;
  };
  await safely(Flight);
  await database.command("INSERT INTO Flight (origin, delay) VALUES ('SFO', 5)");
  expect(await safely(model("Flight", { origin: t.string().key() }))).toEqual([]);
  expect((await database.query("SELECT delay FROM Flight")).rows).toEqual([[5]]);
  const Other = model("Flight", { origin: t.int16().key() });
  await expect(safely(Other)).rejects.toMatchObject({ code: "project_invalid" });
});
