// The DDL of tables, columns and views. Pure; every name is quoted.
import { quoteIdentifier, quoteString } from "../model/sql-text.ts";
import {
  type AggregationDefinition,
  type ColumnDefinition,
  deduplicationWindow,
  hasNullableKey,
  type TableDefinition,
  type TableTag,
} from "./table-definitions.ts";

const tagStart = "moose:";

export function tableComment(table: TableDefinition): string {
  return `${table.description}${table.description ? "\n" : ""}${tagStart}${JSON.stringify(table.tag)}`;
}

/** Undefined when the table is not one of ours. */
export function readTag(comment: string): TableTag | undefined {
  const line = comment.slice(comment.lastIndexOf("\n") + 1);
  if (!line.startsWith(tagStart)) return undefined;
  try {
    const tag = JSON.parse(line.slice(tagStart.length)) as TableTag;
    return tag.kind === "model" || tag.kind === "aggregation" ? tag : undefined;
  } catch {
    return undefined;
  }
}

export function columnSql(column: ColumnDefinition): string {
  const parts = [quoteIdentifier(column.name), column.type];
  if (column.default !== undefined) parts.push(`DEFAULT ${column.default}`);
  parts.push(`COMMENT ${quoteString(column.comment)}`);
  if (column.codec !== undefined) parts.push(`CODEC(${column.codec.replace(/^\s*CODEC\s*\((.*)\)\s*$/is, "$1")})`);
  return parts.join(" ");
}

/** `name` may differ from the table's own while it is being built. */
export function createTableSql(table: TableDefinition, name = table.name): string {
  const settings = [
    `non_replicated_deduplication_window = ${deduplicationWindow}`,
    // An acknowledged insert must outlive a power cut; ClickHouse's default leaves it to the operating system.
    "fsync_after_insert = 1",
    "fsync_part_directory = 1",
    ...(hasNullableKey(table) ? ["allow_nullable_key = 1"] : []),
  ];
  return [
    `CREATE TABLE ${quoteIdentifier(name)} (${table.columns.map(columnSql).join(", ")})`,
    `ENGINE = ${table.engine}`,
    ...(table.partitionBy === undefined ? [] : [`PARTITION BY ${table.partitionBy}`]),
    table.orderBy.length === 0 ? "ORDER BY tuple()" : `ORDER BY (${table.orderBy.map(quoteIdentifier).join(", ")})`,
    ...(table.ttl === undefined ? [] : [`TTL ${table.ttl}`]),
    `SETTINGS ${settings.join(", ")}`,
    `COMMENT ${quoteString(tableComment(table))}`,
  ].join(" ");
}

export function createViewSql({ view, table, select }: AggregationDefinition): string {
  return `CREATE MATERIALIZED VIEW ${quoteIdentifier(view)} TO ${quoteIdentifier(table.name)} AS ${select}`;
}
