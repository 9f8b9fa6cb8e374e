// Keeps at most the smallest and the largest point of each pixel column and series, so that a drawing equals that of all points.

export type PlotValue = number | null | undefined;

export interface PlotColumns {
  /** Ascending. */
  readonly x: readonly number[];
  /** One list per series, as long as x: null is a gap, undefined is no point at this x. */
  readonly series: readonly (readonly PlotValue[])[];
}

/**
 * Reduces the columns to two points per pixel column and series, plus gaps and the column's last point if it is the
 * series' last. Returns the same object when there is nothing to reduce.
 */
export function decimateMinMax(columns: PlotColumns, pixelColumns: number): PlotColumns {
  const { x, series } = columns;
  const count = x.length;
  const buckets = Math.max(1, Math.floor(pixelColumns));
  if (count <= 2 * buckets) return columns;
  const first = x[0] as number;
  const span = (x[count - 1] as number) - first || 1;
  const kept = series.map((values) => keepExtremes(x, values, first, span, buckets));
  const keptX: number[] = [];
  const keptSeries: PlotValue[][] = series.map(() => []);
  for (let index = 0; index < count; index++) {
    if (!kept.some((marks) => marks[index] === 1)) continue;
    keptX.push(x[index] as number);
    series.forEach((values, at) => {
      keptSeries[at]?.push(kept[at]?.[index] === 1 ? values[index] : undefined);
    });
  }
  return { x: keptX, series: keptSeries };
}

function keepExtremes(
  x: readonly number[],
  values: readonly PlotValue[],
  first: number,
  span: number,
  buckets: number,
): Uint8Array {
  const marks = new Uint8Array(x.length);
  let bucket = -1;
  let low = -1;
  let high = -1;
  let gap = -1;
  const close = () => {
    if (low >= 0) marks[low] = 1;
    if (high >= 0) marks[high] = 1;
    if (gap >= 0) marks[gap] = 1;
  };
  for (let index = 0; index < x.length; index++) {
    const value = values[index];
    if (value === undefined) continue;
    const at = Math.min(buckets - 1, Math.floor((((x[index] as number) - first) / span) * buckets));
    if (at !== bucket) {
      close();
      bucket = at;
      low = high = gap = -1;
    }
    if (value === null) gap = index;
    else {
      if (low < 0 || value < (values[low] as number)) low = index;
      if (high < 0 || value > (values[high] as number)) high = index;
    }
  }
  close();
  return marks;
}
