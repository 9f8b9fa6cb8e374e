// Planned queries against the real engine: right answers at every grain and filter, and nothing hostile gets through.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AggregationSpec, ModelSpec } from "@moose/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedEngine, startEmbeddedEngine } from "../adapters/chdb/embedded-engine.ts";
import { createClickHouseDatabase } from "../adapters/clickhouse/clickhouse-database.ts";
import { applyManifest } from "../migrate/apply-manifest.ts";
import type { FilterOperator, QueryRequest } from "../model/query-request.ts";
import type { Database } from "../ports/database.ts";
import { silentLog } from "../telemetry/log.ts";
import { planAggregationQuery } from "./plan-aggregation-query.ts";
import { nastyStrings } from "./test-nasty-strings.ts";

const model: ModelSpec = {
  name: "Flight",
  version: "1.0",
  extra: "reject",
  fields: [
    { name: "seenAt", type: { kind: "dateTime64", precision: 3 }, key: true },
    { name: "origin", type: { kind: "string" }, lowCardinality: true },
    { name: "kind", type: { kind: "enum", values: { arrival: 1, departure: 2 } } },
    { name: "gate", type: { kind: "int16" }, optional: true },
    { name: "serial", type: { kind: "uint64" } },
    { name: "cancelled", type: { kind: "boolean" } },
    { name: "delay", type: { kind: "int16" } },
  ],
};
const spec: AggregationSpec = {
  name: "FlightsByMinute",
  from: { model: "Flight", version: "1.0" },
  dimensions: [
    { name: "minute", field: "seenAt", grain: "minute" },
    // The names of a dimension and of its field differ on purpose.
    { name: "from", field: "origin" },
    { name: "kind", field: "kind" },
    { name: "gate", field: "gate" },
    { name: "serial", field: "serial" },
    { name: "cancelled", field: "cancelled" },
  ],
  measures: [
    { name: "flights", fn: "count" },
    { name: "totalDelay", fn: "sum", field: "delay" },
    { name: "averageDelay", fn: "avg", field: "delay" },
    { name: "minDelay", fn: "min", field: "delay" },
    // The name of a measure and of the field it reads are the same on purpose.
    { name: "delay", fn: "max", field: "delay" },
  ],
};

let folder: string;
let engine: EmbeddedEngine;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moose-query-"));
  engine = await startEmbeddedEngine({ dataDir: folder, port: 0, log: silentLog });
  database = createClickHouseDatabase({ ...engine, database: "moose", log: silentLog });
  await applyManifest({ database, manifest: { models: [model], aggregations: [spec] }, log: silentLog, mode: "dev" });
  await database.command("CREATE TABLE sentinel (x UInt8) ENGINE = MergeTree ORDER BY x");
  await database.command("INSERT INTO sentinel VALUES (42)");
  // Two inserts, so that states of one bucket lie in two parts and must be merged.
  const columns = "(seenAt, origin, kind, gate, serial, cancelled, delay, _partition, _offset, _received_at)";
  const meta = "0, 0, now64(3)";
  await database.command(
    `INSERT INTO Flight ${columns} VALUES
     ('2026-11-20 10:00:05.000', 'LAX', 'arrival', 4, 18446744073709551615, true, 10, ${meta}),
     ('2026-11-20 10:00:55.000', 'LAX', 'arrival', 4, 18446744073709551615, true, 20, ${meta}),
     ('2026-11-20 10:59:00.000', 'JFK', 'departure', NULL, 7, false, -5, ${meta}),
     ('2026-11-20 23:30:00.000', 'LAX', 'departure', NULL, 7, false, 0, ${meta})`,
  );
  await database.command(
    `INSERT INTO Flight ${columns} VALUES
     ('2026-11-20 10:00:30.000', 'LAX', 'arrival', 4, 18446744073709551615, true, 60, ${meta}),
     ('2026-11-21 10:00:00.000', 'O''Hare', 'arrival', -1, 1, false, 1, ${meta})`,
  );
});

