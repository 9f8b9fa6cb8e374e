// The client as its users see it: queries, live queries and event subscriptions, typed from the project's definitions.
import type { Aggregation, InferAggregation, InferRow, Model } from "@moose/core";
import type { EventOptions, EventSubscription, LiveOptions, LiveQuery, LiveStatus } from "./live-update.ts";
import type { CallOptions, QueryAnswer, QueryRequest } from "./request.ts";
import type { DimensionNames, MeasureNames, RequestedRow } from "./requested-row.ts";

/** A request to a known aggregation: its names are checked by the compiler. */
export type RequestOf<A> = QueryRequest<InferAggregation<A>, DimensionNames<A>, MeasureNames<A>>;

// biome-ignore lint/suspicious/noExplicitAny: every aggregation, whatever its fields; `Aggregation` alone is invariant in them
type AnyAggregation = Aggregation<any, any, any>;

/** The row of a query that is known by its name only. */
export type UntypedRow = Record<string, unknown>;

/** Reads from one Moose server. All live queries and subscriptions share one WebSocket, opened when the first begins. */
export interface Consumption extends AsyncDisposable {
  /**
   * Runs a query once. Rows are objects; 64-bit integers are `bigint`.
   * @throws ConsumptionError
   * @example const { rows } = await moose.query(FlightsByMinute, { dimensions: ["minute"], measures: ["flights"] });
   */
  query<A extends AnyAggregation, const R extends RequestOf<A> = Record<never, never>>(
    aggregation: A,
    request?: R,
    options?: CallOptions,
  ): Promise<QueryAnswer<RequestedRow<A, R>>>;
  query(name: string, request?: QueryRequest, options?: CallOptions): Promise<QueryAnswer<UntypedRow>>;

  /**
   * Follows a query: a snapshot, then every change, through lost connections.
   * @example for await (const { rows } of moose.live(FlightsByMinute)) draw(rows);
   */
  live<A extends AnyAggregation, const R extends RequestOf<A> = Record<never, never>>(
    aggregation: A,
    request?: R,
    options?: LiveOptions,
  ): LiveQuery<RequestedRow<A, R>>;
  live(name: string, request?: QueryRequest, options?: LiveOptions): LiveQuery<UntypedRow>;

  /**
   * Follows the events of a model as they are accepted.
   * @example for await (const { value } of moose.subscribeEvents(Flight)) console.log(value.origin);
   */
  // biome-ignore lint/suspicious/noExplicitAny: every model, whatever its fields
  subscribeEvents<M extends Model<any>>(model: M, options?: EventOptions): EventSubscription<InferRow<M>>;
  subscribeEvents(name: string, options?: EventOptions): EventSubscription<UntypedRow>;

  /** State of the shared socket; `connecting` while there is none. */
  readonly status: LiveStatus;
  /** Ends every subscription and closes the socket. */
  close(): Promise<void>;
}
