// Compares what an aggregation's view has gathered with a recomputation from the model's table, in one query.
import { type AggregationSpec, clickHouseType, type ModelSpec } from "@moose/core";
import { aggregationColumns, eventAlias, mergeExpression, unwrapType } from "../model/aggregation-columns.ts";
import { aggregationTable } from "../model/manifest.ts";
import { quoteIdentifier } from "../model/sql-text.ts";
import type { Database } from "../ports/database.ts";
import type { AggregationAudit } from "./audit-report.ts";

const QUERY_LIMIT_MS = 120_000;
const SOURCE = "source";

/** Sums and averages of floating point depend on the order of the rows: they are left out. To be run while the table receives no rows. */
export async function compareAggregation(
  database: Database,
  aggregation: AggregationSpec,
  model: ModelSpec,
  table: string,
  signal: AbortSignal,
): Promise<AggregationAudit> {
  const typeOf = (name: string): string => {
    const field = model.fields.find((candidate) => candidate.name === name);
    return field === undefined ? "" : clickHouseType(field);
  };
  const { dimensions, measures } = aggregationColumns(aggregation, typeOf);
  const isExact = (index: number): boolean => {
    const { fn, field } = aggregation.measures[index]!;
    if (fn === "avg") return false;
    return fn !== "sum" || !unwrapType(typeOf(field!)).base.startsWith("Float");
  };
  const compared = aggregation.measures.filter((_, index) => isExact(index));
  const dimensionNames = dimensions.map(({ name }) => `${SOURCE}.${quoteIdentifier(name)}`);
  const columns = [...dimensionNames, ...compared.map((measure) => mergeExpression(measure, SOURCE))];
  const groupBy = dimensionNames.length === 0 ? "" : ` GROUP BY ${dimensionNames.join(", ")}`;
  const merged = (from: string): string =>
    `SELECT tuple(${columns.join(", ")}) AS row FROM ${from} AS ${SOURCE}${groupBy}`;
  const states = [...dimensions, ...measures].map(
    ({ name, expression }) => `${expression} AS ${quoteIdentifier(name)}`,
  );
  const recomputed = `(SELECT ${states.join(", ")} FROM ${quoteIdentifier(table)} AS ${quoteIdentifier(eventAlias)}${
    dimensions.length === 0 ? "" : ` GROUP BY ${dimensions.map(({ expression }) => expression).join(", ")}`
  })`;
  const { rows } = await database.query(
    `SELECT count(), countIf(n != 2) FROM (SELECT row, count() AS n FROM (
       ${merged(quoteIdentifier(aggregationTable(aggregation.name)))} UNION ALL ${merged(recomputed)}) GROUP BY row)`,
    { signal, timeoutMs: QUERY_LIMIT_MS },
  );
  return { aggregation: aggregation.name, rows: Number(rows[0]![0]), different: Number(rows[0]![1]) };
}
