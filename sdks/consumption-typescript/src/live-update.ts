// What a live query and an event subscription yield.
import type { ConsumptionError } from "./errors.ts";
import type { Column } from "./request.ts";

/**
 * - connecting: the first connection is being made, or the first snapshot has not come.
 * - live: what is shown follows the server.
 * - reconnecting: the connection is lost; what is shown is the last state that was known.
 */
export type LiveStatus = "connecting" | "live" | "reconnecting";

/** One step of a live query. `rows` is always the whole result as it stands after this step. */
export interface LiveUpdate<Row> {
  /** snapshot: everything is new. delta: `upsert` and `remove` are the changes. status: only `status` changed. */
  readonly type: "snapshot" | "delta" | "status";
  readonly status: LiveStatus;
  /** The whole result, in the order of the request. Built when it is read. */
  readonly rows: readonly Row[];
  /** Rows that are new or changed; all rows in a snapshot; empty in a status. */
  readonly upsert: readonly Row[];
  /** The key columns of rows that left the result. */
  readonly remove: readonly Partial<Row>[];
  /** Columns that name a row; empty before the first snapshot. */
  readonly key: readonly string[];
  readonly columns: readonly Column[];
  /** What is shown equals the query at this position; undefined before the first snapshot. */
  readonly position: string | undefined;
  /** In a status of `reconnecting`: why. */
  readonly error?: ConsumptionError;
}

export interface LiveOptions {
  readonly signal?: AbortSignal;
  /** At most one delta in this time; the server merges the others. Default 0: as they come. */
  readonly throttleMs?: number;
  /** Continue after this position (of an earlier update) instead of beginning with a snapshot. */
  readonly after?: string;
}

/**
 * A live query. Iterate it with `for await`; ending the loop ends the subscription. A reader that is slower than the
 * server finds the changes since its last step merged into one update: at most one update is kept for it.
 */
export interface LiveQuery<Row> extends AsyncIterable<LiveUpdate<Row>>, AsyncDisposable {
  readonly status: LiveStatus;
  /** Ends the subscription and the iteration. Safe to call twice. */
  close(): Promise<void>;
}

export interface EventOptions {
  readonly signal?: AbortSignal;
  /** Continue after this position. Default: events from now on. */
  readonly after?: string;
  /** Events kept for a slow reader; with more, the stream pauses and continues from the server's log. Default 10,000. */
  readonly maxBuffered?: number;
  readonly onStatus?: (status: LiveStatus) => void;
  /** The server could not continue where the subscription stood: events between were not delivered. */
  readonly onGap?: () => void;
}

/** One event of a stream. */
export interface StreamEvent<Row> {
  readonly value: Row;
  /** Give it as `after` to continue behind this event; a few events before it may then come again, none is missed. */
  readonly position: string;
}

export interface EventSubscription<Row> extends AsyncIterable<StreamEvent<Row>>, AsyncDisposable {
  readonly status: LiveStatus;
  close(): Promise<void>;
}
