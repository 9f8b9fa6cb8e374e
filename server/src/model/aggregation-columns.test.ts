// The stored form of dimensions and measures; that the SQL computes what it says is tested in migrate against the engine.
import { expect, test } from "vitest";
import { dimensionColumn, grainExpression, measureColumn, mergeExpression, unwrapType } from "./aggregation-columns.ts";
import { quoteIdentifier, quoteString } from "./sql-text.ts";

test("types lose LowCardinality and Nullable", () => {
  expect(unwrapType("LowCardinality(Nullable(String))")).toEqual({ base: "String", nullable: true });
  expect(unwrapType("Enum8('a(' = 1)")).toEqual({ base: "Enum8('a(' = 1)", nullable: false });
});

test("states widen so that they do not overflow where the field would", () => {
  expect(measureColumn({ name: "s", fn: "sum", field: "delay" }, "Int16")).toEqual({
    name: "s",
    type: "SimpleAggregateFunction(sum, Int64)",
    expression: "sum(`_event`.`delay`)",
  });
  expect(measureColumn({ name: "a", fn: "avg", field: "delay" }, "Nullable(Int16)").type).toBe(
    "AggregateFunction(avg, Nullable(Int16))",
  );
  expect(measureColumn({ name: "m", fn: "min", field: "c" }, "LowCardinality(String)").type).toBe(
    "SimpleAggregateFunction(min, String)",
  );
  expect(() => measureColumn({ name: "s", fn: "sum", field: "c" }, "String")).toThrow(/needs a number/);
});

test("merge expressions take a table alias", () => {
  expect(mergeExpression({ name: "a`b", fn: "avg", field: "x" }, "state")).toBe("avgMerge(`state`.`a\\`b`)");
  expect(mergeExpression({ name: "n", fn: "count" })).toBe("sum(`n`)");
});

test("time buckets carry one type", () => {
  expect(dimensionColumn({ name: "minute", field: "at", grain: "minute" }, "DateTime64(3, 'UTC')")).toEqual({
    name: "minute",
    type: "DateTime64(0, 'UTC')",
    expression: "toDateTime64(dateTrunc('minute', `_event`.`at`, 'UTC'), 0, 'UTC')",
  });
  expect(grainExpression("t.minute", "day", "{timezone:String}")).toBe(
    "toDateTime64(dateTrunc('day', t.minute, {timezone:String}), 0, {timezone:String})",
  );
});

test("quoting ends nothing early", () => {
  expect(quoteIdentifier("a`; DROP\\")).toBe("`a\\`; DROP\\\\`");
  expect(quoteString("it's \\ \n")).toBe("'it\\'s \\\\ \\n'");
});
