// Changes between two manifests, made with the language itself, in words.
import { aggregation, aggregationSpec, count, max, model, modelSpec, t } from "@moose/core";
import { expect, test } from "vitest";
import { describeChanges } from "./describe-changes.ts";

const fields = { seenAt: t.dateTime64(3).key(), delay: t.int16() };
const flight = model("Flight", fields);
const before = { models: [modelSpec(flight)], aggregations: [] };

test("an unchanged project has no changes", () => {
  expect(describeChanges(before, { models: [modelSpec(model("Flight", fields))], aggregations: [] })).toEqual([]);
});

test("fields that were added, removed and changed are named", () => {
  const after = model("Flight", { seenAt: t.dateTime64(3).key(), delay: t.int32().optional(), carrier: t.string() });
  expect(describeChanges(before, { models: [modelSpec(after)], aggregations: [] })).toEqual([
    "Flight: added field carrier, field delay is optional int32 now, not int16",
  ]);
  expect(describeChanges({ models: [modelSpec(after)], aggregations: [] }, before)).toEqual([
    "Flight: removed field carrier, field delay is int16 now, not optional int32",
  ]);
});

test("new and removed definitions, options and measures are named", () => {
  const byHour = (measures: object) =>
    aggregationSpec(
      aggregation("Delays", { from: flight, dimensions: { delay: "delay" }, measures: measures as never }),
    );
  const one = { models: before.models, aggregations: [byHour({ flights: count() })] };
  expect(describeChanges(before, one)).toEqual(["Delays: new aggregation"]);
  expect(describeChanges(one, before)).toEqual(["Delays: aggregation removed"]);
  // The table of a model is kept, that of an aggregation is dropped: it can be filled again.
  expect(describeChanges(before, { models: [], aggregations: [] })).toEqual(["Flight: model removed; its table stays"]);
  const two = { models: before.models, aggregations: [byHour({ flights: count(), worst: max("delay") })] };
  expect(describeChanges(one, two)).toEqual(["Delays: added measure worst"]);
  const open = { models: [modelSpec(model("Flight", fields, { extra: "drop" }))], aggregations: [] };
  expect(describeChanges(before, open)).toEqual(["Flight: changed extra"]);
});
