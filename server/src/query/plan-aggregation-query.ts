// Turns a query of an aggregation into SQL with bound parameters. Pure: identifiers come from the definition only, values only travel as parameters.
import type { AggregationSpec, DimensionSpec, FieldSpec, Grain, ModelSpec } from "@moose/core";
import { grainExpression, mergeExpression } from "../model/aggregation-columns.ts";
import { MooseError } from "../model/errors.ts";
import { aggregationTable } from "../model/manifest.ts";
import type { QueryRequest } from "../model/query-request.ts";
import { quoteIdentifier } from "../model/sql-text.ts";
import { createFilterWriter } from "./filter-conditions.ts";
import { coarserGrains, requireBucketsAlign } from "./grain-rules.ts";

export interface QueryPlan {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of the result's columns, in order. */
  readonly columns: readonly string[];
  /** The dimensions of the result: what names a row. */
  readonly key: readonly string[];
  /** Rows that the result has at most. */
  readonly limit: number;
}

const defaultLimit = 1_000;
const maxLimit = 100_000;
const maxOffset = 10_000_000;

/**
 * Any subset of the dimensions, at the stored grain or a coarser one. Time filters with gt, gte, lt, lte and between speak of
 * the stored buckets; eq, neq and in of the buckets as shown.
 * Throws MooseError `invalid_query`; the message names what exists, and `extra.path` points into the request.
 */
