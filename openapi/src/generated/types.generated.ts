// Written by scripts/generate.mjs from source/openapi.yaml: do not edit.
export interface paths {
    "/ingest/{model}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The exact name of a data model.
                 * @example Flight
                 */
                model: components["parameters"]["Model"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events of a model.
         * @description One object, an array of objects, or NDJSON. A 2xx means that the accepted rows are durable.
         *     In NDJSON a broken line is one rejected row; a JSON body that cannot be read refuses the request.
         *     A body must arrive at 16 KB/s or more, and a connection that is idle for 10 s is closed. Requests are not pipelined on a connection.
         */
        post: operations["ingest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/{model}/{version}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The exact name of a data model.
                 * @example Flight
                 */
                model: components["parameters"]["Model"];
                /**
                 * @description The exact version of the model.
                 * @example 1.0
                 */
                version: components["parameters"]["Version"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events of one version of a model.
         * @description As without the version, which is the newest; another one is unknown.
         */
        post: operations["ingestVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/query/{name}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The exact name of an aggregation.
                 * @example FlightsByMinute
                 */
                name: components["parameters"]["Name"];
            };
            cookie?: never;
        };
        /**
         * Query an aggregation by URL parameters.
         * @description A position that names many streams may be too long for a URL; ask by POST then.
         */
        get: operations["query"];
        put?: never;
        /**
         * Query an aggregation by a JSON body.
         * @description The body holds what the URL parameters say, with filters by dimension and operator. At most 1 MiB.
         */
        post: operations["queryByBody"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Open a live connection.
         * @description WebSocket, subprotocol `moose.live.v1`; JSON text messages, many subscriptions a socket. `/asyncapi.json` describes the messages.
         *     Messages are at most 64 KiB from the client; a browser's `Origin` must be one of the configured origins.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Entries of quarantine, a page at a time.
         * @description Waits up to 3 s for the table to have the newest entries; `behind` says when it does not have them yet.
         */
        get: operations["listQuarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/{id}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The id of an entry.
                 * @example 0123456789abcdef01234567
                 */
                id: components["schemas"]["EntryId"];
            };
            cookie?: never;
        };
        /** One entry with its original event, its violations and its stack. */
        get: operations["showQuarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/replay": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts entries back through ingest validation, each once.
         * @description Events that ingest or the table refused go to their model's stream, those of a function to that function's input. An entry that went
         *     back is marked, and asking again does nothing, also after a crash in between.
         *     With 503 some may have gone back already: ask again.
         */
        post: operations["replayQuarantine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers.
         * @description Looks at nothing else. For a supervisor that restarts what hangs.
         */
        get: operations["healthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the server can do its work.
         * @description Asks each dependency, for at most 2 s. For a load balancer.
         */
        get: operations["healthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /** Counters and histograms for Prometheus. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /** This contract with the models and aggregations of the project. */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/asyncapi.json": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /** The contract of the WebSocket `/live`. */
        get: operations["asyncapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * This contract as a page to browse.
         * @description The page and all that it loads come from this server; it works without the internet.
         */
        get: operations["docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{file}": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description A file that the page loads.
                 * @example swagger-ui.css
                 */
                file: string;
            };
            cookie?: never;
        };
        /** What the page loads. */
        get: operations["docsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Proves that what was acknowledged is in its table, or in quarantine, once.
         * @description Waits until what was acknowledged before the call is delivered, then compares offsets: those of the stream, of the table and of quarantine,
         *     for each model and partition; and each aggregation with a recomputation from its model's table. It reads whole tables: not for a health check.
         */
        get: operations["audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/catalog": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Models, aggregations and their lineage.
         * @description With the compiled schema program of each model, for clients that load their models when they start.
         */
        get: operations["catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        RowErrorCode: "invalid_json" | "invalid_utf8" | "duplicate_key" | "too_deep" | "not_an_object" | "missing_field" | "unknown_field" | "wrong_type" | "out_of_range" | "not_integral" | "too_short" | "too_long" | "not_in_enum" | "invalid_format" | "precision_loss";
        RowError: {
            /** @description Index of the row in the body, from 0. */
            row: number;
            /** @description JSON Pointer into the row; empty for the row itself. */
            path: string;
            code: components["schemas"]["RowErrorCode"];
            /** @description What would have been accepted, in words. */
            expected: string;
            /** @description The offending text, cut to 100 characters. */
            got: string;
        };
        /**
         * @description An opaque token that names a place in the streams. Ingest replies carry one; queries and subscriptions take one as `after`.
         * @example p1.eyJGbGlnaHQuMS4wIjpbNF19
         */
        Position: string;
        /** @description The verdict on every row. `accepted` rows are durable when the status is 2xx (in `dry-run`, they would have been accepted). */
        IngestResult: {
            accepted: number;
            rejected: number;
            /** @description Rows that were stored before, by their event ids. */
            duplicates: number;
            /** @description Rejected rows that are kept in quarantine; present when quarantine was on. */
            quarantined?: number;
            errors: components["schemas"]["RowError"][];
            /** @description There were more errors than are listed. */
            errorsTruncated: boolean;
            position: components["schemas"]["Position"];
        };
        /** @enum {string} */
        ErrorCode: "malformed_body" | "rows_rejected" | "body_too_large" | "unsupported_media_type" | "unsupported_encoding" | "invalid_parameter" | "invalid_query" | "invalid_message" | "not_found" | "method_not_allowed" | "upgrade_required" | "unknown_model" | "unknown_query" | "unknown_stream" | "offset_trimmed" | "unauthorized" | "forbidden" | "too_many_requests" | "limit_exceeded" | "slow_consumer" | "idempotency_key_reused" | "project_invalid" | "config_invalid" | "overloaded" | "after_timeout" | "query_timeout" | "log_unavailable" | "disk_full" | "port_in_use" | "data_folder_in_use" | "fenced" | "database_unavailable" | "database_refused" | "shutting_down" | "server_unreachable" | "internal";
        /** @description What went wrong, for people (`title`, `detail`) and programs (`code`). */
        Problem: {
            /** @description A URI that names the kind of problem. */
            type: string;
            title: string;
            status: number;
            code: components["schemas"]["ErrorCode"];
            /** @description What, which value, and what to do. */
            detail?: string;
            requestId?: string;
            /** @description The parameter or member that is wrong. */
            parameter?: string;
            /** @description JSON Pointer into the query that is wrong. */
            path?: string;
            /** @description Byte of the body at which it cannot be read. */
            offset?: number;
            /** @description What would be read; in the verdict of an ingest request the number of accepted rows. */
            accepted?: unknown;
            /** @description The limit that the body is over. */
            maxBytes?: number;
            /** @description The methods of the route. */
            allow?: string[];
            /** @description The versions of the model that exist. */
            versions?: string[];
            /**
             * @description What the server sheds load for.
             * @enum {string}
             */
            reason?: "disk" | "memory" | "event_loop" | "lag";
        };
        /** @description No row was stored; with `rows_rejected` the problem carries the verdict too. */
        IngestProblem: components["schemas"]["Problem"] & {
            /** @constant */
            status?: 422;
            /** @enum {unknown} */
            code?: "rows_rejected" | "idempotency_key_reused";
            accepted?: number;
            rejected?: number;
            duplicates?: number;
            quarantined?: number;
            errors?: components["schemas"]["RowError"][];
            errorsTruncated?: boolean;
            position?: components["schemas"]["Position"];
        };
        /** @enum {string} */
        Grain: "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";
        Column: {
            name: string;
            /** @description ClickHouse type. */
            type: string;
        };
        Statistics: {
            elapsedMs: number;
            rowsRead: number;
            bytesRead: number;
        };
        QueryResult: {
            columns: components["schemas"]["Column"][];
            /** @description One array a row, in column order; 64-bit integers are strings. */
            rows: unknown[][];
            statistics: components["schemas"]["Statistics"];
            position: components["schemas"]["Position"];
        };
        /** @description A value of the dimension, as it is shown; `null` asks for what has none. */
        FilterValue: string | number | boolean | null;
        /** @description A value (equals), or conditions that hold together, by operator. */
        Filter: components["schemas"]["FilterValue"] | {
            eq?: components["schemas"]["FilterValue"];
            neq?: components["schemas"]["FilterValue"];
            in?: components["schemas"]["FilterValue"][];
            gt?: components["schemas"]["FilterValue"];
            gte?: components["schemas"]["FilterValue"];
            lt?: components["schemas"]["FilterValue"];
            lte?: components["schemas"]["FilterValue"];
            between?: components["schemas"]["FilterValue"][];
            /** @description SQL pattern: `%` is any text, `_` any character. */
            like?: string;
        };
        /** @description The parameters of an aggregation query (the members of a live subscription's `params`), and the position to wait for. */
        QueryBody: {
            dimensions?: string[];
            measures?: string[];
            /** @description `{ origin: "LAX" }` (equals) or `{ delay: { gt: 10, lte: 60 } }`. */
            filters?: {
                [key: string]: components["schemas"]["Filter"];
            };
            grain?: components["schemas"]["Grain"] | {
                [key: string]: components["schemas"]["Grain"];
            };
            /** @description `column`, or `-column` for descending. */
            orderBy?: string[];
            /** @default 1000 */
            limit: number;
            /** @default 0 */
            offset: number;
            /**
             * @description IANA name of the time zone of the buckets.
             * @default UTC
             */
            timezone: string;
            after?: components["schemas"]["Position"];
        };
        /**
         * @description Who refused the event: ingest's validation, a function, the table, or the log, which lost it to damage.
         * @enum {string}
         */
        Source: "ingest" | "function" | "table" | "log";
        EntryId: string;
        EntrySummary: {
            id: components["schemas"]["EntryId"];
            model: string;
            version: string;
            stream: string;
            source: components["schemas"]["Source"];
            /** @description Name of the function; empty for the other sources. */
            by: string;
            /** @description The reason in one word. */
            code: string;
            /** @description The reason in words. */
            reason: string;
            /** @description Where the event stands in its stream. */
            partition: number | null;
            /** @description Decimal digits. */
            offset: string | null;
            /** @description Of the original event. */
            bytes: number;
            /** Format: date-time */
            receivedAt: string;
            /** Format: date-time */
            quarantinedAt: string;
            /**
             * Format: date-time
             * @description When it went back.
             */
            replayedAt: string | null;
        };
        EntryPage: {
            entries: components["schemas"]["EntrySummary"][];
            /** @description The `after` of the next page; absent on the last. */
            next?: string;
            /** @description Entries on all pages; told on the first. */
            total?: number;
            /** @description The table does not have the newest entries yet. */
            behind: boolean;
        };
        EventError: {
            /** @description JSON Pointer into the event. */
            path: string;
            code: string;
            expected: string;
            got: string;
        };
        Entry: components["schemas"]["EntrySummary"] & {
            errors: components["schemas"]["EventError"][];
            stack: string;
            /** @description Of events that the log lost: the offset behind the last. */
            lastOffset: string | null;
            /**
             * @description `utf8`: `event` is the original text; `base64`: its bytes; `lost`: there is none.
             * @enum {string}
             */
            encoding: "utf8" | "base64" | "lost";
            event: string;
        };
        ReplayRequest: {
            ids: components["schemas"]["EntryId"][];
            /**
             * @description Only say what would become of each.
             * @default false
             */
            dryRun: boolean;
        };
        ReplayResult: {
            id: components["schemas"]["EntryId"];
            /**
             * @description `valid`: it would go back (dry run). `refused`: it still does not fit; `errors` and `reason` say why.
             * @enum {string}
             */
            outcome: "replayed" | "already_replayed" | "valid" | "refused" | "lost" | "unknown_function" | "not_found";
            errors?: components["schemas"]["EventError"][];
            reason?: string;
        };
        ReplayReport: {
            /** @description In the order of the ids. */
            results: components["schemas"]["ReplayResult"][];
        };
        Liveness: {
            /** @constant */
            status: "ok";
        };
        Readiness: {
            /** @enum {string} */
            status: "ok" | "failing";
            /** @description Each dependency by name. */
            checks: {
                [key: string]: {
                    ok: boolean;
                    detail?: string;
                };
            };
        };
        /** @description acknowledged = inTable + quarantined + missing + waiting. */
        PartitionAudit: {
            stream: string;
            partition: number;
            /** @description Events that were acknowledged. */
            acknowledged: number;
            /** @description Oldest offset that the stream still holds. */
            streamStart: number;
            /** @description The offset after the last event. */
            streamEnd: number;
            /** @description Offsets that hold no event: markers of transactions on Kafka. */
            absent: number;
            /** @description Offsets from `streamEnd` on that the table holds all the same. */
            unknownToStream: number;
            /** @description Different offsets in the table. */
            inTable: number;
            /** @description In quarantine and not in the table. */
            quarantined: number;
            /** @description Not delivered yet when the audit stopped waiting. */
            waiting: number;
            /** @description Rows beyond the first of their offset. */
            doubled: number;
            /** @description Acknowledged, and in none of these places. */
            missing: number;
            /** @description The first ranges of offsets that are missing; `last` is exclusive. */
            missingRanges: {
                first: number;
                last: number;
            }[];
        };
        ModelAudit: {
            model: string;
            table: string;
            /** @description Why rows may rightly be absent from the table: then `missing` is no mistake. */
            rowsMayLeave?: string;
            partitions: components["schemas"]["PartitionAudit"][];
        };
        AggregationAudit: {
            aggregation: string;
            /** @description Keys that were compared. */
            rows: number;
            /** @description Keys whose exact measures differ. */
            different: number;
            /** @description Why it was not compared. */
            skipped?: string;
        };
        /** @description What a function says it made of one partition: committed − begin = taken + unreadable + absent, and taken = emitting + filtered + quarantined. */
        FunctionAudit: {
            function: string;
            stream: string;
            partition: number;
            /** @description Offset of the first event that it counted. */
            begin: number;
            /** @description The offset after the last. */
            committed: number;
            /** @description Not taken yet when the audit stopped waiting. */
            waiting: number;
            /** @description Events that the function was given. */
            taken: number;
            /** @description Of these those with an output. */
            emitting: number;
            /** @description Those that came to nothing. */
            filtered: number;
            /** @description Those that went to quarantine. */
            quarantined: number;
            /** @description Left out: refused by their schema, or not to be read any more. */
            unreadable: number;
            /** @description Offsets that hold no event. */
            absent: number;
            /** @description Outputs that went to quarantine instead of their stream. */
            refused: number;
            /** @description Events emitted, by target stream. */
            emitted: {
                [key: string]: number;
            };
            /** @description Events of these offsets that quarantine holds. */
            inQuarantine: number;
            /** @description Entries beyond the first of their event. */
            doubledInQuarantine: number;
        };
        /** @description How far a consumer group has come. */
        GroupAudit: {
            group: string;
            stream: string;
            partition: number;
            committed: number;
            /** @description Events that the group has not read yet. */
            behind: number;
        };
        AuditReport: {
            /** @description Nothing is missing, doubled, lost by the stream, or different. */
            ok: boolean;
            tookMs: number;
            models: components["schemas"]["ModelAudit"][];
            aggregations: components["schemas"]["AggregationAudit"][];
            functions: components["schemas"]["FunctionAudit"][];
            groups: components["schemas"]["GroupAudit"][];
            /** @description Each mistake in a sentence. */
            mistakes: string[];
        };
        Catalog: {
            /** @description Counts up with every change of the project. */
            revision: number;
            models: {
                name: string;
                version: string;
                stream: string;
                table: string;
                /** @description Digest of the program; equal for equal schemas. */
                schemaId: string;
                /** @description The compiled schema program that the core runs. */
                program: string;
                /** @description Of Moose itself; no events of it can be sent. */
                system: boolean;
                /** @description Next offset of each partition. */
                endOffsets: number[];
                /** @description The data model as plain values. */
                spec: Record<string, never>;
            }[];
            aggregations: {
                name: string;
                from: string;
                table: string;
                /** @description The aggregation as plain values. */
                spec: Record<string, never>;
            }[];
            /** @description What flows where, by `kind:name`. */
            lineage: {
                from: string;
                to: string;
            }[];
        };
    };
    responses: {
        /** @description The body or a parameter cannot be read. */
        Malformed: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:invalid_parameter",
                 *       "title": "Invalid parameter",
                 *       "status": 400,
                 *       "code": "invalid_parameter",
                 *       "detail": "mode is \"all\". Use partial, atomic or dry-run.",
                 *       "requestId": "7Qm2yQxv-1f",
                 *       "parameter": "mode"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {unknown} */
                    code?: "malformed_body" | "invalid_parameter" | "invalid_query";
                };
            };
        };
        /** @description No model, version, query, entry or page has this name, or this process does not have the role for the route. */
        NotFound: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:unknown_model",
                 *       "title": "Unknown model",
                 *       "status": 404,
                 *       "code": "unknown_model",
                 *       "detail": "No model is named \"Fligth\". There are: Flight.",
                 *       "requestId": "7Qm2yQxv-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 404;
                    /** @enum {unknown} */
                    code?: "not_found" | "unknown_model" | "unknown_query";
                };
            };
        };
        /** @description The route exists; `Allow` names its methods. */
        MethodNotAllowed: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                allow: components["headers"]["Allow"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:method_not_allowed",
                 *       "title": "Method not allowed",
                 *       "status": 405,
                 *       "code": "method_not_allowed",
                 *       "detail": "PUT is not a method of /catalog. Use GET or HEAD or OPTIONS.",
                 *       "requestId": "7Qm2yQxv-1f",
                 *       "allow": [
                 *         "GET",
                 *         "HEAD",
                 *         "OPTIONS"
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 405;
                    /** @constant */
                    code?: "method_not_allowed";
                };
            };
        };
        /** @description The body is over the limit, as it was sent or after decompression. The connection is closed when the body was not read. */
        TooLarge: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:body_too_large",
                 *       "title": "Body too large",
                 *       "status": 413,
                 *       "code": "body_too_large",
                 *       "detail": "The body is over 16777216 bytes. Send it in parts.",
                 *       "requestId": "7Qm2yQxv-1f",
                 *       "maxBytes": 16777216
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 413;
                    /** @constant */
                    code?: "body_too_large";
                };
            };
        };
        /** @description The content type or the content encoding is not one that is read; `accepted` says which are. */
        UnsupportedMediaType: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:unsupported_media_type",
                 *       "title": "Unsupported media type",
                 *       "status": 415,
                 *       "code": "unsupported_media_type",
                 *       "detail": "The Content-Type is \"text/plain\". Send application/json or application/x-ndjson, in UTF-8.",
                 *       "requestId": "7Qm2yQxv-1f",
                 *       "accepted": [
                 *         "application/json",
                 *         "application/x-ndjson"
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 415;
                    /** @enum {unknown} */
                    code?: "unsupported_media_type" | "unsupported_encoding";
                };
            };
        };
        /** @description A defect of the server; the request id finds it in the log. */
        Failed: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:internal",
                 *       "title": "Internal",
                 *       "status": 500,
                 *       "code": "internal",
                 *       "detail": "The server failed. Its log says why under request id 7Qm2yQxv-1f.",
                 *       "requestId": "7Qm2yQxv-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 500;
                    /** @enum {unknown} */
                    code?: "internal" | "database_refused";
                };
            };
        };
        /** @description The server sheds load or a part of it is down; retry after the seconds in `Retry-After`. */
        Unavailable: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                "retry-after": components["headers"]["RetryAfterRequired"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:overloaded",
                 *       "title": "Overloaded",
                 *       "status": 503,
                 *       "code": "overloaded",
                 *       "detail": "The server has more to do than it can. Send again a little later.",
                 *       "requestId": "7Qm2yQxv-1f",
                 *       "reason": "event_loop"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {unknown} */
                    code?: "overloaded" | "disk_full" | "log_unavailable" | "database_unavailable" | "fenced" | "shutting_down";
                };
            };
        };
        /** @description The query or the wait for `after` took longer than its limit. */
        Timeout: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:after_timeout",
                 *       "title": "After timeout",
                 *       "status": 504,
                 *       "code": "after_timeout",
                 *       "detail": "The events up to this position are not in the table yet. Ask again.",
                 *       "requestId": "7Qm2yQxv-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 504;
                    /** @enum {unknown} */
                    code?: "after_timeout" | "query_timeout";
                };
            };
        };
        /** @description The caller may not do this; the problem says who may. */
        Forbidden: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:forbidden",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "code": "forbidden",
                 *       "detail": "The origin https://other.example may not connect. Add it to http.corsOrigins.",
                 *       "requestId": "7Qm2yQxv-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 403;
                    /** @constant */
                    code?: "forbidden";
                };
            };
        };
        /** @description The route speaks WebSocket only. */
        UpgradeRequired: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "access-control-allow-origin": components["headers"]["AllowOrigin"];
                "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                vary: components["headers"]["Vary"];
                upgrade: components["headers"]["Upgrade"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:moose:problem:upgrade_required",
                 *       "title": "Upgrade required",
                 *       "status": 426,
                 *       "code": "upgrade_required",
                 *       "detail": "/live is a WebSocket. Connect with the subprotocol moose.live.v1.",
                 *       "requestId": "7Qm2yQxv-1f"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 426;
                    /** @constant */
                    code?: "upgrade_required";
                };
            };
        };
    };
    parameters: {
        /**
         * @description The exact name of a data model.
         * @example Flight
         */
        Model: string;
        /**
         * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
         * @example checkout-42
         */
        RequestId: string;
        /**
         * @description `partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing.
         * @example atomic
         */
        Mode: "partial" | "atomic" | "dry-run";
        /**
         * @description Whether refused rows are kept in quarantine, with their original bytes. Absent: as the model's option `quarantine` says, or else `ingest.quarantine` of the configuration.
         * @example true
         */
        Quarantine: boolean;
        /**
         * @description The same key within 24 hours gives the same answer and stores nothing twice; with another body, model or mode it is refused.
         *     1 to 255 visible ASCII characters; an empty value is as none.
         * @example 0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f
         */
        IdempotencyKey: string;
        /**
         * @description `<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and
         *     ascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,
         *     is counted in `duplicates` and not stored again. An empty value is as none.
         * @example 0199f2a45b7c7d3e8f10;100
         */
        EventIds: string;
        /**
         * @description How the body is compressed; an empty value is as none.
         * @example identity
         */
        ContentEncoding: "" | "identity" | "gzip" | "x-gzip" | "br" | "deflate";
        /**
         * @description The exact version of the model.
         * @example 1.0
         */
        Version: string;
        /**
         * @description The exact name of an aggregation.
         * @example FlightsByMinute
         */
        Name: string;
        /**
         * @description Dimensions to group by, separated by commas; all when absent.
         * @example [
         *       "minute"
         *     ]
         */
        Dimensions: string[];
        /**
         * @description Measures to compute, separated by commas; all when absent.
         * @example [
         *       "flights"
         *     ]
         */
        Measures: string[];
        /**
         * @description Each member is a parameter of its own: `filter.{dimension}=value` (equals) or `filter.{dimension}.{operator}=value`; operators are eq, neq,
         *     in, gt, gte, lt, lte, between and like. `in` and `between` take values separated by commas. At most 100 conditions.
         * @example {
         *       "filter.origin": "SFO",
         *       "filter.delay.gt": "10"
         *     }
         */
        Filters: {
            [key: string]: string;
        };
        /**
         * @description The bucket of all time dimensions.
         * @example hour
         */
        Grain: components["schemas"]["Grain"];
        /**
         * @description Each member is a parameter of its own: `grain.{dimension}=hour`, the bucket of that dimension. Not together with `grain`.
         * @example {
         *       "grain.minute": "day"
         *     }
         */
        Grains: {
            [key: string]: components["schemas"]["Grain"];
        };
        /**
         * @description Columns separated by commas; `-column` for descending.
         * @example [
         *       "-flights"
         *     ]
         */
        OrderBy: string[];
        /**
         * @description Most rows in the reply.
         * @example 100
         */
        Limit: number;
        /**
         * @description Rows to skip.
         * @example 0
         */
        Offset: number;
        /**
         * @description IANA name of the time zone of the buckets; UTC when absent.
         * @example Europe/Berlin
         */
        Timezone: string;
        /**
         * @description A position; the query waits, up to a limit, until those events are visible.
         * @example p1.e30
         */
        After: components["schemas"]["Position"];
    };
    requestBodies: never;
    headers: {
        /**
         * @description Names this request in the log of the server.
         * @example 7Qm2yQxv-1f
         */
        RequestId: string;
        /**
         * @description For browsers; the origin that may read the reply, or `*`, as `http.corsOrigins` of the configuration says.
         * @example https://app.example
         */
        AllowOrigin: string;
        /**
         * @description For browsers; the headers of this reply that a page may read. Present when the request named its origin.
         * @example x-request-id, x-moose-position, retry-after, etag, allow
         */
        ExposeHeaders: string;
        /**
         * @description `Origin`, unless every origin is allowed.
         * @example Origin
         */
        Vary: string;
        /**
         * @description The methods of the route.
         * @example GET, HEAD, OPTIONS
         */
        Allow: string;
        /**
         * @description Seconds to wait.
         * @example 1
         */
        RetryAfterRequired: number;
        /**
         * @description What the result is sure to include.
         * @example p1.eyJGbGlnaHQuMS4wIjpbNF19
         */
        Position: components["schemas"]["Position"];
        /**
         * @description The protocol to change to.
         * @example websocket
         */
        Upgrade: "websocket";
        /**
         * @description `no-store`: the reply is about this moment.
         * @example no-store
         */
        CacheControl: string;
        /**
         * @description `no-cache`: ask again, with the entity tag.
         * @example no-cache
         */
        Revalidate: string;
        /**
         * @description Names the content; send it as `If-None-Match`.
         * @example "7Qm2yQxv1f"
         */
        EntityTag: string;
        /**
         * @description Nothing is loaded from elsewhere.
         * @example default-src 'none'; script-src 'self'
         */
        ContentSecurityPolicy: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ingest: {
        parameters: {
            query?: {
                /**
                 * @description `partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing.
                 * @example atomic
                 */
                mode?: components["parameters"]["Mode"];
                /**
                 * @description Whether refused rows are kept in quarantine, with their original bytes. Absent: as the model's option `quarantine` says, or else `ingest.quarantine` of the configuration.
                 * @example true
                 */
                quarantine?: components["parameters"]["Quarantine"];
            };
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /**
                 * @description The same key within 24 hours gives the same answer and stores nothing twice; with another body, model or mode it is refused.
                 *     1 to 255 visible ASCII characters; an empty value is as none.
                 * @example 0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and
                 *     ascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,
                 *     is counted in `duplicates` and not stored again. An empty value is as none.
                 * @example 0199f2a45b7c7d3e8f10;100
                 */
                "Moose-Event-Ids"?: components["parameters"]["EventIds"];
                /**
                 * @description How the body is compressed; an empty value is as none.
                 * @example identity
                 */
                "Content-Encoding"?: components["parameters"]["ContentEncoding"];
            };
            path: {
                /**
                 * @description The exact name of a data model.
                 * @example Flight
                 */
                model: components["parameters"]["Model"];
            };
            cookie?: never;
        };
        /** @description Events of the model, as many as `http.maxBodyBytes` of the configuration allows (16 MiB). */
        requestBody: {
            content: {
                "application/json": Record<string, never> | Record<string, never>[];
                /**
                 * @example {"seenAt":"2026-01-31T08:00:00.000Z","origin":"SFO","delay":12}
                 *     {"seenAt":"2026-01-31T08:00:01.000Z","origin":"JFK","delay":0}
                 */
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Every row was accepted. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 2,
                     *       "rejected": 0,
                     *       "duplicates": 0,
                     *       "errors": [],
                     *       "errorsTruncated": false,
                     *       "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                     *     }
                     */
                    "application/json": components["schemas"]["IngestResult"];
                };
            };
            /** @description Some rows were rejected. */
            207: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 1,
                     *       "rejected": 1,
                     *       "duplicates": 0,
                     *       "errors": [
                     *         {
                     *           "row": 1,
                     *           "path": "/delay",
                     *           "code": "wrong_type",
                     *           "expected": "an integer from -32768 to 32767",
                     *           "got": "\"late\""
                     *         }
                     *       ],
                     *       "errorsTruncated": false,
                     *       "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                     *     }
                     */
                    "application/json": components["schemas"]["IngestResult"];
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description No row was accepted, or the idempotency key was used for another body. */
            422: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IngestProblem"];
                };
            };
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    ingestVersion: {
        parameters: {
            query?: {
                /**
                 * @description `partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing.
                 * @example atomic
                 */
                mode?: components["parameters"]["Mode"];
                /**
                 * @description Whether refused rows are kept in quarantine, with their original bytes. Absent: as the model's option `quarantine` says, or else `ingest.quarantine` of the configuration.
                 * @example true
                 */
                quarantine?: components["parameters"]["Quarantine"];
            };
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /**
                 * @description The same key within 24 hours gives the same answer and stores nothing twice; with another body, model or mode it is refused.
                 *     1 to 255 visible ASCII characters; an empty value is as none.
                 * @example 0199f2a4-5b7c-7d3e-8f10-2a4b6c8d0e1f
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and
                 *     ascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,
                 *     is counted in `duplicates` and not stored again. An empty value is as none.
                 * @example 0199f2a45b7c7d3e8f10;100
                 */
                "Moose-Event-Ids"?: components["parameters"]["EventIds"];
                /**
                 * @description How the body is compressed; an empty value is as none.
                 * @example identity
                 */
                "Content-Encoding"?: components["parameters"]["ContentEncoding"];
            };
            path: {
                /**
                 * @description The exact name of a data model.
                 * @example Flight
                 */
                model: components["parameters"]["Model"];
                /**
                 * @description The exact version of the model.
                 * @example 1.0
                 */
                version: components["parameters"]["Version"];
            };
            cookie?: never;
        };
        /** @description Events of the model, as many as `http.maxBodyBytes` of the configuration allows (16 MiB). */
        requestBody: {
            content: {
                "application/json": Record<string, never> | Record<string, never>[];
                /**
                 * @example {"seenAt":"2026-01-31T08:00:00.000Z","origin":"SFO","delay":12}
                 *     {"seenAt":"2026-01-31T08:00:01.000Z","origin":"JFK","delay":0}
                 */
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Every row was accepted. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 2,
                     *       "rejected": 0,
                     *       "duplicates": 0,
                     *       "errors": [],
                     *       "errorsTruncated": false,
                     *       "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                     *     }
                     */
                    "application/json": components["schemas"]["IngestResult"];
                };
            };
            /** @description Some rows were rejected. */
            207: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": 1,
                     *       "rejected": 1,
                     *       "duplicates": 0,
                     *       "errors": [
                     *         {
                     *           "row": 1,
                     *           "path": "/delay",
                     *           "code": "wrong_type",
                     *           "expected": "an integer from -32768 to 32767",
                     *           "got": "\"late\""
                     *         }
                     *       ],
                     *       "errorsTruncated": false,
                     *       "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                     *     }
                     */
                    "application/json": components["schemas"]["IngestResult"];
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description No row was accepted, or the idempotency key was used for another body. */
            422: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IngestProblem"];
                };
            };
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    query: {
        parameters: {
            query?: {
                /**
                 * @description Dimensions to group by, separated by commas; all when absent.
                 * @example [
                 *       "minute"
                 *     ]
                 */
                dimensions?: components["parameters"]["Dimensions"];
                /**
                 * @description Measures to compute, separated by commas; all when absent.
                 * @example [
                 *       "flights"
                 *     ]
                 */
                measures?: components["parameters"]["Measures"];
                /**
                 * @description Each member is a parameter of its own: `filter.{dimension}=value` (equals) or `filter.{dimension}.{operator}=value`; operators are eq, neq,
                 *     in, gt, gte, lt, lte, between and like. `in` and `between` take values separated by commas. At most 100 conditions.
                 * @example {
                 *       "filter.origin": "SFO",
                 *       "filter.delay.gt": "10"
                 *     }
                 */
                filters?: components["parameters"]["Filters"];
                /**
                 * @description The bucket of all time dimensions.
                 * @example hour
                 */
                grain?: components["parameters"]["Grain"];
                /**
                 * @description Each member is a parameter of its own: `grain.{dimension}=hour`, the bucket of that dimension. Not together with `grain`.
                 * @example {
                 *       "grain.minute": "day"
                 *     }
                 */
                grains?: components["parameters"]["Grains"];
                /**
                 * @description Columns separated by commas; `-column` for descending.
                 * @example [
                 *       "-flights"
                 *     ]
                 */
                orderBy?: components["parameters"]["OrderBy"];
                /**
                 * @description Most rows in the reply.
                 * @example 100
                 */
                limit?: components["parameters"]["Limit"];
                /**
                 * @description Rows to skip.
                 * @example 0
                 */
                offset?: components["parameters"]["Offset"];
                /**
                 * @description IANA name of the time zone of the buckets; UTC when absent.
                 * @example Europe/Berlin
                 */
                timezone?: components["parameters"]["Timezone"];
                /**
                 * @description A position; the query waits, up to a limit, until those events are visible.
                 * @example p1.e30
                 */
                after?: components["parameters"]["After"];
            };
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The exact name of an aggregation.
                 * @example FlightsByMinute
                 */
                name: components["parameters"]["Name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result, in the format that `Accept` names; JSON when it names none of these. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "x-moose-position": components["headers"]["Position"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "columns": [
                     *         {
                     *           "name": "minute",
                     *           "type": "DateTime64(0, 'UTC')"
                     *         },
                     *         {
                     *           "name": "flights",
                     *           "type": "UInt64"
                     *         }
                     *       ],
                     *       "rows": [
                     *         [
                     *           "2026-01-31 08:00:00",
                     *           "2"
                     *         ]
                     *       ],
                     *       "statistics": {
                     *         "elapsedMs": 4.2,
                     *         "rowsRead": 1,
                     *         "bytesRead": 40
                     *       },
                     *       "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                     *     }
                     */
                    "application/json": components["schemas"]["QueryResult"];
                    /** @example {"minute":"2026-01-31 08:00:00","flights":"2"} */
                    "application/x-ndjson": string;
                    /**
                     * @example "minute","flights"
                     *     "2026-01-31 08:00:00",2
                     */
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    queryByBody: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
                /**
                 * @description How the body is compressed; an empty value is as none.
                 * @example identity
                 */
                "Content-Encoding"?: components["parameters"]["ContentEncoding"];
            };
            path: {
                /**
                 * @description The exact name of an aggregation.
                 * @example FlightsByMinute
                 */
                name: components["parameters"]["Name"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "dimensions": [
                 *         "minute"
                 *       ],
                 *       "measures": [
                 *         "flights"
                 *       ],
                 *       "filters": {
                 *         "origin": "SFO",
                 *         "minute": {
                 *           "gte": "2026-01-31T00:00:00Z"
                 *         }
                 *       },
                 *       "grain": "hour",
                 *       "orderBy": [
                 *         "-flights"
                 *       ],
                 *       "limit": 100
                 *     }
                 */
                "application/json": components["schemas"]["QueryBody"];
            };
        };
        responses: {
            /** @description The result, in the format that `Accept` names; JSON when it names none of these. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "x-moose-position": components["headers"]["Position"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "columns": [
                     *         {
                     *           "name": "minute",
                     *           "type": "DateTime64(0, 'UTC')"
                     *         },
                     *         {
                     *           "name": "flights",
                     *           "type": "UInt64"
                     *         }
                     *       ],
                     *       "rows": [
                     *         [
                     *           "2026-01-31 08:00:00",
                     *           "2"
                     *         ]
                     *       ],
                     *       "statistics": {
                     *         "elapsedMs": 4.2,
                     *         "rowsRead": 1,
                     *         "bytesRead": 40
                     *       },
                     *       "position": "p1.eyJGbGlnaHQuMS4wIjpbNF19"
                     *     }
                     */
                    "application/json": components["schemas"]["QueryResult"];
                    /** @example {"minute":"2026-01-31 08:00:00","flights":"2"} */
                    "application/x-ndjson": string;
                    /**
                     * @example "minute","flights"
                     *     "2026-01-31 08:00:00",2
                     */
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection speaks `moose.live.v1` from here on. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            426: components["responses"]["UpgradeRequired"];
            503: components["responses"]["Unavailable"];
        };
    };
    listQuarantine: {
        parameters: {
            query?: {
                /**
                 * @description Entries of this model.
                 * @example Flight
                 */
                model?: string;
                /**
                 * @description Entries that this part refused.
                 * @example ingest
                 */
                source?: components["schemas"]["Source"];
                /**
                 * @description Entries with this reason.
                 * @example wrong_type
                 */
                code?: string;
                /**
                 * @description Entries of this function.
                 * @example enrich
                 */
                by?: string;
                /**
                 * @description Entries made at this time or later.
                 * @example 2026-01-31T08:00:00Z
                 */
                since?: string;
                /**
                 * @description Entries made before this time.
                 * @example 2030-01-31T08:00:00Z
                 */
                until?: string;
                /**
                 * @description `true`: entries that went back; `false`: those that did not; absent: both.
                 * @example false
                 */
                replayed?: boolean;
                /**
                 * @description Which come first.
                 * @example oldest
                 */
                order?: "newest" | "oldest";
                /**
                 * @description Entries on the page.
                 * @example 10
                 */
                limit?: number;
                /**
                 * @description The `next` of the page before.
                 * @example 1769846400000-0123456789abcdef01234567
                 */
                after?: string;
            };
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "id": "0123456789abcdef01234567",
                     *           "model": "Flight",
                     *           "version": "1.0",
                     *           "stream": "Flight.1.0",
                     *           "source": "ingest",
                     *           "by": "",
                     *           "code": "wrong_type",
                     *           "reason": "/delay: an integer from -32768 to 32767, not \"late\"",
                     *           "partition": null,
                     *           "offset": null,
                     *           "bytes": 64,
                     *           "receivedAt": "2026-01-31T08:00:00.000Z",
                     *           "quarantinedAt": "2026-01-31T08:00:00.012Z",
                     *           "replayedAt": null
                     *         }
                     *       ],
                     *       "total": 1,
                     *       "behind": false
                     *     }
                     */
                    "application/json": components["schemas"]["EntryPage"];
                };
            };
            400: components["responses"]["Malformed"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    showQuarantine: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description The id of an entry.
                 * @example 0123456789abcdef01234567
                 */
                id: components["schemas"]["EntryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entry. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "0123456789abcdef01234567",
                     *       "model": "Flight",
                     *       "version": "1.0",
                     *       "stream": "Flight.1.0",
                     *       "source": "ingest",
                     *       "by": "",
                     *       "code": "wrong_type",
                     *       "reason": "/delay: an integer from -32768 to 32767, not \"late\"",
                     *       "partition": null,
                     *       "offset": null,
                     *       "bytes": 64,
                     *       "receivedAt": "2026-01-31T08:00:00.000Z",
                     *       "quarantinedAt": "2026-01-31T08:00:00.012Z",
                     *       "replayedAt": null,
                     *       "errors": [
                     *         {
                     *           "path": "/delay",
                     *           "code": "wrong_type",
                     *           "expected": "an integer from -32768 to 32767",
                     *           "got": "\"late\""
                     *         }
                     *       ],
                     *       "stack": "",
                     *       "lastOffset": null,
                     *       "encoding": "utf8",
                     *       "event": "{\"seenAt\":\"2026-01-31T08:00:00.000Z\",\"origin\":\"SFO\",\"delay\":\"late\"}"
                     *     }
                     */
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["Malformed"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    replayQuarantine: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "ids": [
                 *         "0123456789abcdef01234567"
                 *       ],
                 *       "dryRun": true
                 *     }
                 */
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description What became of each entry. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "id": "0123456789abcdef01234567",
                     *           "outcome": "replayed"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReplayReport"];
                };
            };
            400: components["responses"]["Malformed"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    healthLive: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    healthReady: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every dependency answers. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "checks": {
                     *         "log": {
                     *           "ok": true
                     *         },
                     *         "database": {
                     *           "ok": true
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            /** @description A dependency fails, or the server is about to stop; the body names it. */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    "retry-after": components["headers"]["RetryAfterRequired"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "failing",
                     *       "checks": {
                     *         "log": {
                     *           "ok": true
                     *         },
                     *         "database": {
                     *           "ok": false,
                     *           "detail": "does not answer"
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics, in Prometheus' text format. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP moose_http_requests_total Requests by route and status
                     *     # TYPE moose_http_requests_total counter
                     *     moose_http_requests_total{route="/ingest/{model}",status="200"} 2
                     */
                    "text/plain": string;
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0",
                     *       "info": {
                     *         "title": "Moose",
                     *         "version": "0.1.0"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": {
                        openapi: string;
                        info: Record<string, never>;
                        paths: Record<string, never>;
                    };
                };
            };
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    asyncapi: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An AsyncAPI 3 document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "asyncapi": "3.0.0",
                     *       "info": {
                     *         "title": "Moose live",
                     *         "version": "0.1.0"
                     *       },
                     *       "channels": {}
                     *     }
                     */
                    "application/json": {
                        asyncapi: string;
                        info: Record<string, never>;
                        channels: Record<string, never>;
                    };
                };
            };
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    docs: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["Revalidate"];
                    etag: components["headers"]["EntityTag"];
                    "content-security-policy": components["headers"]["ContentSecurityPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html> */
                    "text/html": string;
                };
            };
            /** @description The caller has it already, as `If-None-Match` says. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["Revalidate"];
                    etag: components["headers"]["EntityTag"];
                    "content-security-policy": components["headers"]["ContentSecurityPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    docsFile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path: {
                /**
                 * @description A file that the page loads.
                 * @example swagger-ui.css
                 */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file; compressed when `Accept-Encoding` names gzip. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["Revalidate"];
                    etag: components["headers"]["EntityTag"];
                    "content-security-policy": components["headers"]["ContentSecurityPolicy"];
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                    "text/css": string;
                    "text/plain": string;
                };
            };
            /** @description The caller has it already, as `If-None-Match` says. */
            304: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["Revalidate"];
                    etag: components["headers"]["EntityTag"];
                    "content-security-policy": components["headers"]["ContentSecurityPolicy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    audit: {
        parameters: {
            query?: {
                /**
                 * @description How long the table writer may take to deliver what was acknowledged. Seconds.
                 * @example 5
                 */
                wait?: number;
            };
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account; `ok` says whether everything is accounted for. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ok": true,
                     *       "tookMs": 41,
                     *       "models": [
                     *         {
                     *           "model": "Flight",
                     *           "table": "Flight",
                     *           "partitions": [
                     *             {
                     *               "stream": "Flight.1.0",
                     *               "partition": 0,
                     *               "acknowledged": 4,
                     *               "streamStart": 0,
                     *               "streamEnd": 4,
                     *               "absent": 0,
                     *               "unknownToStream": 0,
                     *               "inTable": 4,
                     *               "quarantined": 0,
                     *               "waiting": 0,
                     *               "doubled": 0,
                     *               "missing": 0,
                     *               "missingRanges": []
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "aggregations": [
                     *         {
                     *           "aggregation": "FlightsByMinute",
                     *           "rows": 1,
                     *           "different": 0
                     *         }
                     *       ],
                     *       "functions": [
                     *         {
                     *           "function": "delayed-flights",
                     *           "stream": "Flight.1.0",
                     *           "partition": 0,
                     *           "begin": 0,
                     *           "committed": 4,
                     *           "waiting": 0,
                     *           "taken": 4,
                     *           "emitting": 1,
                     *           "filtered": 3,
                     *           "quarantined": 0,
                     *           "unreadable": 0,
                     *           "absent": 0,
                     *           "refused": 0,
                     *           "emitted": {
                     *             "DelayedFlight.1.0": 1
                     *           },
                     *           "inQuarantine": 0,
                     *           "doubledInQuarantine": 0
                     *         }
                     *       ],
                     *       "groups": [
                     *         {
                     *           "group": "writer",
                     *           "stream": "Flight.1.0",
                     *           "partition": 0,
                     *           "committed": 4,
                     *           "behind": 0
                     *         }
                     *       ],
                     *       "mistakes": []
                     *     }
                     */
                    "application/json": components["schemas"]["AuditReport"];
                };
            };
            400: components["responses"]["Malformed"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    catalog: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Names the request; the reply and the log carry it. One that is not 1 to 128 letters, digits, `.`, `_`, `:` and `-` is replaced.
                 * @example checkout-42
                 */
                "X-Request-Id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the server serves now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    "access-control-allow-origin": components["headers"]["AllowOrigin"];
                    "access-control-expose-headers": components["headers"]["ExposeHeaders"];
                    vary: components["headers"]["Vary"];
                    "cache-control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 1,
                     *       "models": [
                     *         {
                     *           "name": "Flight",
                     *           "version": "1.0",
                     *           "stream": "Flight.1.0",
                     *           "table": "Flight",
                     *           "schemaId": "5f0c9d1e2b3a4c5d",
                     *           "program": "TVNQMQ==",
                     *           "system": false,
                     *           "endOffsets": [
                     *             4
                     *           ],
                     *           "spec": {
                     *             "name": "Flight",
                     *             "version": "1.0",
                     *             "extra": "reject",
                     *             "fields": []
                     *           }
                     *         }
                     *       ],
                     *       "aggregations": [
                     *         {
                     *           "name": "FlightsByMinute",
                     *           "from": "Flight",
                     *           "table": "FlightsByMinute",
                     *           "spec": {
                     *             "name": "FlightsByMinute"
                     *           }
                     *         }
                     *       ],
                     *       "lineage": [
                     *         {
                     *           "from": "model:Flight",
                     *           "to": "stream:Flight.1.0"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Catalog"];
                };
            };
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
        };
    };
}
