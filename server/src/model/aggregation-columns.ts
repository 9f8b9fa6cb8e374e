// How an aggregation's dimensions and measures are stored in its target table, written by its view, and read back. Pure SQL text.
import type { AggregationSpec, DimensionSpec, Grain, MeasureSpec } from "@moose/core";
import { MooseError } from "./errors.ts";
import { quoteIdentifier } from "./sql-text.ts";

/** Type of every time bucket that is stored or computed: seconds suffice, and years before 1970 keep their place. */
const bucketType = "DateTime64(0, 'UTC')";

/** Alias of the model's table in the expressions below: a column must not be mistaken for an alias of the same name. */
export const eventAlias = "_event";

const eventColumn = (field: string): string => `${quoteIdentifier(eventAlias)}.${quoteIdentifier(field)}`;

export interface StateColumn {
  readonly name: string;
  /** DDL type in the target table. */
  readonly type: string;
  /** What the view selects from the model's table, which it calls `eventAlias`. */
  readonly expression: string;
}

/**
 * The start of the bucket that `column` falls in: DateTime64(0, timezone), whatever date or time type goes in. Weeks begin on Monday.
 * `column` and `timezone` are SQL: a quoted identifier, and a literal or a bound parameter such as `{timezone:String}`.
 */
export function grainExpression(column: string, grain: Grain, timezone = "'UTC'"): string {
  // dateTrunc, not toStartOf…: those clip or wrap years before 1970. Its second rounds up there, toStartOfSecond does not.
  const start =
    grain === "second"
      ? `toStartOfSecond(toDateTime64(${column}, 6, ${timezone}))`
      : `dateTrunc('${grain}', ${column}, ${timezone})`;
  return `toDateTime64(${start}, 0, ${timezone})`;
}

/**
 * Reads a measure back from the target table, inside a GROUP BY. Without values (all null) sum, avg, min and max are null.
 * Give the table an alias and pass it as `table` (unquoted): an alias in SELECT that equals a column's name
 * otherwise replaces the column in every other expression of the query (ILLEGAL_AGGREGATION).
 */
export function mergeExpression(measure: MeasureSpec, table?: string): string {
  const column = table ? `${quoteIdentifier(table)}.${quoteIdentifier(measure.name)}` : quoteIdentifier(measure.name);
  switch (measure.fn) {
    case "count":
    case "sum":
      return `sum(${column})`;
    case "avg":
      return `avgMerge(${column})`;
    case "min":
      return `min(${column})`;
    case "max":
      return `max(${column})`;
  }
}

/** ClickHouse type that `mergeExpression` results in. `fieldType` is the DDL type of the measure's field, "" for count. */
function measureType(measure: MeasureSpec, fieldType: string): string {
  if (measure.fn === "count") return "UInt64";
  const { base, nullable } = unwrapType(fieldType);
  const wrap = (type: string) => (nullable ? `Nullable(${type})` : type);
  if (measure.fn === "avg") return wrap("Float64");
  return wrap(measure.fn === "sum" ? sumType(base) : base);
}

/** The column of a dimension. `fieldType` is the DDL type of the field. */
export function dimensionColumn(dimension: DimensionSpec, fieldType: string): StateColumn {
  const column = eventColumn(dimension.field);
  if (dimension.grain === undefined) return { name: dimension.name, type: fieldType, expression: column };
  const { nullable } = unwrapType(fieldType);
  return {
    name: dimension.name,
    type: nullable ? `Nullable(${bucketType})` : bucketType,
    expression: grainExpression(column, dimension.grain),
  };
}

/** The column of a measure: a state that merges, so that parts and queries may combine rows in any order. */
export function measureColumn(measure: MeasureSpec, fieldType: string): StateColumn {
  const column = eventColumn(measure.field ?? "");
  const result = measureType(measure, fieldType);
  const { base, nullable } = unwrapType(fieldType);
  switch (measure.fn) {
    case "count":
      return { name: measure.name, type: "SimpleAggregateFunction(sum, UInt64)", expression: "count()" };
    case "avg": {
      const argument = nullable ? `Nullable(${base})` : base;
      return {
        name: measure.name,
        type: `AggregateFunction(avg, ${argument})`,
        expression: `avgState(CAST(${column}, '${argument}'))`,
      };
    }
    default:
      return {
        name: measure.name,
        type: `SimpleAggregateFunction(${measure.fn}, ${result})`,
        expression: `${measure.fn}(${column})`,
      };
  }
}

/** All columns of an aggregation's target table, dimensions first. `typeOf` gives the DDL type of a model's field. */
export function aggregationColumns(
  aggregation: AggregationSpec,
  typeOf: (field: string) => string,
): { dimensions: StateColumn[]; measures: StateColumn[] } {
  return {
    dimensions: aggregation.dimensions.map((dimension) => dimensionColumn(dimension, typeOf(dimension.field))),
    measures: aggregation.measures.map((measure) =>
      measureColumn(measure, measure.field === undefined ? "" : typeOf(measure.field)),
    ),
  };
}

/** Splits `LowCardinality(Nullable(String))` into its plain type and whether null is allowed. */
export function unwrapType(type: string): { base: string; nullable: boolean } {
  const inner = /^LowCardinality\((.*)\)$/.exec(type)?.[1] ?? type;
  const plain = /^Nullable\((.*)\)$/.exec(inner)?.[1];
  return plain === undefined ? { base: inner, nullable: false } : { base: plain, nullable: true };
}

function sumType(base: string): string {
  if (/^Int(8|16|32|64)$/.test(base)) return "Int64";
  if (/^(UInt(8|16|32|64)|Bool)$/.test(base)) return "UInt64";
  if (/^Float(32|64)$/.test(base)) return "Float64";
  throw new MooseError(
    "project_invalid",
    `A sum needs a number, but its field is of type ${base}. Choose another field.`,
  );
}