export function planAggregationQuery(spec: AggregationSpec, model: ModelSpec, request: QueryRequest): QueryPlan {
  const refuse = (path: string, message: string): never => {
    throw new MooseError("invalid_query", message, { extra: { path } });
  };
  const named = <T extends { readonly name: string }>(
    kind: string,
    all: readonly T[],
    wanted: readonly string[] | undefined,
    path: string,
  ): readonly T[] => {
    if (wanted === undefined) return all;
    if (new Set(wanted).size !== wanted.length) refuse(path, `${path.slice(1)} names a ${kind} twice. Name each once.`);
    return wanted.map(
      (name) => all.find((item) => item.name === name) ?? refuse(path, unknown(kind, name, spec.name, all)),
    );
  };

  const dimensions = named("dimension", spec.dimensions, request.dimensions, "/dimensions");
  const measures = named("measure", spec.measures, request.measures, "/measures");
  if (dimensions.length + measures.length === 0)
    refuse("", "The query asks for no dimension and no measure. Name at least one.");

  const params: Record<string, unknown> = {};
  const bind = (type: string, value: unknown): string => {
    const name = `p${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  const timezone = checkedTimezone(request.timezone, refuse);
  const zone = timezone === undefined ? "'UTC'" : bind("String", timezone);

  const fieldOf = (dimension: DimensionSpec): FieldSpec =>
    model.fields.find((field) => field.name === dimension.field) ??
    refuse("", `The aggregation ${spec.name} reads the field ${dimension.field}, which ${model.name} no longer has.`);
  const grains = wantedGrains(spec, request.grain, refuse);
  const stored = (name: string): string => `${quoteIdentifier("source")}.${quoteIdentifier(name)}`;
  const shown = (dimension: DimensionSpec): string => {
    if (dimension.grain === undefined) return stored(dimension.name);
    const grain = grains.get(dimension.name) ?? dimension.grain;
    if (timezone !== undefined) requireBucketsAlign(dimension, grain, timezone, refuse);
    if (grain === dimension.grain && timezone === undefined) return stored(dimension.name);
    return grainExpression(stored(dimension.name), grain, zone);
  };

  const filter = createFilterWriter(bind, refuse);
  const conditions = (request.filters ?? []).map((condition) => {
    const dimension =
      spec.dimensions.find((item) => item.name === condition.dimension) ??
      refuse("/filters", unknown("dimension", condition.dimension, spec.name, spec.dimensions));
    return filter.condition(condition, {
      dimension,
      field: fieldOf(dimension),
      stored: stored(dimension.name),
      shown: shown(dimension),
    });
  });

  const selected = [
    ...dimensions.map((dimension) => `${shown(dimension)} AS ${quoteIdentifier(dimension.name)}`),
    ...measures.map((measure) => `${mergeExpression(measure, "source")} AS ${quoteIdentifier(measure.name)}`),
  ];
  const columns = [...dimensions, ...measures].map((item) => item.name);
  const key = dimensions.map((dimension) => dimension.name);
  // Ordered to the last key column, so that a limit always cuts at the same place.
  const order = (request.orderBy ?? []).map(({ column, direction }) => {
    if (!columns.includes(column))
      refuse("/orderBy", `The result has no column ${text(column)}. It has ${columns.join(", ")}.`);
    return { column, direction };
  });
  for (const column of key) {
    if (!order.some((item) => item.column === column)) order.push({ column, direction: "asc" });
  }
  const limit = bounded(request.limit ?? defaultLimit, "limit", maxLimit, refuse);
  const offset = bounded(request.offset ?? 0, "offset", maxOffset, refuse);

  // Two levels: inside, names can only mean stored columns; outside, only those of the result.
  const inner = [
    `SELECT ${selected.join(", ")}`,
    `FROM ${quoteIdentifier(aggregationTable(spec.name))} AS ${quoteIdentifier("source")}`,
    conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "",
    dimensions.length > 0 ? `GROUP BY ${dimensions.map(shown).join(", ")}` : "",
  ];
  const outer = [
    `SELECT ${columns.map(quoteIdentifier).join(", ")}`,
    `FROM (${inner.filter(Boolean).join(" ")})`,
    order.length > 0
      ? `ORDER BY ${order.map((item) => `${quoteIdentifier(item.column)} ${item.direction === "desc" ? "DESC" : "ASC"}`).join(", ")}`
      : "",
    `LIMIT ${limit} OFFSET ${offset}`,
  ];
  return { sql: outer.filter(Boolean).join(" "), params, columns, key, limit };
}

type Refuse = (path: string, message: string) => never;

const text = (value: unknown): string => String(JSON.stringify(value)).slice(0, 100);

const unknown = (kind: string, name: string, aggregation: string, all: readonly { readonly name: string }[]): string =>
  `${aggregation} has no ${kind} ${text(name)}. It has ${all.map((item) => item.name).join(", ") || "none"}.`;

function bounded(value: number, name: string, max: number, refuse: Refuse): number {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    refuse(`/${name}`, `${name} must be an integral number from 0 to ${max}, not ${text(value)}.`);
  }
  return value;
}

function checkedTimezone(timezone: string | undefined, refuse: Refuse): string | undefined {
  if (timezone === undefined || timezone === "UTC") return undefined;
  try {
    // Offsets such as "+02:00" pass in newer Node, but ClickHouse knows names only.
    if (!/^[A-Za-z]/.test(timezone)) throw new RangeError("not a name");
    return new Intl.DateTimeFormat("en", { timeZone: timezone }).resolvedOptions().timeZone;
  } catch {
    return refuse("/timezone", `The timezone ${text(timezone)} is not known. Use an IANA name such as Europe/Berlin.`);
  }
}

function wantedGrains(spec: AggregationSpec, grain: QueryRequest["grain"], refuse: Refuse): Map<string, Grain> {
  const times = spec.dimensions.filter((dimension) => dimension.grain !== undefined);
  const wanted = new Map<string, Grain>();
  if (grain === undefined) return wanted;
  if (times.length === 0) refuse("/grain", `${spec.name} has no time dimension, so it has no grain to choose.`);
  const byName = typeof grain === "string" ? times.map((time) => [time.name, grain] as const) : Object.entries(grain);
  for (const [name, asked] of byName) {
    const time =
      times.find((item) => item.name === name) ?? refuse("/grain", unknown("time dimension", name, spec.name, times));
    const possible = coarserGrains(time.grain!);
    if (!possible.includes(asked as Grain)) {
      refuse(
        "/grain",
        `${name} is stored by ${time.grain}, so its grain can be ${possible.join(", ")}, not ${text(asked)}.`,
      );
    }
    wanted.set(name, asked as Grain);
  }
  return wanted;
}
