// Turns a cell as the consumption SDK gives it (string, number, bigint, Date) into what a scale needs.

/** A row as it is drawn: column name to value. */
export type ChartRow = Readonly<Record<string, unknown>>;

// ClickHouse prints DateTime as `YYYY-MM-DD hh:mm:ss[.f]` in UTC and Date as `YYYY-MM-DD`.
const CLICKHOUSE_TIME = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** The number behind a measure; null when the cell holds none. 64-bit integers lose digits past 2^53 here, for drawing only. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.trim() !== "") {
    const parsed = Number(value);
    return Number.isFinite(parsed) ? parsed : null;
  }
  return null;
}

/** Milliseconds since 1970 of a Date, an RFC 3339 text or ClickHouse's notation in UTC; null for anything else. */
export function timeOf(value: unknown): number | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.getTime();
  if (typeof value !== "string") return null;
  const match = CLICKHOUSE_TIME.exec(value);
  if (!match) return null;
  const timeMs = Date.parse(`${match[1]}T${match[2] ?? "00:00:00"}${match[3] ?? "Z"}`);
  return Number.isNaN(timeMs) ? null : timeMs;
}

/** The text of a category, for labels and keys. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
