// The class of `<moose-stat>`; importing it defines nothing.
import { line } from "d3-shape";
import { html, nothing, type PropertyDeclarations, type PropertyValues, svg, type TemplateResult } from "lit";
import { type ChartRow, numberOf } from "../data/cell-value.ts";
import { formatNumber, labelOf, type NumberStyle } from "../data/format-value.ts";
import { ValueHistory } from "../data/value-history.ts";
import { elementStyles } from "../theme/element-styles.ts";
import { tokens } from "../theme/tokens.ts";
import { MooseDataElement } from "./moose-data-element.ts";
import { statStyles } from "./stat-styles.ts";

const SPARK_WIDTH_PX = 72;
const SPARK_HEIGHT_PX = 32;
const TICK_MS = 1000;

/**
 * One number of the first row, with what it changed by while the page was open.
 *
 * @attr y - The measure.
 * @attr format - `auto`, `integer`, `compact` or `percent`.
 * @attr change-seconds - Time over which the change is told; 10 by default, 0 for no change.
 * @csspart value - The number.
 * @csspart change - The change.
 * @csspart sparkline - The values of the last minute.
 */
export class MooseStat extends MooseDataElement {
  static override styles = [tokens, elementStyles, statStyles];

  static override properties: PropertyDeclarations = {
    y: {},
    format: {},
    changeSeconds: { type: Number, attribute: "change-seconds" },
  };

  declare y: string | undefined;
  declare format: NumberStyle;
  declare changeSeconds: number;

  readonly #history = new ValueHistory();
  #ticks: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.format = "auto";
    this.changeSeconds = 10;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticks = setInterval(() => this.live && this.requestUpdate(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticks);
  }

  protected override queryColumns() {
    return { dimensions: [], measures: this.y ? [this.y] : [] };
  }

  protected override drawnRows(): readonly ChartRow[] {
    return this.binding.rows.slice(0, 1);
  }

  protected override defaultLabel(): string {
    return labelOf(this.y ?? "");
  }

  protected override get unitInTitle(): boolean {
    return false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("y") || changed.has("query") || changed.has("filter")) this.#history.clear();
    const value = numberOf(this.#value);
    if (value !== null) this.#history.add(performance.now(), value);
  }

  get #value(): unknown {
    return this.binding.rows[0]?.[this.y ?? ""];
  }

  protected override renderDrawing(): TemplateResult {
    return html`<div class="stat drawing">
      <div>
        <div class="number">
          <span class="value" part="value">${formatNumber(this.#value, this.format, this.valueFormat)}</span>
          ${this.unit ? html`<span class="unit" part="unit">${this.unit}</span>` : nothing}
        </div>
        <div class="change" part="change">${this.state === "live" ? this.#changeText() : nothing}</div>
      </div>
      ${this.live ? this.#sparkline() : nothing}
    </div>`;
  }

  #changeText(): string | typeof nothing {
    if (!(this.changeSeconds > 0)) return nothing;
    const change = this.#history.changeOver(performance.now(), this.changeSeconds * 1000);
    if (change === undefined) return nothing;
    const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
    return `${sign}${formatNumber(Math.abs(change), this.format, this.valueFormat)} in ${this.changeSeconds} s`;
  }

  #sparkline(): TemplateResult | typeof nothing {
    const points = this.#history.points;
    const first = points[0];
    const last = points.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return nothing;
    let low = first.value;
    let high = first.value;
    for (const { value } of points) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const x = (atMs: number) => ((atMs - first.atMs) / (last.atMs - first.atMs)) * SPARK_WIDTH_PX;
    const y = (value: number) =>
      high === low ? SPARK_HEIGHT_PX / 2 : SPARK_HEIGHT_PX - 2 - ((value - low) / (high - low)) * (SPARK_HEIGHT_PX - 4);
    const path = line<(typeof points)[number]>(
      (point) => x(point.atMs),
      (point) => y(point.value),
    )([...points]);
    return html`<svg part="sparkline" width=${SPARK_WIDTH_PX} height=${SPARK_HEIGHT_PX} aria-hidden="true">
      ${svg`<path d=${path ?? ""} />`}
    </svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "moose-stat": MooseStat;
  }
}
