// The rows of a chart as a table, for those who do not see the drawing.
import { html, type TemplateResult } from "lit";
import { type ChartRow, numberOf } from "../data/cell-value.ts";
import { formatCell, labelOf, type ValueFormat } from "../data/format-value.ts";

/** A longer table helps nobody who listens to it, and costs at each update. */
const MAX_TABLE_ROWS = 50;

export interface DataTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly ChartRow[];
  /** Which end a long table keeps: the newest rows of a time series stand last. */
  readonly keep: "first" | "last";
  readonly format: ValueFormat;
}

export function dataTable({ caption, columns, rows, keep, format }: DataTable): TemplateResult {
  const kept = keep === "last" ? rows.slice(-MAX_TABLE_ROWS) : rows.slice(0, MAX_TABLE_ROWS);
  const note = kept.length < rows.length ? `, the ${keep} ${kept.length} of ${rows.length} rows` : "";
  // A table's own size follows its content, so the box around it is what hides it.
  return html`<div class="for-screen-readers"><table part="table">
    <caption>${caption}${note}</caption>
    <thead><tr>${columns.map((column) => html`<th scope="col">${labelOf(column)}</th>`)}</tr></thead>
    <tbody>
      ${kept.map((row) => html`<tr>${columns.map((column) => html`<td>${cellText(row[column], format)}</td>`)}</tr>`)}
    </tbody>
  </table></div>`;
}

function cellText(value: unknown, format: ValueFormat): string {
  return typeof value === "string" && numberOf(value) !== null ? value : formatCell(value, format);
}
