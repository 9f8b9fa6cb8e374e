// Every type at its extremes: the rows that we write as Native are the rows that ClickHouse itself parses from the same JSON.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clickHouseType } from "../language/clickhouse-type.ts";
import { model, modelSpec } from "../language/model.ts";
import { extremes } from "./test-clickhouse-extremes.ts";
import { openRoundTrip, type RoundTrip } from "./test-round-trip.ts";

let trip: RoundTrip;
beforeAll(async () => {
  trip = await openRoundTrip();
});
afterAll(() => trip.close());

describe.each(Object.entries(extremes))("%s", (_, cases) => {
  test.each(cases.map((one) => ({ ...one, type: clickHouseType(one.field.spec) })))(
    "$type",
    ({ field, takes, clickHouseRefuses = [], clickHouseDiffers = {} }) => {
      const of = model("V", { v: field });
      const rows = takes.map((text) => `{"v":${text}}`);
      const verdict = trip.core
        .load(modelSpec(of))
        .validate(new TextEncoder().encode(rows.join("\n")), { format: "ndjson" });
      expect(verdict.errors).toEqual([]);
      const { native, parsed } = trip.shown(modelSpec(of), rows);
      expect(native).toHaveLength(takes.length);
      expect(takes.filter((_, row) => parsed[row] === undefined)).toEqual(clickHouseRefuses);
      const differing = takes.flatMap((text, row) =>
        parsed[row] !== undefined && parsed[row] !== native[row] ? [[text, [native[row], parsed[row]]]] : [],
      );
      expect(Object.fromEntries(differing)).toEqual(clickHouseDiffers);
    },
  );
});
