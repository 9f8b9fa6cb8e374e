// What the tables of a manifest must look like. Pure.
import { createHash } from "node:crypto";
import { type AggregationSpec, clickHouseType, type FieldSpec, type ModelSpec } from "@moose/core";
import { aggregationColumns, eventAlias, type StateColumn, unwrapType } from "../model/aggregation-columns.ts";
import { MooseError } from "../model/errors.ts";
import { aggregationTable, aggregationView, type Manifest, tableName } from "../model/manifest.ts";
import { quoteIdentifier } from "../model/sql-text.ts";
import { absentValue, defaultExpression } from "./default-expression.ts";

/** How many insertions a table remembers by their tokens; one into a table with partitions can take a hundred. `WindowRoom` keeps writers within it. */
export const deduplicationWindow = 10_000;

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
  /** SQL expressions, as the model says them; ClickHouse stores them in another form, so they are compared through the tag. */
  readonly default?: string;
  readonly codec?: string;
}

/** What cannot be read back from ClickHouse as it was written. Kept as JSON in the table's comment. */
export interface TableTag {
  readonly kind: "model" | "aggregation";
  /** A table whose structure differs must be built anew. */
  readonly structure: string;
  readonly ttl?: string;
  /** Default and codec of the columns that have one. */
  readonly columns?: Readonly<Record<string, string>>;
}

export interface TableDefinition {
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly engine: "MergeTree" | "AggregatingMergeTree";
  readonly orderBy: readonly string[];
  readonly partitionBy?: string;
  readonly ttl?: string;
  readonly description: string;
  readonly tag: TableTag;
}

export interface AggregationDefinition {
  readonly table: TableDefinition;
  readonly view: string;
  /** Table of the model. */
  readonly source: string;
  /** Fills the table, and keeps it filled as the view's query. */
  readonly select: string;
}

export interface ManifestDefinition {
  readonly models: readonly TableDefinition[];
  readonly aggregations: readonly AggregationDefinition[];
}

const extraColumn: ColumnDefinition = {
  name: "_extra",
  type: "Map(String, String)",
  comment: "Fields that the model does not know, each as its JSON text",
};

const ownColumns: readonly ColumnDefinition[] = [
  {
    name: "_partition",
    type: "UInt32",
    comment: "Partition of the stream that the event came from; 65536 more for each later version of the model",
  },
  { name: "_offset", type: "UInt64", comment: "Offset of the event in its partition" },
  { name: "_received_at", type: "DateTime64(3, 'UTC')", comment: "When the server accepted the event" },
];

/** Throws MooseError `project_invalid` when two definitions want the same table. */
export function defineTables(manifest: Manifest): ManifestDefinition {
  const models = newestOfEach(manifest.models);
  const byName = new Map(models.map((model) => [model.name, model]));
  const definition = {
    models: models.map(defineModel),
    aggregations: manifest.aggregations.map((aggregation) => defineAggregation(aggregation, byName)),
  };
  const owners = new Map<string, string>();
  const claim = (table: string, owner: string) => {
    const other = owners.get(table);
    if (other !== undefined) {
      throw new MooseError(
        "project_invalid",
        `${other} and ${owner} both need the table ${table}. Rename one of them.`,
      );
    }
    owners.set(table, owner);
  };
  for (const { name } of definition.models) claim(name, `model ${name}`);
  for (const { table, view } of definition.aggregations) {
    claim(table.name, `aggregation ${table.name}`);
    claim(view, `aggregation ${table.name}`);
  }
  return definition;
}

