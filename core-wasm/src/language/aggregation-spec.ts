// The plain-JSON form of an aggregation: dimensions and measures over one model.

export type Grain = "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

export interface DimensionSpec {
  readonly name: string;
  /** The model's field. */
  readonly field: string;
  /** Present on a time dimension: the bucket the view stores; queries may ask for a coarser one. */
  readonly grain?: Grain;
  readonly description?: string;
}

export type MeasureFunction = "count" | "sum" | "avg" | "min" | "max";

export interface MeasureSpec {
  readonly name: string;
  readonly fn: MeasureFunction;
  /** The model's field; absent for count. */
  readonly field?: string;
  readonly description?: string;
}

export interface AggregationSpec {
  readonly name: string;
  /** Name and version of the model it reads. The version is "" until a project is loaded, if the model was only named. */
  readonly from: { readonly model: string; readonly version: string };
  readonly dimensions: readonly DimensionSpec[];
  readonly measures: readonly MeasureSpec[];
  readonly description?: string;
}
