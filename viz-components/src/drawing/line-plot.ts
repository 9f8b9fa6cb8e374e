// The small interface behind which a line renderer stands: points and colours in, a cursor out. All text is the caller's.
import type { PlotColumns } from "../data/min-max-decimate.ts";

export interface LinePlotColors {
  readonly text: string;
  readonly grid: string;
  readonly font: string;
  /** One per series. */
  readonly series: readonly string[];
}

export interface LinePlotOptions {
  readonly isTime: boolean;
  readonly colors: LinePlotColors;
  /** Fill under the line; for a single series. */
  readonly filled: boolean;
  /** The last point may still change, and is drawn so: thin and dashed, without fill. */
  readonly provisionalLast: boolean;
  /** Called while drawing, so no heavier than a look-up and a format. `step` is the distance between ticks. */
  formatX(value: number, step: number): string;
  formatY(value: number, step: number): string;
  /** Index into the columns of the last `setData`, with its place in CSS pixels within the plot; null when the pointer left. */
  onCursor(cursor: LinePlotCursor | null): void;
}

export interface LinePlotCursor {
  readonly index: number;
  readonly leftPx: number;
  readonly plotWidthPx: number;
}

/** Made for a fixed number of series; make another when that, the kind of x or the colours change. */
export interface LinePlot {
  /** At most two points per device pixel and series. */
  setData(columns: PlotColumns): void;
  resize(widthPx: number, heightPx: number): void;
  /** Moves the cursor to a point, as the pointer would; null hides it. */
  setCursor(index: number | null): void;
  /** Width of the plotting area in device pixels. */
  readonly pixelColumns: number;
  destroy(): void;
}
