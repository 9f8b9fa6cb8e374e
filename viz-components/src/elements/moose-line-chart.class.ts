// The class of `<moose-line-chart>`; importing it defines nothing.
import { html, nothing, type PropertyDeclarations, type PropertyValues, svg, type TemplateResult } from "lit";
import { type ChartRow, timeOf } from "../data/cell-value.ts";
import { formatNumber, formatStep, formatTick, formatTime, labelOf } from "../data/format-value.ts";
import { decimateMinMax, type PlotColumns } from "../data/min-max-decimate.ts";
import { type PivotedRows, pivotSeries } from "../data/pivot-series.ts";
import { listOf } from "../data/query-attributes.ts";
import { type ColorProbe, createColorProbe } from "../drawing/color-probe.ts";
import type { LinePlot, LinePlotCursor } from "../drawing/line-plot.ts";
import { createUplotLinePlot, seriesDashes } from "../drawing/uplot-line-plot.ts";
import { uplotStyles } from "../drawing/uplot-styles.ts";
import { elementStyles } from "../theme/element-styles.ts";
import { SERIES_COLORS, tokens } from "../theme/tokens.ts";
import { chartStyles } from "./chart-styles.ts";
import { cursorAfterKey } from "./cursor-keys.ts";
import { dataTable } from "./data-table.ts";
import { MooseDataElement } from "./moose-data-element.ts";

/**
 * Lines over a time or a number: one for each measure, or for each value of `series`.
 *
 * @attr x - The dimension along the axis.
 * @attr y - Comma-separated measures.
 * @attr series - A dimension that splits the line; the six largest are drawn.
 * @csspart plot - The drawing, which takes the keyboard: arrows, Home, End, Escape.
 * @csspart tooltip - The values at the cursor.
 * @csspart legend - Names of the lines.
 */
export class MooseLineChart extends MooseDataElement {
  static override styles = [tokens, elementStyles, chartStyles, uplotStyles];

  static override properties: PropertyDeclarations = { x: {}, y: {}, series: {}, cursor: { state: true } };

  declare x: string | undefined;
  declare y: string | undefined;
  declare series: string | undefined;
  declare private cursor: LinePlotCursor | null;

  #plot: LinePlot | undefined;
  #plotRoot: Element | undefined;
  #plotKey = "";
  #drawn: PlotColumns = { x: [], series: [] };
  #pivoted: PivotedRows = { x: [], isTime: false, series: [], droppedSeries: 0 };
  #pivotedFrom: readonly ChartRow[] | undefined;
  #probe: ColorProbe | undefined;
  readonly #resizes = new ResizeObserver(() => this.#resize());

  constructor() {
    super();
    this.cursor = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dropPlot();
    this.#probe?.destroy();
    this.#probe = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  protected override queryColumns() {
    const dimensions = [this.x, this.series].filter((name): name is string => Boolean(name));
    return { dimensions, measures: this.x ? listOf(this.y) : [] };
  }

  protected override drawnRows(): readonly ChartRow[] {
    return this.binding.rows;
  }