afterAll(async () => {
  await database?.close();
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(request: QueryRequest): Promise<readonly (readonly unknown[])[]> {
  const plan = planAggregationQuery(spec, model, request);
  const result = await database.query(plan.sql, { params: plan.params, maxResultRows: plan.limit });
  expect(result.columns.map((column) => column.name)).toEqual(plan.columns);
  return result.rows;
}
const count = async (dimension: string, op: FilterOperator, value: unknown): Promise<number> => {
  const rows = await ask({ dimensions: [], measures: ["flights"], filters: [{ dimension, op, value }] });
  return Number(rows[0]?.[0]);
};

describe("a planned query", () => {
  test("merges states over parts, whatever dimensions are left out", async () => {
    expect(await ask({ dimensions: ["from"] })).toEqual([
      ["JFK", "1", "-5", -5, -5, -5],
      ["LAX", "4", "90", 22.5, 0, 60],
      ["O'Hare", "1", "1", 1, 1, 1],
    ]);
    expect(await ask({ dimensions: [], measures: ["flights", "averageDelay"] })).toEqual([["6", 86 / 6]]);
  });

  test("groups stored minutes into coarser buckets", async () => {
    expect(await ask({ dimensions: ["minute"], measures: ["flights"] })).toEqual([
      ["2026-11-20 10:00:00", "3"],
      ["2026-11-20 10:59:00", "1"],
      ["2026-11-20 23:30:00", "1"],
      ["2026-11-21 10:00:00", "1"],
    ]);
    expect(await ask({ dimensions: ["minute"], measures: ["flights"], grain: "hour" })).toEqual([
      ["2026-11-20 10:00:00", "4"],
      ["2026-11-20 23:00:00", "1"],
      ["2026-11-21 10:00:00", "1"],
    ]);
    expect(await ask({ dimensions: ["minute"], measures: ["flights"], grain: { minute: "month" } })).toEqual([
      ["2026-11-01 00:00:00", "6"],
    ]);
  });

  test("begins days where the timezone begins them", async () => {
    expect(
      await ask({ dimensions: ["minute"], measures: ["flights"], grain: "day", timezone: "Europe/Berlin" }),
    ).toEqual([
      ["2026-11-20 00:00:00", "4"],
      ["2026-11-21 00:00:00", "2"],
    ]);
    // Half an hour off whole hours.
    expect(
      await ask({ dimensions: ["minute"], measures: ["flights"], grain: "hour", timezone: "Asia/Kolkata" }),
    ).toEqual([
      ["2026-11-20 15:00:00", "3"],
      ["2026-11-20 16:00:00", "1"],
      ["2026-11-21 05:00:00", "1"],
      ["2026-11-21 15:00:00", "1"],
    ]);
  });

  test("orders by any column, then by the key; limits and offsets", async () => {
    const request: QueryRequest = {
      dimensions: ["from"],
      measures: ["flights"],
      orderBy: [{ column: "flights", direction: "desc" }],
    };
    expect(await ask(request)).toEqual([
      ["LAX", "4"],
      ["JFK", "1"],
      ["O'Hare", "1"],
    ]);
    expect(await ask({ ...request, limit: 1, offset: 1 })).toEqual([["JFK", "1"]]);
    expect(await ask({ ...request, limit: 0 })).toEqual([]);
  });

  test.each([
    ["from", "eq", "LAX", 4],
    ["from", "eq", "O'Hare", 1],
    ["from", "neq", "LAX", 2],
    ["from", "in", ["LAX", "O'Hare"], 5],
    ["from", "in", [], 0],
    ["from", "like", "%A%", 4],
    ["from", "like", "O'%", 1],
    ["from", "gte", "LAX", 5],
    ["kind", "eq", "departure", 2],
    ["kind", "in", ["arrival", "departure"], 6],
    ["kind", "like", "arr%", 4],
    ["gate", "eq", 4, 3],
    ["gate", "eq", -1, 1],
    ["gate", "eq", null, 2],
    ["gate", "neq", null, 4],
    ["gate", "neq", 4, 3],
    ["gate", "between", [-1, 4], 4],
    ["gate", "lt", "4", 1],
    ["serial", "eq", "18446744073709551615", 3],
    ["serial", "gt", "18446744073709551614", 3],
    ["cancelled", "eq", true, 3],
    ["cancelled", "in", [true, false], 6],
    ["minute", "gte", "2026-11-20T10:59:00Z", 3],
    ["minute", "lt", "2026-11-20T11:59:00+01:00", 3],
    ["minute", "between", ["2026-11-20", "2026-11-20 23:59:59"], 5],
    ["minute", "eq", "2026-11-20T10:00:00.000Z", 3],
    ["minute", "in", ["2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z"], 4],
  ] as [string, FilterOperator, unknown, number][])("filters %s %s %j", async (dimension, op, value, expected) => {
    expect(await count(dimension, op, value)).toBe(expected);
  });

  test("eq on a coarser grain means the bucket as shown", async () => {
    const rows = await ask({
      dimensions: ["minute"],
      measures: ["flights"],
      grain: "hour",
      filters: [{ dimension: "minute", op: "eq", value: "2026-11-20T10:00:00Z" }],
    });
    expect(rows).toEqual([["2026-11-20 10:00:00", "4"]]);
  });

  test("hostile values are only ever values: nothing matches, nothing breaks, the sentinel stands", async () => {
    for (const nasty of nastyStrings) {
      expect(await count("from", "eq", nasty), JSON.stringify(nasty)).toBe(0);
      expect(await count("from", "in", [nasty, "LAX"]), JSON.stringify(nasty)).toBe(4);
      expect(await count("from", "neq", nasty), JSON.stringify(nasty)).toBe(6);
    }
    for (const nasty of nastyStrings) {
      const matched = count("from", "like", nasty);
      // A pattern that ends in a lone backslash is refused before ClickHouse fails on it.
      if (nasty.endsWith("\\")) await expect(matched).rejects.toMatchObject({ code: "invalid_query" });
      else await matched;
    }
    expect((await database.query("SELECT x FROM sentinel")).rows).toEqual([[42]]);
  });

  test("hostile text in a row comes back as it is when filtered for", async () => {
    for (const nasty of nastyStrings) {
      const literal = [...Buffer.from(nasty, "utf8")]
        .map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`)
        .join("");
      await database.command(
        `INSERT INTO Flight (seenAt, origin, kind, serial, cancelled, delay) VALUES ('2020-01-01 00:00:00', '${literal}', 'arrival', 0, false, 0)`,
      );
    }
    for (const nasty of nastyStrings) {
      const rows = await ask({
        dimensions: ["from"],
        measures: ["flights"],
        filters: [{ dimension: "from", op: "eq", value: nasty }],
      });
      expect(rows).toEqual([[nasty, "1"]]);
    }
  });
});
