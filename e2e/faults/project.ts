// The project under faults: two models whose events name their key and their number, and aggregations over both.
import { aggregation, aggregationSpec, count, model, modelSpec, sum, t } from "@moose/core";
import type { Manifest } from "../../server/src/model/manifest.ts";

const fields = {
  key: t.string().key(),
  /** Counts up within a key: order can be checked, and every event has a name of its own. */
  seq: t.uint32(),
  /** Follows from key and number: whoever reads it can tell whether it is what was sent. */
  payload: t.string(),
};
const dimensions = { key: "key" } as const;
const measures = { events: count(), total: sum("seq") };

const Ordered = model("Ordered", fields, { partitionKey: "key" });
const Spread = model("Spread", fields);

export const faultedModels = ["Ordered", "Spread"] as const;
export type FaultedModel = (typeof faultedModels)[number];

export const manifest: Manifest = {
  models: [modelSpec(Ordered), modelSpec(Spread)],
  aggregations: [
    aggregationSpec(aggregation("OrderedByKey", { from: Ordered, dimensions, measures })),
    aggregationSpec(aggregation("SpreadByKey", { from: Spread, dimensions, measures })),
  ],
};
