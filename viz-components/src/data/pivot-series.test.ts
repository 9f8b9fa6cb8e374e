// Rows to series of a line chart.
import { describe, expect, it } from "vitest";
import { pivotSeries } from "./pivot-series.ts";

describe("pivotSeries", () => {
  it("sorts by time and reads 64-bit counts", () => {
    const pivoted = pivotSeries(
      [
        { minute: "2001-01-01 00:01:00", flights: 3n },
        { minute: "2001-01-01 00:00:00", flights: "2" },
      ],
      { x: "minute", y: ["flights"], maxSeries: 6 },
    );
    expect(pivoted.isTime).toBe(true);
    expect(pivoted.x).toEqual([Date.UTC(2001, 0, 1), Date.UTC(2001, 0, 1, 0, 1)]);
    expect(pivoted.series).toEqual([{ name: "flights", values: [2, 3] }]);
  });

  it("makes one series per value, with undefined where a series has no row and null where it has no number", () => {
    const pivoted = pivotSeries(
      [
        { hour: 1, origin: "SEA", delay: 5 },
        { hour: 2, origin: "SFO", delay: null },
      ],
      { x: "hour", y: ["delay"], series: "origin", maxSeries: 6 },
    );
    expect(pivoted.series).toEqual([
      { name: "SEA", values: [5, undefined] },
      { name: "SFO", values: [undefined, null] },
    ]);
  });

  it("draws the largest series and counts the rest", () => {
    const rows = ["a", "b", "c"].map((name, index) => ({ x: 1, name, value: index }));
    const pivoted = pivotSeries(rows, { x: "x", y: ["value"], series: "name", maxSeries: 2 });
    expect(pivoted.series.map((series) => series.name)).toEqual(["b", "c"]);
    expect(pivoted.droppedSeries).toBe(1);
  });
});
