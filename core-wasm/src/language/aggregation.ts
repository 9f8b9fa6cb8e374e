// `aggregation()`: dimensions and measures over one model, checked by the compiler and again at run time.

import type { AggregationSpec, Grain, MeasureFunction } from "./aggregation-spec.ts";
import { checkAggregation } from "./check-aggregation.ts";
import type { Field, Fields } from "./field.ts";
import type { FieldsOfKind, KindOf, PresenceOf, RowValue } from "./infer.ts";
import { type Model, modelSpec } from "./model.ts";

const brand: unique symbol = Symbol.for("moose.aggregation") as never;

export interface TimeDimension<Name extends string = string> {
  readonly field: Name;
  readonly grain: Grain;
}

export interface Measure<Fn extends MeasureFunction = MeasureFunction, Name extends string = string> {
  readonly fn: Fn;
  readonly field?: Name;
}

/** Buckets of a time field. */
export const time = <const Name extends string>(field: Name, grain: Grain): TimeDimension<Name> => ({ field, grain });
/** Number of events. */
export const count = (): Measure<"count", never> => ({ fn: "count" });
export const sum = <const Name extends string>(field: Name): Measure<"sum", Name> => ({ fn: "sum", field });
export const avg = <const Name extends string>(field: Name): Measure<"avg", Name> => ({ fn: "avg", field });
export const min = <const Name extends string>(field: Name): Measure<"min", Name> => ({ fn: "min", field });
export const max = <const Name extends string>(field: Name): Measure<"max", Name> => ({ fn: "max", field });

type TimeKinds = "date" | "date16" | "dateTime" | "dateTime64";
type IntegerKinds = "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64";
type NumberKinds = IntegerKinds | "float32" | "float64";
type ScalarNames<F extends Fields> = Exclude<
  keyof F & string,
  FieldsOfKind<F, "array" | "map" | "object" | "json" | "point" | "ring" | "polygon" | "multiPolygon">
>;

/** A field's name, or a bucket of a time field. */
export type DimensionOf<F extends Fields> = ScalarNames<F> | TimeDimension<FieldsOfKind<F, TimeKinds>>;
export type MeasureOf<F extends Fields> =
  | Measure<"count", never>
  | Measure<"sum" | "avg", FieldsOfKind<F, NumberKinds>>
  | Measure<"min" | "max", ScalarNames<F>>;

type Dimensions<F extends Fields> = Readonly<Record<string, DimensionOf<F>>>;
type Measures<F extends Fields> = Readonly<Record<string, MeasureOf<F>>>;

/** The fields of a model that is only named: anything may be their type, so results are typed as widely. */
// biome-ignore lint/suspicious/noExplicitAny: kind and presence are unknown, and `any` gives the union of what follows from each
export type UncheckedFields = Readonly<Record<string, Field<any, unknown, any, any>>>;
type UncheckedDimensions = Readonly<Record<string, string | TimeDimension>>;
type UncheckedMeasures = Readonly<Record<string, Measure>>;

export interface Aggregation<
  F extends Fields = Fields,
  D extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
  M extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>,
> {
  readonly name: string;
  /** For the compiler only: never set. */
  readonly "~types"?: { readonly fields: F; readonly dimensions: D; readonly measures: M };
  readonly [brand]: AggregationSpec;
}

/**
 * Defines an aggregation: a materialized view, a query and a live query. Throws DefinitionError when it cannot work.
 * @example aggregation("Daily", { from: Click, dimensions: { day: time("at", "day") }, measures: { clicks: count() } })
 */
export function aggregation<F extends Fields, const D extends Dimensions<F>, const M extends Measures<F>>(
  name: string,
  definition: { readonly from: Model<F>; readonly dimensions: D; readonly measures: M; readonly description?: string },
): Aggregation<F, D, M>;
/**
 * Names its model, for those that TypeScript does not see, as in a `.prisma` file: the fields are checked when the
 * project is loaded, not by the compiler.
 * @example aggregation("Daily", { from: "Click", dimensions: { day: time("at", "day") }, measures: { clicks: count() } })
 */
export function aggregation<const D extends UncheckedDimensions, const M extends UncheckedMeasures>(
  name: string,
  definition: { readonly from: string; readonly dimensions: D; readonly measures: M; readonly description?: string },
): Aggregation<UncheckedFields, D, M>;
export function aggregation(
  name: string,
  definition: {
    readonly from: Model | string;
    readonly dimensions: UncheckedDimensions;
    readonly measures: UncheckedMeasures;
    readonly description?: string;
  },
): Aggregation {
  const { from, dimensions, measures, description } = definition;
  const source = typeof from === "string" ? undefined : modelSpec(from);
  const spec: AggregationSpec = {
    name,
    from:
      source === undefined ? { model: from as string, version: "" } : { model: source.name, version: source.version },
    dimensions: Object.entries(dimensions).map(([dimension, value]) =>
      typeof value === "string" ? { name: dimension, field: value } : { name: dimension, ...value },
    ),
    measures: Object.entries(measures).map(([measure, value]) => ({ name: measure, ...value })),
    ...(description === undefined ? {} : { description }),
  };
  if (source !== undefined) checkAggregation(spec, source);
  return { name, [brand]: spec };
}

export function isAggregation(value: unknown): value is Aggregation {
  return typeof value === "object" && value !== null && brand in value;
}

/** The plain-JSON form. */
export function aggregationSpec(value: Aggregation): AggregationSpec {
  return value[brand];
}

type DimensionValue<F extends Fields, D> = D extends { readonly grain: Grain; readonly field: infer N extends keyof F }
  ? PresenceOf<F[N]> extends "optional"
    ? string | null
    : string
  : D extends keyof F
    ? RowValue<F[D]>
    : never;

type Nulled<F, T> = PresenceOf<F> extends "optional" ? T | null : T;

type MeasureValue<F extends Fields, M> = M extends { readonly fn: "count" }
  ? bigint
  : M extends { readonly fn: infer Fn; readonly field?: infer N extends keyof F }
    ? Fn extends "avg"
      ? Nulled<F[N], number>
      : Fn extends "sum"
        ? Nulled<F[N], KindOf<F[N]> extends IntegerKinds ? bigint : number>
        : RowValue<F[N]>
    : never;

type Show<T> = { [K in keyof T]: T[K] } & {};

/** One row of an aggregation's result. */
export type InferAggregation<A> =
  A extends Aggregation<infer F, infer D, infer M>
    ? Show<{ -readonly [K in keyof D]: DimensionValue<F, D[K]> } & { -readonly [K in keyof M]: MeasureValue<F, M[K]> }>
    : never;
