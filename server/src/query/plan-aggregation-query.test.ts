// The planner by itself: what it accepts, what it refuses, and that no value ever becomes part of the SQL.
import type { AggregationSpec, ModelSpec } from "@moose/core";
import { describe, expect, test } from "vitest";
import { MooseError } from "../model/errors.ts";
import type { FilterOperator, QueryRequest } from "../model/query-request.ts";
import { planAggregationQuery } from "./plan-aggregation-query.ts";
import { nastyStrings } from "./test-nasty-strings.ts";

const model: ModelSpec = {
  name: "Flight",
  version: "1.0",
  extra: "reject",
  fields: [
    { name: "seenAt", type: { kind: "dateTime64", precision: 3 } },
    { name: "origin", type: { kind: "string" } },
    { name: "kind", type: { kind: "enum", values: { arrival: 1, departure: 2 } } },
    { name: "gate", type: { kind: "int16" }, optional: true },
    { name: "delay", type: { kind: "int16" } },
  ],
};
const spec: AggregationSpec = {
  name: "FlightsByMinute",
  from: { model: "Flight", version: "1.0" },
  dimensions: [
    { name: "minute", field: "seenAt", grain: "minute" },
    { name: "origin", field: "origin" },
    { name: "kind", field: "kind" },
    { name: "gate", field: "gate" },
  ],
  measures: [
    { name: "flights", fn: "count" },
    { name: "averageDelay", fn: "avg", field: "delay" },
  ],
};
const daily: AggregationSpec = { ...spec, dimensions: [{ name: "day", field: "seenAt", grain: "day" }] };
const hourly: AggregationSpec = { ...spec, dimensions: [{ name: "hour", field: "seenAt", grain: "hour" }] };

const plan = (request: QueryRequest, of = spec) => planAggregationQuery(of, model, request);
const refusal = (request: QueryRequest, of = spec): MooseError => {
  try {
    plan(request, of);
  } catch (error) {
    if (error instanceof MooseError) return error;
    throw error;
  }
  throw new Error("the query was accepted");
};

describe("planAggregationQuery", () => {
  test("names the columns and the key of any subset", () => {
    expect(plan({})).toMatchObject({
      columns: ["minute", "origin", "kind", "gate", "flights", "averageDelay"],
      key: ["minute", "origin", "kind", "gate"],
      limit: 1000,
    });
    expect(plan({ dimensions: ["origin"], measures: ["flights"] })).toMatchObject({
      columns: ["origin", "flights"],
      key: ["origin"],
    });
    expect(plan({ dimensions: [], measures: ["flights"] }).sql).not.toContain("GROUP BY");
  });

  test.each([
    [{ dimensions: ["nope"] }, /no dimension "nope".*minute, origin/],
    [{ measures: ["nope"] }, /no measure "nope".*flights, averageDelay/],
    [{ dimensions: ["origin", "origin"] }, /twice/],
    [{ dimensions: [], measures: [] }, /at least one/],
    [{ grain: "second" }, /stored by minute.*not "second"/],
    [{ grain: { origin: "day" } }, /no time dimension "origin"/],
    [{ orderBy: [{ column: "nope", direction: "asc" as const }] }, /no column "nope"/],
    [{ limit: 100_001 }, /limit must be/],
    [{ limit: 1.5 }, /limit must be/],
    [{ offset: -1 }, /offset must be/],
    [{ timezone: "Mars/Olympus" }, /timezone "Mars\/Olympus" is not known/],
    [{ timezone: "+02:00" }, /IANA/],
    [{ filters: [{ dimension: "delay", op: "eq" as const, value: 1 }] }, /no dimension "delay"/],
    [{ filters: [{ dimension: "gate", op: "eq" as const, value: 40_000 }] }, /from -32768 to 32767/],
    [{ filters: [{ dimension: "kind", op: "gt" as const, value: "arrival" }] }, /no order/],
    [{ filters: [{ dimension: "kind", op: "eq" as const, value: "other" }] }, /arrival, departure/],
    [{ filters: [{ dimension: "minute", op: "gte" as const, value: "2026-02-30" }] }, /time such as/],
    [{ filters: [{ dimension: "minute", op: "like" as const, value: "2026%" }] }, /strings only/],
    [{ filters: [{ dimension: "origin", op: "like" as const, value: "a,\\" }] }, /single backslash/],
    [{ filters: [{ dimension: "origin", op: "like" as const, value: "\\\\\\" }] }, /single backslash/],
    [{ filters: [{ dimension: "origin", op: "in" as const, value: "LAX" }] }, /array/],
    [{ filters: [{ dimension: "origin", op: "eq" as const, value: "x".repeat(5_000) }] }, /too long/],
  ])("refuses %j with a sentence", (request, message) => {
    const error = refusal(request as QueryRequest);
    expect(error.code).toBe("invalid_query");
    expect(error.message).toMatch(message);
    expect(error.extra).toHaveProperty("path");
  });

  test("refuses a timezone that stored buckets cannot be regrouped for", () => {
    expect(refusal({ timezone: "Europe/Berlin" }, daily).message).toMatch(/stored by day in UTC/);
    expect(refusal({ timezone: "Asia/Kolkata", grain: "day" }, hourly).message).toMatch(/whole hours/);
    expect(plan({ timezone: "Asia/Kolkata", grain: "day" }).params).toMatchObject({
      p0: expect.stringMatching(/Kolkata|Calcutta/),
    });
    expect(plan({ timezone: "Europe/Berlin", grain: "day" }, hourly).sql).toContain("{p0:String}");
  });

  test("times are bound in UTC whatever their offset", () => {
    const { params } = plan({ filters: [{ dimension: "minute", op: "gte", value: "2026-11-20T01:30:00.25+02:00" }] });
    expect(params).toEqual({ p0: "2026-11-19 23:30:00.250000" });
  });

  test("no value becomes part of the SQL, in any operator", () => {
    const operators: FilterOperator[] = ["eq", "neq", "in", "gt", "gte", "lt", "lte", "between", "like"];
    for (const op of operators) {
      const shape = (value: string) => (op === "in" ? [value] : op === "between" ? [value, value] : value);
      const reference = plan({ filters: [{ dimension: "origin", op, value: shape("plain") }] });
      for (const nasty of nastyStrings) {
        // Refused: see the table above.
        if (op === "like" && nasty.endsWith("\\")) continue;
        const hostile = plan({ filters: [{ dimension: "origin", op, value: shape(nasty) }] });
        expect(hostile.sql).toBe(reference.sql);
        expect(Object.values(hostile.params).flat()).toContain(nasty);
      }
    }
  });

  test("no name that is not the definition's is accepted", () => {
    for (const nasty of nastyStrings) {
      expect(refusal({ dimensions: [nasty] }).code).toBe("invalid_query");
      expect(refusal({ measures: [nasty] }).code).toBe("invalid_query");
      expect(refusal({ grain: nasty }).code).toBe("invalid_query");
      expect(refusal({ grain: { [nasty]: "day" } }).code).toBe("invalid_query");
      expect(refusal({ timezone: nasty }).code).toBe("invalid_query");
      expect(refusal({ orderBy: [{ column: nasty, direction: "asc" }] }).code).toBe("invalid_query");
      expect(refusal({ filters: [{ dimension: nasty, op: "eq", value: "x" }] }).code).toBe("invalid_query");
    }
  });
});
