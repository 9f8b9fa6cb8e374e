// The LinePlot on uPlot: a canvas for lines and axes, no text of its own beside the tick labels.
import uPlot from "uplot";
import type { PlotColumns, PlotValue } from "../data/min-max-decimate.ts";
import type { LinePlot, LinePlotOptions } from "./line-plot.ts";

/** Series differ by dash as well as by colour. */
export const seriesDashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2]];

const TICK_HEIGHT_PX = 24;
const TICK_CHARACTER_PX = 7;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Distances between ticks of a time axis; uPlot's own go from one minute to five, which leaves a phone with one label. */
const TIME_STEPS_MS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 4, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650].map((count) => count * DAY),
];

export function createUplotLinePlot(
  root: HTMLElement,
  widthPx: number,
  heightPx: number,
  options: LinePlotOptions,
): LinePlot {
  let movedByCaller = false;
  const plot = new uPlot(
    uplotOptions(widthPx, heightPx, options, (self) => {
      if (movedByCaller) return;
      const index = self.cursor.idx;
      const leftPx = self.cursor.left ?? -1;
      options.onCursor(index === null || index === undefined || leftPx < 0 ? null : cursorAt(self, index));
    }),
    alignedData({ x: [], series: options.colors.series.map(() => []) }, options.provisionalLast),
    root,
  );

  return {
    setData: (columns) => plot.setData(alignedData(columns, options.provisionalLast)),
    resize: (width, height) => plot.setSize({ width, height }),
    setCursor(index) {
      movedByCaller = true;
      const x = index === null ? undefined : plot.data[0][index];
      if (index === null || x === undefined) plot.setCursor({ left: -10, top: -10 });
      else plot.setCursor({ left: plot.valToPos(x, "x"), top: plot.over.clientHeight / 2 });
      movedByCaller = false;
      options.onCursor(index === null || x === undefined ? null : cursorAt(plot, index));
    },
    get pixelColumns() {
      return Math.max(1, Math.round(plot.bbox.width));
    },
    destroy: () => plot.destroy(),
  };
}

function cursorAt(plot: uPlot, index: number) {
  const leftPx = plot.over.offsetLeft + plot.valToPos(plot.data[0][index] as number, "x");
  return { index, leftPx, plotWidthPx: plot.width };
}

/** With a provisional last point, each series comes twice: without that point, and with the last two alone. */
function alignedData(columns: PlotColumns, provisionalLast: boolean): uPlot.AlignedData {
  const { x, series } = columns;
  if (!provisionalLast) return [x as number[], ...series.map((values) => values as PlotValue[])];
  const settled = series.map((values) => values.map((value, index) => (index === x.length - 1 ? undefined : value)));
  const provisional = series.map((values) => {
    const from = lastDefined(values, values.length - 2);
    return values.map((value, index) => (index === from || index === values.length - 1 ? value : undefined));
  });
  return [x as number[], ...settled, ...provisional];
}

function lastDefined(values: readonly PlotValue[], from: number): number {
  for (let index = from; index >= 0; index--) if (values[index] !== undefined) return index;
  return -1;
}

function uplotOptions(
  width: number,
  height: number,
  options: LinePlotOptions,
  onCursor: (self: uPlot) => void,
): uPlot.Options {
  const { colors } = options;
  const axis = {
    stroke: colors.text,
    font: colors.font,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    ms: 1,
    padding: [8, 12, 0, 0],
    // Ticks of a time axis stand at round UTC times; the labels are the caller's.
    tzDate: (timeMs) => uPlot.tzDate(new Date(timeMs), "Etc/UTC"),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: options.isTime },
      // A line that starts at zero where it can: differences look as large as they are.
      y: { range: (_self, low, high) => yRange(low, high) },
    },
    series: [
      {},
      ...colors.series.map((color, index) => seriesOptions(color, index, options.filled)),
      ...(options.provisionalLast ? colors.series.map(provisionalOptions) : []),
    ],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: TICK_HEIGHT_PX,
        space: 72,
        ...(options.isTime && { incrs: TIME_STEPS_MS }),
        values: (_self, ticks, _axis, _space, step) => ticks.map((tick) => options.formatX(tick, step)),
      },
      {
        ...axis,
        gap: 6,
        size: (_self, labels) =>
          Math.max(28, 14 + TICK_CHARACTER_PX * Math.max(0, ...(labels ?? []).map((label) => label?.length ?? 0))),
        values: (_self, ticks, _axis, _space, step) => ticks.map((tick) => options.formatY(tick, step)),
      },
    ],
    hooks: { setCursor: [onCursor] },
  };
}

function seriesOptions(color: string, index: number, filled: boolean): uPlot.Series {
  return {
    stroke: color,
    width: 2,
    dash: [...(seriesDashes[index % seriesDashes.length] ?? [])],
    points: { show: (self, _series, from, to) => to - from < 2 || self.data[0].length < 2, size: 6, fill: color },
    ...(filled && { fill: (self) => fade(self, color) }),
  };
}

function provisionalOptions(color: string): uPlot.Series {
  return { stroke: color, width: 1.5, dash: [2, 4], alpha: 0.75, points: { show: false } };
}

function fade(plot: uPlot, color: string): CanvasGradient | string {
  const { top, height } = plot.bbox;
  if (!Number.isFinite(top + height)) return "transparent";
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height);
  gradient.addColorStop(0, color.replace(/^rgb\((.*)\)$/, "rgba($1, 0.22)"));
  gradient.addColorStop(1, color.replace(/^rgb\((.*)\)$/, "rgba($1, 0.02)"));
  return gradient;
}

function yRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const [min, max] = uPlot.rangeNum(Math.min(low, 0), Math.max(high, 0), 0.06, true);
  return [low >= 0 ? 0 : (min ?? low), high <= 0 ? 0 : (max ?? high)];
}
