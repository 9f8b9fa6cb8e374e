// Written by scripts/generate.mjs from source/asyncapi.yaml: do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Hello: {
            /** @constant */
            readonly type: "hello";
            /** @description Who the client is. Not looked at by a server without authentication. */
            readonly token?: string;
        };
        /** @description Chosen by the client; each message about the subscription carries it. */
        readonly SubscriptionId: string;
        /** @description The same members as the body of `POST /query/{name}`. */
        readonly LiveQueryParams: {
            readonly dimensions?: readonly string[];
            readonly measures?: readonly string[];
            /** @description dimension → operator → value, or dimension → value for `eq`. */
            readonly filters?: {
                readonly [key: string]: unknown;
            };
            /** @description One grain for all time dimensions, or dimension → grain. */
            readonly grain?: string | {
                readonly [key: string]: string;
            };
            /** @description `column`, or `-column` for descending. */
            readonly orderBy?: readonly string[];
            readonly limit?: number;
            readonly offset?: number;
            readonly timezone?: string;
        };
        /** @description Exactly one of `query` and `stream`. */
        readonly Subscribe: {
            /** @constant */
            readonly type: "subscribe";
            readonly id: components["schemas"]["SubscriptionId"];
            /** @description Name of an aggregation. */
            readonly query?: string;
            /** @description Name of a model. */
            readonly stream?: string;
            readonly params?: components["schemas"]["LiveQueryParams"];
            /** @description A position of this server; the subscription goes on from there. */
            readonly after?: string;
            /** @description Deltas at most this often. */
            readonly throttleMs?: number;
        };
        readonly Unsubscribe: {
            /** @constant */
            readonly type: "unsubscribe";
            readonly id: components["schemas"]["SubscriptionId"];
        };
        readonly Ready: {
            /** @constant */
            readonly type: "ready";
            /** @description Names the connection in the log of the server. */
            readonly session: string;
            /** @description The server pings this often; answer within twice as long. */
            readonly heartbeatMs: number;
        };
        readonly LiveColumn: {
            readonly name: string;
            /** @description ClickHouse type. */
            readonly type: string;
        };
        /** @description Values in column order; 64-bit integers are strings. */
        readonly LiveRow: readonly unknown[];
        readonly Snapshot: {
            /** @constant */
            readonly type: "snapshot";
            readonly id: components["schemas"]["SubscriptionId"];
            readonly columns: readonly components["schemas"]["LiveColumn"][];
            /** @description Names of the columns that name a row. */
            readonly key: readonly string[];
            readonly rows: readonly components["schemas"]["LiveRow"][];
            readonly position: string;
        };
        readonly Delta: {
            /** @constant */
            readonly type: "delta";
            readonly id: components["schemas"]["SubscriptionId"];
            /** @description Rows that are new, or have changed. */
            readonly upsert: readonly components["schemas"]["LiveRow"][];
            /** @description Key values, in the order of the snapshot's `key`. */
            readonly remove: readonly components["schemas"]["LiveRow"][];
            readonly position: string;
        };
        readonly Events: {
            /** @constant */
            readonly type: "events";
            readonly id: components["schemas"]["SubscriptionId"];
            /** @description The events as they were accepted. */
            readonly rows: readonly unknown[];
            readonly position: string;
        };
        readonly Resumed: {
            /** @constant */
            readonly type: "resumed";
            readonly id: components["schemas"]["SubscriptionId"];
            /** @description `false`: a snapshot follows. */
            readonly recovered: boolean;
        };
        readonly Complete: {
            /** @constant */
            readonly type: "complete";
            readonly id: components["schemas"]["SubscriptionId"];
        };
        /** @description RFC 9457 problem. */
        readonly LiveProblem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            /** @description From the list of the HTTP contract, ErrorCode. */
            readonly code: string;
            /** @description What, which value, and what to do. */
            readonly detail?: string;
            readonly requestId?: string;
            /** @description When to try again. */
            readonly retryAfterSeconds?: number;
        } & {
            readonly [key: string]: unknown;
        };
        readonly LiveError: {
            /** @constant */
            readonly type: "error";
            /** @description Absent when the error is of the connection. */
            readonly id?: string;
            readonly problem: components["schemas"]["LiveProblem"];
        };
        readonly Ping: {
            /** @constant */
            readonly type: "ping";
        };
        readonly Pong: {
            /** @constant */
            readonly type: "pong";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
