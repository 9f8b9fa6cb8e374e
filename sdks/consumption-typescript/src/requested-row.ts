// The row type that a request results in: the dimensions and measures that it names, or all of them.
import type { Aggregation, InferAggregation } from "@moose/core";

type DimensionNames<A> = A extends Aggregation<infer _F, infer D, infer _M> ? keyof D & string : never;
type MeasureNames<A> = A extends Aggregation<infer _F, infer _D, infer M> ? keyof M & string : never;

type Chosen<R, Member extends string, All> = R extends { readonly [K in Member]: readonly (infer Name)[] } ? Name : All;

type Show<T> = { [K in keyof T]: T[K] } & {};

/** @example RequestedRow<typeof FlightsByMinute, { dimensions: ["minute"] }> is the minute and every measure. */
export type RequestedRow<A, R> = Show<
  Pick<
    InferAggregation<A>,
    (Chosen<R, "dimensions", DimensionNames<A>> | Chosen<R, "measures", MeasureNames<A>>) & keyof InferAggregation<A>
  >
>;

export type { DimensionNames, MeasureNames };