/** Versions of one model share its table, which has the shape of the newest. */
function newestOfEach(models: readonly ModelSpec[]): readonly ModelSpec[] {
  const newest = new Map<string, ModelSpec>();
  for (const model of models) {
    const other = newest.get(model.name);
    if (!other || compareVersions(model.version, other.version) > 0) newest.set(model.name, model);
  }
  return [...newest.values()];
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function defineModel(model: ModelSpec): TableDefinition {
  const columns = [...model.fields.map(defineColumn), ...(model.extra === "keep" ? [extraColumn] : []), ...ownColumns];
  const wanted = [...model.fields.filter((field) => field.key).map((field) => field.name), ...(model.orderBy ?? [])];
  const orderBy = wanted.length > 0 ? [...new Set(wanted)] : ["_received_at", "_partition", "_offset"];
  const described = columns
    .filter((column) => column.default !== undefined || column.codec !== undefined)
    .map((column): [string, string] => [column.name, columnTag(column)]);
  return {
    name: tableName(model),
    columns,
    engine: "MergeTree",
    orderBy,
    ...(model.partitionBy === undefined ? {} : { partitionBy: model.partitionBy }),
    ...(model.ttl === undefined ? {} : { ttl: model.ttl }),
    description: model.description ?? "",
    tag: {
      kind: "model",
      structure: digest([orderBy, model.partitionBy ?? null]),
      ...(model.ttl === undefined ? {} : { ttl: digest(model.ttl) }),
      ...(described.length === 0 ? {} : { columns: Object.fromEntries(described) }),
    },
  };
}

export function columnTag(column: ColumnDefinition): string {
  return digest([column.default ?? null, column.codec ?? null]);
}

function defineColumn(field: FieldSpec): ColumnDefinition {
  // Every other type that is absent is ClickHouse's own empty value, or NULL.
  const value = field.type.kind === "object" ? absentValue(field) : field.default;
  return {
    name: field.name,
    type: clickHouseType(field),
    comment: [field.description, ...personalData(field)].filter((part) => part !== undefined).join(" "),
    ...(value === undefined ? {} : { default: defaultExpression(field.type, value) }),
    ...(field.codec === undefined ? {} : { codec: field.codec }),
  };
}

/** What the column holds of personal data, and how it is to be treated: of an object, by the names of its fields. */
function personalData(field: FieldSpec, path = ""): string[] {
  const own = field.pii === undefined ? [] : [`[personal data${path === "" ? "" : ` ${path}`}: ${field.pii}]`];
  if (field.type.kind !== "object") return own;
  return [...own, ...field.type.fields.flatMap((inner) => personalData(inner, `${path}.${inner.name}`))];
}

function defineAggregation(
  aggregation: AggregationSpec,
  models: ReadonlyMap<string, ModelSpec>,
): AggregationDefinition {
  const model = models.get(aggregation.from.model);
  if (!model) {
    throw new MooseError(
      "project_invalid",
      `Aggregation ${aggregation.name} reads the model ${aggregation.from.model}, which the project does not define.`,
    );
  }
  const typeOf = (name: string): string => {
    const field = model.fields.find((candidate) => candidate.name === name);
    if (field) return clickHouseType(field);
    throw new MooseError(
      "project_invalid",
      `Aggregation ${aggregation.name} reads ${model.name}.${name}, which is not a field.`,
    );
  };
  const { dimensions, measures } = aggregationColumns(aggregation, typeOf);
  const columns = [...dimensions, ...measures];
  const select = selectFrom(tableName(model), columns, dimensions);
  const comments = new Map(
    [...aggregation.dimensions, ...aggregation.measures].map((part) => [part.name, part.description]),
  );
  const orderBy = dimensions.map((dimension) => dimension.name);
  return {
    view: aggregationView(aggregation.name),
    source: tableName(model),
    select,
    table: {
      name: aggregationTable(aggregation.name),
      columns: columns.map(({ name, type }) => ({ name, type, comment: comments.get(name) ?? "" })),
      engine: "AggregatingMergeTree",
      orderBy,
      description: aggregation.description ?? "",
      tag: { kind: "aggregation", structure: digest([columns.map(({ name, type }) => [name, type]), select, orderBy]) },
    },
  };
}

function selectFrom(source: string, columns: readonly StateColumn[], dimensions: readonly StateColumn[]): string {
  const selected = columns.map((column) => `${column.expression} AS ${quoteIdentifier(column.name)}`);
  const groups = dimensions.length === 0 ? "" : ` GROUP BY ${dimensions.map((column) => column.expression).join(", ")}`;
  return `SELECT ${selected.join(", ")} FROM ${quoteIdentifier(source)} AS ${quoteIdentifier(eventAlias)}${groups}`;
}

/** Whether null may stand in the sorting key, which ClickHouse allows only when it is told. */
export function hasNullableKey(table: TableDefinition): boolean {
  return table.columns.some((column) => table.orderBy.includes(column.name) && unwrapType(column.type).nullable);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
