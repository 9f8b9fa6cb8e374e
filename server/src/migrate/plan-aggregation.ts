// The changes that one aggregation's table and view need. Pure.
import { quoteIdentifier, quoteString } from "../model/sql-text.ts";
import type { ExistingTable } from "./database-state.ts";
import { rebuildPrefix, type Step } from "./migration-step.ts";
import type { AggregationDefinition } from "./table-definitions.ts";
import { createTableSql, createViewSql, tableComment } from "./table-sql.ts";

/**
 * No insert runs meanwhile. The table is filled aside from every stored event and put in place whole; the view comes last,
 * so an aggregation without its view is one that a crash left half done.
 */
export function planAggregation(
  existing: ExistingTable | undefined,
  aggregation: AggregationDefinition,
  stale: boolean,
  sourceRows: number,
): { readonly steps: readonly Step[]; readonly changes: readonly string[] } {
  const { table } = aggregation;
  const subject = `aggregation ${table.name}`;
  const name = quoteIdentifier(table.name);
  if (!stale) {
    if (!existing || existing.comment === tableComment(table)) return { steps: [], changes: [] };
    const sql = `ALTER TABLE ${name} MODIFY COMMENT ${quoteString(tableComment(table))}`;
    return { steps: [{ sql, subject }], changes: [`${subject}: described anew`] };
  }
  const aside = quoteIdentifier(`${rebuildPrefix}${table.name}`);
  const columns = table.columns.map((column) => quoteIdentifier(column.name)).join(", ");
  const sql = [
    `DROP TABLE IF EXISTS ${aside}`,
    createTableSql(table, `${rebuildPrefix}${table.name}`),
    `INSERT INTO ${aside} (${columns}) ${aggregation.select}`,
    ...(existing
      ? [`EXCHANGE TABLES ${aside} AND ${name}`, `DROP TABLE ${aside}`]
      : [`RENAME TABLE ${aside} TO ${name}`]),
    createViewSql(aggregation),
  ];
  const filled =
    sourceRows === 0 ? "" : `, filled from ${sourceRows} row${sourceRows === 1 ? "" : "s"} of ${aggregation.source}`;
  return {
    steps: sql.map((text) => ({ sql: text, subject })),
    changes: [`${subject} ${existing ? "rebuilt" : "created"}${filled}`],
  };
}
