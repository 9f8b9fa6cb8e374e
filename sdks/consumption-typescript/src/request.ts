// What a caller may ask of an aggregation, and how long one call may take.
import type { Grain } from "@moose/core";

export type { Grain };

/** Conditions on one dimension. All that are given must hold. */
export interface FilterConditions<V> {
  readonly eq?: V;
  readonly neq?: V;
  readonly in?: readonly V[];
  readonly gt?: V;
  readonly gte?: V;
  readonly lt?: V;
  readonly lte?: V;
  /** Both ends included. */
  readonly between?: readonly [V, V];
  /** SQL LIKE: `%` any text, `_` one character. Strings only. */
  readonly like?: string;
}

/** What may be given as the value of a filter on a dimension whose rows hold `V`. A Date serves time dimensions. */
export type FilterValue<V> = V extends string ? V | Date : V extends bigint ? bigint | number | string : V;

/** A question to an aggregation. Everything is optional: `{}` asks for all dimensions and all measures. */
export interface QueryRequest<
  Row = Record<string, unknown>,
  Dimension extends string = keyof Row & string,
  Measure extends string = keyof Row & string,
> {
  /** Dimensions to group by; the others are merged over. Default: all. */
  readonly dimensions?: readonly Dimension[];
  /** Default: all. */
  readonly measures?: readonly Measure[];
  readonly filters?: {
    readonly [K in Dimension]?: K extends keyof Row
      ? FilterConditions<FilterValue<Row[K]>> | FilterValue<Row[K]>
      : never;
  };
  /** Coarser buckets than are stored: one for every time dimension, or one for each by name. */
  readonly grain?: Grain | { readonly [K in Dimension]?: Grain };
  /** `"column"` ascending, `"-column"` descending. Default: the dimensions, ascending. */
  readonly orderBy?: readonly (Dimension | Measure | `-${Dimension | Measure}`)[];
  /** Rows at most. Default 1,000. */
  readonly limit?: number;
  readonly offset?: number;
  /** IANA name: where days, weeks and months begin, and what times are shown in. Default UTC. */
  readonly timezone?: string;
}

/** How one call behaves. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Limit of one attempt. Default: the client's. */
  readonly timeoutMs?: number;
  /** Limit of the whole call, retries and pauses included. Default: none but those of the attempts. */
  readonly deadlineMs?: number;
  /** Retries after the first attempt. Default: the client's (2). */
  readonly retries?: number;
  /** A position from an ingest acknowledgement: the answer includes those events, or the call fails with `after_timeout`. */
  readonly after?: string;
}

/** One column of an answer. */
export interface Column {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
}

export interface QueryAnswer<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly statistics: { readonly elapsedMs: number; readonly rowsRead: number; readonly bytesRead: number };
  /** Opaque: what the answer is sure to include. Accepted as `after`. */
  readonly position: string;
}
