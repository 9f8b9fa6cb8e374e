// What stands in the database now, as far as migrations care: two queries.
import type { Database } from "../ports/database.ts";
import type { TableTag } from "./table-definitions.ts";
import { readTag } from "./table-sql.ts";

export interface ExistingColumn {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  readonly hasDefault: boolean;
  readonly hasCodec: boolean;
}

export interface ExistingTable {
  readonly name: string;
  readonly engine: string;
  readonly comment: string;
  /** Undefined on a table that Moose did not make. */
  readonly tag: TableTag | undefined;
  readonly rows: number;
  readonly columns: readonly ExistingColumn[];
}

export type DatabaseState = ReadonlyMap<string, ExistingTable>;

const limits = { timeoutMs: 30_000 };

export async function readDatabaseState(database: Database): Promise<DatabaseState> {
  const [tables, columns] = await Promise.all([
    database.query(
      "SELECT name, engine, comment, total_rows FROM system.tables WHERE database = currentDatabase()",
      limits,
    ),
    database.query(
      "SELECT table, name, type, comment, default_expression != '', compression_codec != '' FROM system.columns WHERE database = currentDatabase() ORDER BY table, position",
      limits,
    ),
  ]);
  const columnsOf = new Map<string, ExistingColumn[]>();
  for (const [table, name, type, comment, hasDefault, hasCodec] of columns.rows as [
    string,
    string,
    string,
    string,
    number,
    number,
  ][]) {
    const list = columnsOf.get(table) ?? [];
    columnsOf.set(table, list);
    list.push({ name, type, comment, hasDefault: hasDefault === 1, hasCodec: hasCodec === 1 });
  }
  return new Map(
    (tables.rows as [string, string, string, string | null][]).map(([name, engine, comment, rows]) => [
      name,
      { name, engine, comment, tag: readTag(comment), rows: Number(rows ?? 0), columns: columnsOf.get(name) ?? [] },
    ]),
  );
}
