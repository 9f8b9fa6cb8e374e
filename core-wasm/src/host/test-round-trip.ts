// Test fixture: rows go into the real ClickHouse (chdb) as a Native block, or as the JSON that they are, and come back as text.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clickHouseType } from "../language/clickhouse-type.ts";
import type { Model } from "../language/model.ts";
import { modelSpec } from "../language/model.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import type { Core } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

interface ChdbSession {
  query(sql: string, format?: string): string;
  cleanup(): void;
}
const { Session } = createRequire(import.meta.url)("chdb") as { Session: new (path: string) => ChdbSession };

export interface RoundTrip {
  readonly core: Core;
  /** Rows as the table holds them after our block was inserted, JSONEachRow with every number quoted. */
  native(of: Model, rows: readonly string[]): Record<string, unknown>[];
  /** The same, after ClickHouse itself has parsed the rows. */
  json(of: Model, rows: readonly string[]): Record<string, unknown>[];
  /** What ClickHouse shows of each row, as text: of our block, and of what it parsed itself; undefined where it refused the row. */
  shown(spec: ModelSpec, rows: readonly string[]): { native: string[]; parsed: (string | undefined)[] };
  query(sql: string): string;
  close(): void;
}

export async function openRoundTrip(): Promise<RoundTrip> {
  const core = await createCore();
  const folder = mkdtempSync(join(tmpdir(), "moose-types-"));
  const session = new Session(join(folder, "data"));
  session.query("CREATE DATABASE IF NOT EXISTS t ENGINE = Atomic");
  let tables = 0;

  /** A new table with what ClickHouse reads from `bytes`. */
  const write = (spec: ModelSpec, format: string, bytes: Uint8Array, settings = ""): string => {
    const table = `t.r${++tables}`;
    const file = join(folder, `${tables}.data`);
    writeFileSync(file, bytes);
    const columns = spec.fields.map((field) => `\`${field.name}\` ${clickHouseType(field)}`);
    const extra = spec.extra === "keep" ? ["_extra Map(String, String)"] : [];
    const own = ["_partition UInt32", "_offset UInt64", "_received_at DateTime64(3, 'UTC')"];
    session.query(
      `CREATE TABLE ${table} (${[...columns, ...extra, ...own].join(", ")}) ENGINE = MergeTree ORDER BY _offset`,
    );
    session.query(
      `INSERT INTO ${table} FROM INFILE '${file}' SETTINGS date_time_input_format = 'best_effort'${settings} FORMAT ${format}`,
    );
    return table;
  };

  const read = (of: Model, format: string, bytes: Uint8Array): Record<string, unknown>[] => {
    const table = write(modelSpec(of), format, bytes);
    const settings = [
      "output_format_json_quote_64bit_integers = 1",
      "output_format_json_quote_decimals = 1",
      "output_format_json_quote_denormals = 1",
    ];
    const text = session.query(
      `SELECT * EXCEPT (_partition, _offset, _received_at) FROM ${table} ORDER BY _offset SETTINGS ${settings.join(", ")}`,
      "JSONEachRow",
    );
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  const block = (spec: ModelSpec, rows: readonly string[]): Uint8Array => {
    const encoder = core.load(spec).encoder();
    encoder.feed(new TextEncoder().encode(rows.join("\n")), { partition: 0, baseOffset: 0, receivedAtMs: 0 });
    return encoder.finish();
  };
  const numbered = (rows: readonly string[]): Uint8Array => {
    const lines = rows.map((row, offset) =>
      row.replace(/^\s*\{(\s*\})?/, (_, end) => `{"_offset":${offset}${end ?? ","}`),
    );
    return new TextEncoder().encode(lines.join("\n"));
  };

  /** Rows of a table as text, at their offsets. */
  const texts = (table: string): string[] => {
    const select = `SELECT _offset, * EXCEPT (_partition, _offset, _received_at) FROM ${table} ORDER BY _offset`;
    const found: string[] = [];
    for (const line of session
      .query(`${select} SETTINGS output_format_json_quote_denormals = 1`, "JSONCompactEachRow")
      .split("\n")) {
      const [, offset, text] = /^\["?(\d+)"?, (.*)\]$/.exec(line) ?? [];
      if (offset !== undefined) found[Number(offset)] = text!;
    }
    return found;
  };

  return {
    core,
    native: (of, rows) => read(of, "Native", block(modelSpec(of), rows)),
    json: (of, rows) => read(of, "JSONEachRow", numbered(rows)),
    shown: (spec, rows) => ({
      native: texts(write(spec, "Native", block(spec, rows))),
      parsed: texts(write(spec, "JSONEachRow", numbered(rows), ", input_format_allow_errors_ratio = 1")),
    }),
    query: (sql) => session.query(sql),
    close() {
      session.cleanup();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
