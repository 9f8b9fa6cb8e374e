// What is told of each type's operators is what a query with them gets.
import { aggregation, aggregationSpec, count, type Fields, model, modelSpec, t, time } from "@moose/core";
import { expect, it } from "vitest";
import { filterOperators } from "../model/parse-query-request.ts";
import { operatorsOf } from "./filter-operators.ts";
import { planAggregationQuery } from "./plan-aggregation-query.ts";

/** A field of each scalar type, and a value of it. */
const cases: Readonly<Record<string, readonly [Fields[string], unknown]>> = {
  string: [t.string(), "a"],
  fixedString: [t.fixedString(4), "a"],
  enum: [t.enum(["a", "b"]), "a"],
  boolean: [t.boolean(), true],
  int8: [t.int8(), 1],
  int64: [t.int64(), "1"],
  uint256: [t.uint256(), "1"],
  float32: [t.float32(), 1.5],
  float64: [t.float64(), 1.5],
  decimal: [t.decimal(9, 2), "1.5"],
  uuid: [t.uuid(), "0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f"],
  ipv4: [t.ipv4(), "192.0.2.1"],
  date: [t.date(), "2026-01-31"],
  date16: [t.date16(), "2026-01-31"],
  dateTime: [t.dateTime(), "2026-01-31T08:00:00Z"],
  dateTime64: [t.dateTime64(3), "2026-01-31T08:00:00Z"],
};

it.each(Object.entries(cases))("of %s", (_kind, [field, value]) => {
  const Event = model("Event", { at: t.dateTime().key(), value: field });
  const ByValue = aggregation("ByValue", {
    from: Event as never,
    dimensions: { value: "value" as never },
    measures: { events: count() },
  });
  const spec = modelSpec(Event);
  const accepted = filterOperators.filter((op) => {
    const operand = op === "in" || op === "between" ? [value, value] : value;
    try {
      planAggregationQuery(aggregationSpec(ByValue), spec, { filters: [{ dimension: "value", op, value: operand }] });
      return true;
    } catch {
      return false;
    }
  });
  expect(operatorsOf(spec.fields[1]!)).toEqual(accepted);
});

it("of a bucket of time are those of its field", () => {
  const Event = model("Event", { at: t.dateTime().key() });
  const ByHour = aggregation("ByHour", {
    from: Event,
    dimensions: { hour: time("at", "hour") },
    measures: { events: count() },
  });
  const filters = [{ dimension: "hour", op: "gte" as const, value: "2026-01-31T08:00:00Z" }];
  expect(() => planAggregationQuery(aggregationSpec(ByHour), modelSpec(Event), { filters })).not.toThrow();
  expect(operatorsOf(modelSpec(Event).fields[0]!)).toContain("gte");
});
