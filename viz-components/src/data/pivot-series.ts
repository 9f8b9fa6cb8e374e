// Turns rows into the aligned columns of a line chart: one x axis, one list of values per measure and series value.

import { type ChartRow, numberOf, textOf, timeOf } from "./cell-value.ts";
import type { PlotValue } from "./min-max-decimate.ts";

export interface PivotOptions {
  readonly x: string;
  readonly y: readonly string[];
  readonly series?: string | undefined;
  /** The most series that are drawn; those with the largest sums are. */
  readonly maxSeries: number;
}

export interface PivotedSeries {
  readonly name: string;
  readonly values: readonly PlotValue[];
}

export interface PivotedRows {
  /** Ascending; milliseconds if `isTime`. */
  readonly x: readonly number[];
  readonly isTime: boolean;
  readonly series: readonly PivotedSeries[];
  readonly droppedSeries: number;
}

/** Rows whose x is neither a time nor a number are left out. */
export function pivotSeries(rows: readonly ChartRow[], options: PivotOptions): PivotedRows {
  const isTime = rows.some((row) => timeOf(row[options.x]) !== null);
  const points = new Map<number, Map<string, PlotValue>>();
  const weights = new Map<string, number>();
  for (const row of rows) {
    const x = isTime ? timeOf(row[options.x]) : numberOf(row[options.x]);
    if (x === null) continue;
    const point = points.get(x) ?? new Map<string, PlotValue>();
    points.set(x, point);
    for (const measure of options.y) {
      const name = seriesName(row, measure, options);
      const value = numberOf(row[measure]);
      point.set(name, value);
      weights.set(name, (weights.get(name) ?? 0) + Math.abs(value ?? 0));
    }
  }
  const names = chooseNames(weights, options.maxSeries);
  const x = [...points.keys()].sort((a, b) => a - b);
  return {
    x,
    isTime,
    series: names.map((name) => ({ name, values: x.map((at) => points.get(at)?.get(name)) })),
    droppedSeries: weights.size - names.length,
  };
}

function seriesName(row: ChartRow, measure: string, options: PivotOptions): string {
  if (!options.series) return measure;
  const value = textOf(row[options.series]);
  return options.y.length > 1 ? `${value} · ${measure}` : value;
}

function chooseNames(weights: Map<string, number>, maxSeries: number): string[] {
  const names = [...weights.keys()];
  if (names.length <= maxSeries) return names;
  const chosen = new Set(names.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0)).slice(0, maxSeries));
  return [...weights.keys()].filter((name) => chosen.has(name));
}
