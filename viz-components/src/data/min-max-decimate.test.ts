// Decimation keeps every extreme and stays within two points for each column of pixels.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimateMinMax, type PlotValue } from "./min-max-decimate.ts";

function extremesByColumn(
  x: readonly number[],
  values: readonly PlotValue[],
  first: number,
  span: number,
  columns: number,
) {
  const extremes = new Map<number, { min: number; max: number }>();
  values.forEach((value, index) => {
    if (typeof value !== "number") return;
    const column = Math.min(columns - 1, Math.floor((((x[index] as number) - first) / span) * columns));
    const seen = extremes.get(column);
    extremes.set(column, { min: Math.min(seen?.min ?? value, value), max: Math.max(seen?.max ?? value, value) });
  });
  return extremes;
}

describe("decimateMinMax", () => {
  it("returns few points untouched", () => {
    const columns = { x: [1, 2, 3], series: [[1, 2, 3]] };
    expect(decimateMinMax(columns, 10)).toBe(columns);
  });

  it("keeps the minimum and the maximum of every pixel column, and no more than two points for each", () => {
    const value = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -1000, max: 1000 }) }, fc.constant(undefined));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, columns) => {
          const x = rows.map((_, index) => index * 10);
          const series = [rows.map((row) => row[0]), rows.map((row) => row[1])];
          const drawn = decimateMinMax({ x, series }, columns);
          const span = (x.at(-1) ?? 0) || 1;
          series.forEach((values, at) => {
            const before = extremesByColumn(x, values, 0, span, columns);
            const after = extremesByColumn(drawn.x, drawn.series[at] ?? [], 0, span, columns);
            expect(after).toEqual(before);
            const points = (drawn.series[at] ?? []).filter((point) => typeof point === "number").length;
            expect(points).toBeLessThanOrEqual(Math.max(2 * columns, 0));
          });
        },
      ),
    );
  });

  it("keeps a gap inside a column", () => {
    const x = Array.from({ length: 100 }, (_, index) => index);
    const values: PlotValue[] = x.map((at) => (at >= 40 && at < 60 ? null : at));
    const drawn = decimateMinMax({ x, series: [values] }, 10);
    expect(drawn.series[0]).toContain(null);
    expect(drawn.x.length).toBeLessThanOrEqual(30);
  });
});
