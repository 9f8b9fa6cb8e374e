// The class of `<moose-bar-chart>`; importing it defines nothing.
import { html, type PropertyDeclarations, svg, type TemplateResult } from "lit";
import { type ChartRow, numberOf } from "../data/cell-value.ts";
import { formatAlike, formatCell, formatStep, labelOf } from "../data/format-value.ts";
import {
  type BarInput,
  type BarPlace,
  layoutHorizontalBars,
  layoutVerticalBars,
  type TextPlace,
} from "../drawing/bar-layout.ts";
import { measureIn } from "../drawing/text-width.ts";
import { elementStyles } from "../theme/element-styles.ts";
import { tokens } from "../theme/tokens.ts";
import { chartStyles } from "./chart-styles.ts";
import { dataTable } from "./data-table.ts";
import { MooseDataElement } from "./moose-data-element.ts";

/**
 * One bar for each row, in the order of the rows.
 *
 * @attr x - The dimension that names the bars.
 * @attr y - The measure that gives their length.
 * @attr vertical - Columns from left to right instead of rows from top to bottom.
 * @csspart plot - The drawing.
 */
export class MooseBarChart extends MooseDataElement {
  static override styles = [tokens, elementStyles, chartStyles];

  static override properties: PropertyDeclarations = {
    x: {},
    y: {},
    vertical: { type: Boolean },
    size: { state: true },
  };

  declare x: string | undefined;
  declare y: string | undefined;
  declare vertical: boolean;
  declare private size: { readonly width: number; readonly height: number };

  #plotRoot: Element | undefined;
  readonly #resizes = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box && (box.width !== this.size.width || box.height !== this.size.height))
      this.size = { width: box.width, height: box.height };
  });

  constructor() {
    super();
    this.vertical = false;
    this.size = { width: 0, height: 0 };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observe(undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate();
  }

  protected override queryColumns() {
    return { dimensions: this.x ? [this.x] : [], measures: this.x && this.y ? [this.y] : [] };
  }

  protected override drawnRows(): readonly ChartRow[] {
    return this.binding.rows;
  }

  protected override defaultLabel(): string {
    return this.x && this.y ? `${labelOf(this.y)} by ${labelOf(this.x).toLowerCase()}` : "";
  }

  protected override updated(): void {
    this.#observe(this.renderRoot.querySelector(".plot") ?? undefined);
  }

  #observe(root: Element | undefined): void {
    if (root === this.#plotRoot) return;
    this.#resizes.disconnect();
    this.#plotRoot = root;
    if (root) this.#resizes.observe(root);
  }

  protected override renderDrawing(): TemplateResult {
    const rows = this.binding.rows;
    const columns = [this.x ?? "", this.y ?? ""];
    return html`<div class="chart drawing">
      <div class="plot" part="plot">${this.size.width > 0 ? this.#renderBars(rows) : ""}</div>
      ${dataTable({ caption: this.shownLabel, columns, rows, keep: "first", format: this.valueFormat })}
    </div>`;
  }

  #renderBars(rows: readonly ChartRow[]): TemplateResult {
    const { width, height } = this.size;
    const values = rows.map((row) => row[this.y ?? ""]);
    const texts = formatAlike(values, this.valueFormat);
    const inputs = rows.map((row, index): BarInput => {
      return {
        label: formatCell(row[this.x ?? ""], this.valueFormat),
        value: numberOf(values[index]),
        valueText: texts[index] ?? "",
      };
    });
    const measure = measureIn(`500 12px ${getComputedStyle(this).fontFamily}`);
    const formatGrid = (value: number, step: number) => formatStep(value, step, this.valueFormat);
    const layout = this.vertical
      ? layoutVerticalBars(inputs, width, height, measure, formatGrid)
      : layoutHorizontalBars(inputs, width, height, measure);
    // The table says the same to those who do not see it.
    return html`<svg class="canvas" width=${width} height=${height} aria-hidden="true">
      ${layout.gridLines.map((at) => this.#line("grid", at, layout.gridLeft))}
      ${layout.bars.map((place, index) => this.#renderBar(place, inputs[index] as BarInput))}
      ${this.#line("zero", layout.zero, layout.gridLeft)}
      ${layout.gridLabels.map((place) => text("label", place))}
    </svg>`;
  }

  #line(className: string, at: number, left: number) {
    const { width, height } = this.size;
    return this.vertical
      ? svg`<line class=${className} x1=${left} x2=${width} y1=${at} y2=${at} />`
      : svg`<line class=${className} x1=${at} x2=${at} y1="0" y2=${height} />`;
  }

  #renderBar(place: BarPlace, input: BarInput) {
    const unit = this.unit ? ` ${this.unit}` : "";
    return svg`<g>
      <rect class=${(input.value ?? 0) < 0 ? "bar negative" : "bar"} x=${place.x} y=${place.y} width=${place.width} height=${place.height} rx="3">
        <title>${input.label}: ${input.valueText}${unit}</title>
      </rect>
      ${place.label ? text("label", place.label) : ""}
      ${place.value ? text("value", place.value) : ""}
    </g>`;
  }
}

function text(className: string, place: TextPlace) {
  const turn = place.rotate ? `rotate(${place.rotate} ${place.x} ${place.y})` : "";
  return svg`<text class=${className} x=${place.x} y=${place.y} text-anchor=${place.anchor} transform=${turn}>${place.text}</text>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "moose-bar-chart": MooseBarChart;
  }
}