  protected override defaultLabel(): string {
    return listOf(this.y).map(labelOf).join(", ");
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const rows = this.binding.rows;
    if (rows === this.#pivotedFrom && !changed.has("x") && !changed.has("y") && !changed.has("series")) return;
    this.#pivotedFrom = rows;
    this.#pivoted = pivotSeries(rows, {
      x: this.x ?? "",
      y: listOf(this.y),
      series: this.series,
      maxSeries: SERIES_COLORS,
    });
  }

  protected override renderDrawing(): TemplateResult {
    const { series, droppedSeries } = this.#pivoted;
    const columns = [...this.queryColumns().dimensions, ...listOf(this.y)];
    return html`<div class="chart drawing">
      ${series.length > 1 ? html`<ul class="legend" part="legend">${series.map((one, index) => html`<li>${swatch(index)}${this.#nameOf(one.name)}</li>`)}</ul>` : nothing}
      <div
        class="plot"
        part="plot"
        tabindex="0"
        role="application"
        aria-roledescription="line chart"
        aria-label=${`${this.shownLabel}. Use the arrow keys to read the values.`}
        @keydown=${this.#onKey}
        @blur=${() => this.#plot?.setCursor(null)}
      >
        <div class="canvas"></div>
        ${this.#renderTooltip()}
      </div>
      ${droppedSeries > 0 ? html`<p class="note">The ${series.length} largest; ${droppedSeries} more are not drawn.</p>` : nothing}
      <span class="for-screen-readers" aria-live="polite">${this.cursor ? this.#spokenCursor(this.cursor.index) : ""}</span>
      ${dataTable({ caption: this.shownLabel, columns, rows: this.binding.rows, keep: this.#newestEnd(), format: this.valueFormat })}
    </div>`;
  }

  /** A query for the newest rows asks for them in descending order. */
  #newestEnd(): "first" | "last" {
    const { rows } = this.binding;
    const [first, last] = [rows[0], rows.at(-1)].map((row) => timeOf(row?.[this.x ?? ""]));
    return first != null && last != null && first > last ? "first" : "last";
  }

  #renderTooltip(): TemplateResult | typeof nothing {
    const cursor = this.cursor;
    if (!cursor || cursor.index >= this.#drawn.x.length) return nothing;
    const left = cursor.leftPx < cursor.plotWidthPx / 2;
    const place = left ? `left:${cursor.leftPx + 10}px` : `right:${cursor.plotWidthPx - cursor.leftPx + 10}px`;
    return html`<div class="tooltip" part="tooltip" aria-hidden="true" style=${place}>
      ${this.#textOfX(cursor.index)}
      <dl>${this.#valuesAt(cursor.index).map(({ name, text, index }) => html`${swatch(index)}<dt>${name}</dt><dd>${text}</dd>`)}</dl>
    </div>`;
  }

  protected override updated(): void {
    const root = this.renderRoot.querySelector<HTMLElement>(".canvas");
    if (!root) {
      this.#dropPlot();
      return;
    }
    this.#probe ??= createColorProbe(this.renderRoot as ShadowRoot, () => this.requestUpdate());
    this.#ensurePlot(root, this.#probe);
    this.#draw();
  }

  #ensurePlot(root: HTMLElement, probe: ColorProbe): void {
    const { series, isTime } = this.#pivoted;
    const colors = {
      text: probe.color("--_text-muted"),
      grid: probe.color("--_grid"),
      font: `12px ${getComputedStyle(root).fontFamily}`,
      series: series.map((_, index) => probe.color(`--_color-${(index % SERIES_COLORS) + 1}`)),
    };
    const key = JSON.stringify([colors, isTime, this.#lastIsProvisional, this.valueFormat]);
    if (this.#plot && root === this.#plotRoot && key === this.#plotKey) return;
    this.#dropPlot();
    this.#plotRoot = root;
    this.#plotKey = key;
    this.#plot = createUplotLinePlot(root, Math.max(1, root.clientWidth), Math.max(1, root.clientHeight), {
      isTime,
      colors,
      filled: series.length === 1,
      provisionalLast: this.#lastIsProvisional,
      formatX: (value, step) =>
        isTime ? formatTick(value, step, this.valueFormat) : formatStep(value, step, this.valueFormat),
      formatY: (value, step) => formatStep(value, step, this.valueFormat),
      onCursor: (cursor) => {
        this.cursor = cursor;
      },
    });
    this.#resizes.observe(root);
  }

  #draw(): void {
    const plot = this.#plot;
    if (!plot) return;
    const all = { x: this.#pivoted.x, series: this.#pivoted.series.map((one) => one.values) };
    const drawn = decimateMinMax(all, plot.pixelColumns);
    const same =
      drawn.x === this.#drawn.x && drawn.series.every((values, index) => values === this.#drawn.series[index]);
    if (same) return;
    this.#drawn = drawn;
    plot.setData(drawn);
  }

  #resize(): void {
    const root = this.#plotRoot;
    if (!this.#plot || !root || root.clientWidth === 0 || root.clientHeight === 0) return;
    this.#plot.resize(root.clientWidth, root.clientHeight);
    this.#draw();
  }

  #dropPlot(): void {
    this.#resizes.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#plotRoot = undefined;
    this.#drawn = { x: [], series: [] };
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const next = cursorAfterKey(event, this.cursor?.index, this.#drawn.x.length);
    if (next === undefined) return;
    event.preventDefault();
    this.#plot?.setCursor(next);
  };

  /** The newest bucket of a live series is still being filled. */
  get #lastIsProvisional(): boolean {
    return this.state === "live" && this.#pivoted.isTime && this.#pivoted.x.length > 1;
  }

  #nameOf(name: string): string {
    return this.series ? name : labelOf(name);
  }

  #textOfX(index: number): string {
    const x = this.#drawn.x[index] ?? 0;
    const neighbour = this.#drawn.x[index + 1] ?? this.#drawn.x[index - 1] ?? x;
    if (!this.#pivoted.isTime) return `${labelOf(this.x ?? "")} ${formatNumber(x, "auto", this.valueFormat)}`;
    const soFar = this.#lastIsProvisional && index === this.#drawn.x.length - 1 ? ", so far" : "";
    return formatTime(x, stepOf(x, neighbour), this.valueFormat) + soFar;
  }

  #valuesAt(at: number) {
    return this.#pivoted.series.flatMap((series, index) => {
      const value = this.#drawn.series[index]?.[at];
      if (value === undefined) return [];
      const unit = this.unit ? ` ${this.unit}` : "";
      return [
        { name: this.#nameOf(series.name), text: `${formatNumber(value, "auto", this.valueFormat)}${unit}`, index },
      ];
    });
  }

  #spokenCursor(index: number): string {
    if (index >= this.#drawn.x.length) return "";
    return [this.#textOfX(index), ...this.#valuesAt(index).map(({ name, text }) => `${name} ${text}`)].join(", ");
  }
}

/** Times that fall on whole minutes are told in minutes, whatever lies between the points. */
function stepOf(timeMs: number, neighbourMs: number): number {
  const step = Math.abs(neighbourMs - timeMs) || 1000;
  return timeMs % 60_000 === 0 && neighbourMs % 60_000 === 0 ? Math.max(step, 60_000) : Math.min(step, 59_999);
}

function swatch(index: number): TemplateResult {
  const dash = (seriesDashes[index % seriesDashes.length] ?? []).join(" ");
  const color = `var(--_color-${(index % SERIES_COLORS) + 1})`;
  return html`<svg width="18" height="8" aria-hidden="true">
    ${svg`<line x1="0" x2="18" y1="4" y2="4" stroke-width="2.5" stroke-dasharray=${dash} style="stroke:${color}" />`}
  </svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "moose-line-chart": MooseLineChart;
  }
}
