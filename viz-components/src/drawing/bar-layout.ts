// Where bars, labels and values of a categorical bar chart stand, for a given width: labels never collide or leave the chart.
import { max, min, ticks } from "d3-array";

export interface BarInput {
  readonly label: string;
  readonly value: number | null;
  readonly valueText: string;
}

export interface TextPlace {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  /** Degrees. */
  readonly rotate: number;
}

export interface BarPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly label: TextPlace | undefined;
  readonly value: TextPlace | undefined;
}

export interface BarLayout {
  readonly bars: readonly BarPlace[];
  /** Position of zero: x for horizontal bars, y for vertical ones. */
  readonly zero: number;
  readonly gridLines: readonly number[];
  /** Where horizontal grid lines begin: right of their numbers. */
  readonly gridLeft: number;
  /** Numbers of the grid lines, where the bars have no room for their values. */
  readonly gridLabels: readonly TextPlace[];
}

/** The number of a grid line; `step` is the distance to the next. */
export type FormatGrid = (value: number, step: number) => string;

/** Width of a text in CSS pixels. */
export type MeasureText = (text: string) => number;

const GAP_PX = 8;
const LINE_PX = 16;
const MAX_BAR_PX = 28;
const SHORT_LABEL_PX = 32;
const MAX_SLANTED_PX = 84;

/** Cuts a text to a width, with an ellipsis; empty if not even one letter fits. */
export function ellipsize(text: string, widthPx: number, measure: MeasureText): string {
  if (measure(text) <= widthPx) return text;
  for (let length = text.length - 1; length > 0; length--) {
    const cut = `${text.slice(0, length).trimEnd()}…`;
    if (measure(cut) <= widthPx) return cut;
  }
  return "";
}

function domainOf(bars: readonly BarInput[]): [number, number] {
  const values = bars.map((bar) => bar.value ?? 0);
  const low = Math.min(0, min(values) ?? 0);
  const high = Math.max(0, max(values) ?? 0);
  return low === high ? [0, 1] : [low, high];
}

/** Rows from top to bottom: label, bar, value at the bar's end. */
export function layoutHorizontalBars(
  inputs: readonly BarInput[],
  widthPx: number,
  heightPx: number,
  measure: MeasureText,
): BarLayout {
  const [low, high] = domainOf(inputs);
  const labelWidth = Math.min(Math.max(0, ...inputs.map((bar) => measure(bar.label))), widthPx * 0.36);
  const valueWidth = Math.max(0, ...inputs.map((bar) => measure(bar.valueText))) + GAP_PX;
  const left = labelWidth + GAP_PX + (low < 0 ? valueWidth : 0);
  const right = Math.max(left + 1, widthPx - (high > 0 ? valueWidth : 0));
  const scale = (value: number) => left + ((value - low) / (high - low)) * (right - left);
  const band = heightPx / Math.max(1, inputs.length);
  const thickness = Math.max(1, Math.min(MAX_BAR_PX, band * 0.68));
  const zero = scale(0);
  const bars = inputs.map((bar, index): BarPlace => {
    const middle = band * (index + 0.5);
    const end = scale(bar.value ?? 0);
    const readable = band >= LINE_PX * 0.8;
    return {
      x: Math.min(zero, end),
      y: middle - thickness / 2,
      width: Math.abs(end - zero),
      height: thickness,
      label: readable
        ? { text: ellipsize(bar.label, labelWidth, measure), x: labelWidth, y: middle, anchor: "end", rotate: 0 }
        : undefined,
      value: readable
        ? {
            text: bar.valueText,
            x: end + ((bar.value ?? 0) < 0 ? -GAP_PX / 2 : GAP_PX / 2),
            y: middle,
            anchor: (bar.value ?? 0) < 0 ? "end" : "start",
            rotate: 0,
          }
        : undefined,
    };
  });
  return {
    bars,
    zero,
    gridLines: ticks(low, high, Math.max(2, Math.floor((right - left) / 90))).map(scale),
    gridLeft: 0,
    gridLabels: [],
  };
}

/** Columns from left to right. Where the values have no room above the bars, the grid lines have numbers. */
export function layoutVerticalBars(
  inputs: readonly BarInput[],
  widthPx: number,
  heightPx: number,
  measure: MeasureText,
  formatGrid: FormatGrid,
): BarLayout {
  const [low, high] = domainOf(inputs);
  const count = Math.max(1, inputs.length);
  const widestValue = Math.max(0, ...inputs.map((bar) => measure(bar.valueText)));
  const showsValues = widestValue <= widthPx / count - 2;
  const gridValues = ticks(low, high, Math.max(2, Math.floor(heightPx / 45)));
  const gridStep = Math.abs((gridValues[1] ?? high) - (gridValues[0] ?? low));
  const gridTexts = showsValues ? [] : gridValues.map((value) => formatGrid(value, gridStep));
  const left = showsValues ? 0 : Math.max(0, ...gridTexts.map(measure)) + GAP_PX;
  const band = (widthPx - left) / count;
  const labels = chooseLabels(inputs, band, measure);

  const top = showsValues && high > 0 ? LINE_PX + 2 : LINE_PX / 2;
  const bottom = Math.max(top + 1, heightPx - labels.heightPx - (showsValues && low < 0 ? LINE_PX : 0));
  const scale = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - top);
  const thickness = Math.max(1, Math.min(MAX_BAR_PX * 2, band * 0.68));
  const zero = scale(0);
  const labelY = heightPx - labels.heightPx + LINE_PX * 0.75;
  const bars = inputs.map((bar, index): BarPlace => {
    const middle = left + band * (index + 0.5);
    const end = scale(bar.value ?? 0);
    const valueY = (bar.value ?? 0) < 0 ? end + LINE_PX * 0.6 : end - LINE_PX * 0.6;
    return {
      x: middle - thickness / 2,
      y: Math.min(zero, end),
      width: thickness,
      height: Math.abs(end - zero),
      label: index % labels.every === 0 ? labelPlace(bar.label, middle, labelY, labels.slanted, measure) : undefined,
      value: showsValues ? { text: bar.valueText, x: middle, y: valueY, anchor: "middle", rotate: 0 } : undefined,
    };
  });
  const gridLabels = gridTexts.map((text, index): TextPlace => {
    return { text, x: left - GAP_PX, y: scale(gridValues[index] ?? 0), anchor: "end", rotate: 0 };
  });
  return { bars, zero, gridLines: gridValues.map(scale), gridLeft: left, gridLabels };
}

/** Flat if they fit, or if they are so short that every n-th says enough; else slanted. */
function chooseLabels(inputs: readonly BarInput[], band: number, measure: MeasureText) {
  const widest = Math.max(0, ...inputs.map((bar) => measure(bar.label)));
  if (widest <= SHORT_LABEL_PX || widest <= band - 4) {
    return { slanted: false, every: Math.max(1, Math.ceil((widest + 4) / band)), heightPx: LINE_PX + 4 };
  }
  const heightPx = Math.min(widest, MAX_SLANTED_PX) * Math.SQRT1_2 + LINE_PX;
  return { slanted: true, every: Math.max(1, Math.ceil(LINE_PX / band)), heightPx };
}

function labelPlace(label: string, middle: number, y: number, slanted: boolean, measure: MeasureText): TextPlace {
  if (!slanted) return { text: label, x: middle, y, anchor: "middle", rotate: 0 };
  // A slanted label hangs to the left of its bar: the first ones have less room.
  const room = Math.min(MAX_SLANTED_PX, (middle + 4) * Math.SQRT2);
  return { text: ellipsize(label, room, measure), x: middle + 4, y, anchor: "end", rotate: -45 };
}
