// The messages of `GET /live`, WebSocket subprotocol `moose.live.v1`: JSON text, one message a frame.

export const LIVE_SUBPROTOCOL = "moose.live.v1";

/** RFC 9457 problem, as every error body and live error carries it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly [extension: string]: unknown;
}

export interface LiveColumn {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
}

/** Values in column order; 64-bit integers are strings. */
export type LiveRow = readonly unknown[];

/** The parameters of a query subscription: the same members as the JSON body of `POST /query/{name}`. */
export interface LiveQueryParams {
  readonly dimensions?: readonly string[];
  readonly measures?: readonly string[];
  /** dimension → operator → value, or dimension → value for `eq`. */
  readonly filters?: Readonly<Record<string, unknown>>;
  /** One grain for all time dimensions, or dimension → grain. */
  readonly grain?: string | Readonly<Record<string, string>>;
  /** `column` or `-column` for descending. */
  readonly orderBy?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
  readonly timezone?: string;
}

export type LiveClientMessage =
  | { readonly type: "hello"; readonly token?: string }
  | {
      readonly type: "subscribe";
      readonly id: string;
      /** Exactly one of query and stream. Stream is a model name. */
      readonly query?: string;
      readonly stream?: string;
      readonly params?: LiveQueryParams;
      readonly after?: string;
      readonly throttleMs?: number;
    }
  | { readonly type: "unsubscribe"; readonly id: string }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

export type LiveServerMessage =
  | { readonly type: "ready"; readonly session: string; readonly heartbeatMs: number }
  | {
      readonly type: "snapshot";
      readonly id: string;
      readonly columns: readonly LiveColumn[];
      /** Names of the columns that name a row. */
      readonly key: readonly string[];
      readonly rows: readonly LiveRow[];
      readonly position: string;
    }
  | {
      readonly type: "delta";
      readonly id: string;
      readonly upsert: readonly LiveRow[];
      /** Key values, in the order of the snapshot's `key`. */
      readonly remove: readonly LiveRow[];
      readonly position: string;
    }
  | { readonly type: "events"; readonly id: string; readonly rows: readonly unknown[]; readonly position: string }
  | { readonly type: "resumed"; readonly id: string; readonly recovered: boolean }
  | { readonly type: "complete"; readonly id: string }
  | { readonly type: "error"; readonly id?: string; readonly problem: Problem }
  | { readonly type: "ping" }
  | { readonly type: "pong" };

/** WebSocket close codes of ours (RFC 6455 leaves 4000 to 4999 to applications). */
export const liveCloseCodes = {
  /** The client reads too slowly, and merging its deltas was not enough. */
  slowConsumer: 4008,
  /** A message that is not of this protocol. */
  badMessage: 4400,
  /** The client did not answer pings. */
  heartbeatLost: 4009,
  unauthorized: 4401,
  /** Too many subscriptions or messages. */
  limitExceeded: 4429,
  /** The server is going away: reconnect. */
  shuttingDown: 1001,
} as const;
