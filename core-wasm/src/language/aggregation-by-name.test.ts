// Aggregations that only name their model: what is known of them, and what stays open until the project is loaded.
import { expect, expectTypeOf, test } from "vitest";
import { aggregation, aggregationSpec, avg, count, type InferAggregation, sum, time } from "./aggregation.ts";
import { model } from "./model.ts";
import { t } from "./t.ts";

const ByHour = aggregation("ByHour", {
  from: "Click",
  dimensions: { hour: time("at", "hour"), page: "page" },
  measures: { clicks: count(), bytes: sum("bytes"), averageBytes: avg("bytes") },
});

test("a named model has no version yet, and its fields are not checked", () => {
  expect(aggregationSpec(ByHour)).toEqual({
    name: "ByHour",
    from: { model: "Click", version: "" },
    dimensions: [
      { name: "hour", field: "at", grain: "hour" },
      { name: "page", field: "page" },
    ],
    measures: [
      { name: "clicks", fn: "count" },
      { name: "bytes", fn: "sum", field: "bytes" },
      { name: "averageBytes", fn: "avg", field: "bytes" },
    ],
  });
});

test("its rows are typed as widely as it is unknown", () => {
  type Row = InferAggregation<typeof ByHour>;
  expectTypeOf<Row["hour"]>().toEqualTypeOf<string | null>();
  expectTypeOf<Row["page"]>().toEqualTypeOf<unknown>();
  expectTypeOf<Row["clicks"]>().toEqualTypeOf<bigint>();
  expectTypeOf<Row["bytes"]>().toEqualTypeOf<bigint | number | null>();
  expectTypeOf<Row["averageBytes"]>().toEqualTypeOf<number | null>();
});

test("a model's value is still checked, by the compiler and at once", () => {
  const Click = model("Click", { at: t.dateTime().key(), page: t.string() });
  expect(() =>
    // @ts-expect-error: not a field of the model
    aggregation("ByPage", { from: Click, dimensions: { page: "pge" }, measures: { clicks: count() } }),
  ).toThrow(/"pge" is not a field of Click/);
});
