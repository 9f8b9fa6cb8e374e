// Written by scripts/generate.mjs from source/: do not edit.
export interface paths {
    "/ingest/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The exact name of a data model. */
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
            header?: never;
            path: {
                /** @description The exact name of a data model. */
                model: components["parameters"]["Model"];
                /** @description The exact version of the model. */
                version: components["parameters"]["Version"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send events of one version of a model. */
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
            header?: never;
            path: {
                /** @description The exact name of an aggregation. */
                name: components["parameters"]["Name"];
            };
            cookie?: never;
        };
        /** Query an aggregation by URL parameters. */
        get: operations["query"];
        put?: never;
        /** Query an aggregation by a JSON body. */
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open a live connection.
         * @description WebSocket, subprotocol `moose.live.v1`; JSON text messages, many subscriptions a socket. The messages are typed in `live-protocol.ts`
         *     of this package. Messages are at most 64 KiB from the client; a browser's `Origin` must be one of the configured origins.
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
            header?: never;
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
            header?: never;
            path: {
                /** @description The id of an entry. */
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
            header?: never;
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers. */
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server can do its work. */
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
            header?: never;
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
            header?: never;
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
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
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
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Models, aggregations and their lineage. */
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
        /** @description An opaque token that names a place in the streams. Ingest replies carry one; queries and subscriptions take one as `after`. */
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
        } & {
            [key: string]: unknown;
        };
        /** @description No row was stored; the problem carries the verdict too. */
        IngestProblem: components["schemas"]["Problem"] & {
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
        /** @description The parameters of an aggregation query (the members of a live subscription's `params`), and the position to wait for. */
        QueryBody: {
            dimensions?: string[];
            measures?: string[];
            /** @description `{ origin: "LAX" }` (equals) or `{ delay: { gt: 10, lte: 60 } }`. */
            filters?: {
                [key: string]: unknown;
            };
            grain?: components["schemas"]["Grain"] | {
                [key: string]: components["schemas"]["Grain"];
            };
            /** @description `column`, or `-column` for descending. */
            orderBy?: string[];
            limit?: number;
            offset?: number;
            timezone?: string;
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
            /** @description Next offset of the stream. */
            streamEnd: number;
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
                schemaId: string;
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
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No model, version, query or page has this name. */
        NotFound: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The route exists; `Allow` names its methods. */
        MethodNotAllowed: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                /** @description The methods of the route. */
                allow?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is over the limit, as it was sent or after decompression. */
        TooLarge: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The content type or the content encoding is not one that is read; the problem says which are. */
        UnsupportedMediaType: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too much is under way; retry after the seconds in `Retry-After`. */
        TooManyRequests: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "retry-after": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A defect of the server; the request id finds it in the log. */
        Failed: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The server sheds load or a part of it is down; retry after the seconds in `Retry-After`. */
        Unavailable: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                "retry-after": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The query or the wait for `after` took longer than its limit. */
        Timeout: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The origin is not one that may call. */
        Forbidden: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The route speaks WebSocket only. */
        UpgradeRequired: {
            headers: {
                "x-request-id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The exact name of a data model. */
        Model: string;
        /** @description `partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing. */
        Mode: "partial" | "atomic" | "dry-run";
        /** @description Whether refused rows are kept in quarantine, with their original bytes. Absent: as `ingest.quarantine` of the configuration says. */
        Quarantine: boolean;
        /** @description The same key within 24 hours gives the same answer and stores nothing twice. 1 to 255 visible ASCII characters. */
        IdempotencyKey: string;
        /**
         * @description `<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and
         *     ascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,
         *     is counted in `duplicates` and not stored again.
         */
        EventIds: string;
        /** @description How the body is compressed. */
        ContentEncoding: "identity" | "gzip" | "br" | "deflate";
        /** @description The exact version of the model. */
        Version: string;
        /** @description The exact name of an aggregation. */
        Name: string;
        /** @description Dimensions to group by, separated by commas; all when absent. */
        Dimensions: string[];
        /** @description Measures to compute, separated by commas; all when absent. */
        Measures: string[];
        /**
         * @description Written `filter.{dimension}=value` (equals) or `filter.{dimension}.{operator}=value`; operators are eq, neq, in, gt, gte, lt, lte, between
         *     and like. `in` and `between` take values separated by commas.
         */
        Filter: {
            [key: string]: string;
        };
        /** @description The bucket of the time dimensions: one for all, or `grain.{dimension}=hour` for one. */
        Grain: components["schemas"]["Grain"];
        /** @description Columns separated by commas; `-column` for descending. */
        OrderBy: string[];
        /** @description Most rows in the reply. */
        Limit: number;
        /** @description Rows to skip. */
        Offset: number;
        /** @description IANA name of the time zone of the buckets; UTC when absent. */
        Timezone: string;
        /** @description A position; the query waits, up to a limit, until those events are visible. */
        After: components["schemas"]["Position"];
    };
    requestBodies: never;
    headers: {
        /** @description Names this request in the log of the server. */
        RequestId: string;
        /** @description Seconds to wait. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ingest: {
        parameters: {
            query?: {
                /** @description `partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing. */
                mode?: components["parameters"]["Mode"];
                /** @description Whether refused rows are kept in quarantine, with their original bytes. Absent: as `ingest.quarantine` of the configuration says. */
                quarantine?: components["parameters"]["Quarantine"];
            };
            header?: {
                /** @description The same key within 24 hours gives the same answer and stores nothing twice. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and
                 *     ascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,
                 *     is counted in `duplicates` and not stored again.
                 */
                "Moose-Event-Ids"?: components["parameters"]["EventIds"];
                /** @description How the body is compressed. */
                "Content-Encoding"?: components["parameters"]["ContentEncoding"];
            };
            path: {
                /** @description The exact name of a data model. */
                model: components["parameters"]["Model"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never> | Record<string, never>[];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Every row was accepted. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestResult"];
                };
            };
            /** @description Some rows were rejected. */
            207: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IngestProblem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    ingestVersion: {
        parameters: {
            query?: {
                /** @description `partial`: good rows go through. `atomic`: all rows or none. `dry-run`: validate only, store nothing. */
                mode?: components["parameters"]["Mode"];
                /** @description Whether refused rows are kept in quarantine, with their original bytes. Absent: as `ingest.quarantine` of the configuration says. */
                quarantine?: components["parameters"]["Quarantine"];
            };
            header?: {
                /** @description The same key within 24 hours gives the same answer and stores nothing twice. 1 to 255 visible ASCII characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /**
                 * @description `<producer>;<ranges>`: who sends, in 16 to 64 letters, digits, `-` and `_`, and the sequence number of each row of the body, in order and
                 *     ascending, such as `100-149,152`. A row whose number was stored before, of this producer and model within 24 hours, in whatever batch,
                 *     is counted in `duplicates` and not stored again.
                 */
                "Moose-Event-Ids"?: components["parameters"]["EventIds"];
                /** @description How the body is compressed. */
                "Content-Encoding"?: components["parameters"]["ContentEncoding"];
            };
            path: {
                /** @description The exact name of a data model. */
                model: components["parameters"]["Model"];
                /** @description The exact version of the model. */
                version: components["parameters"]["Version"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, never> | Record<string, never>[];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Every row was accepted. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestResult"];
                };
            };
            /** @description Some rows were rejected. */
            207: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
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
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["IngestProblem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    query: {
        parameters: {
            query?: {
                /** @description Dimensions to group by, separated by commas; all when absent. */
                dimensions?: components["parameters"]["Dimensions"];
                /** @description Measures to compute, separated by commas; all when absent. */
                measures?: components["parameters"]["Measures"];
                /**
                 * @description Written `filter.{dimension}=value` (equals) or `filter.{dimension}.{operator}=value`; operators are eq, neq, in, gt, gte, lt, lte, between
                 *     and like. `in` and `between` take values separated by commas.
                 */
                filter?: components["parameters"]["Filter"];
                /** @description The bucket of the time dimensions: one for all, or `grain.{dimension}=hour` for one. */
                grain?: components["parameters"]["Grain"];
                /** @description Columns separated by commas; `-column` for descending. */
                orderBy?: components["parameters"]["OrderBy"];
                /** @description Most rows in the reply. */
                limit?: components["parameters"]["Limit"];
                /** @description Rows to skip. */
                offset?: components["parameters"]["Offset"];
                /** @description IANA name of the time zone of the buckets; UTC when absent. */
                timezone?: components["parameters"]["Timezone"];
                /** @description A position; the query waits, up to a limit, until those events are visible. */
                after?: components["parameters"]["After"];
            };
            header?: never;
            path: {
                /** @description The exact name of an aggregation. */
                name: components["parameters"]["Name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The result, in the format that `Accept` names. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description What the result is sure to include. */
                    "x-moose-position"?: components["schemas"]["Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryResult"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    queryByBody: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The exact name of an aggregation. */
                name: components["parameters"]["Name"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryBody"];
            };
        };
        responses: {
            /** @description The result, in the format that `Accept` names. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    /** @description What the result is sure to include. */
                    "x-moose-position"?: components["schemas"]["Position"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueryResult"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
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
            405: components["responses"]["MethodNotAllowed"];
            426: components["responses"]["UpgradeRequired"];
            503: components["responses"]["Unavailable"];
        };
    };
    listQuarantine: {
        parameters: {
            query?: {
                /** @description Entries of this model. */
                model?: string;
                /** @description Entries that this part refused. */
                source?: components["schemas"]["Source"];
                /** @description Entries with this reason. */
                code?: string;
                /** @description Entries of this function. */
                by?: string;
                /** @description Entries made at this time or later. */
                since?: string;
                /** @description Entries made before this time. */
                until?: string;
                /** @description `true`: entries that went back; `false`: those that did not; absent: both. */
                replayed?: boolean;
                /** @description Which come first. */
                order?: "newest" | "oldest";
                /** @description Entries on the page. */
                limit?: number;
                /** @description The `next` of the page before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryPage"];
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
    showQuarantine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id of an entry. */
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
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
    replayQuarantine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description What became of each entry. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayReport"];
                };
            };
            400: components["responses"]["Malformed"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["TooLarge"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
            504: components["responses"]["Timeout"];
        };
    };
    healthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    healthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every dependency answers. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
            /** @description A dependency fails; the body names it. */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An OpenAPI 3.1 document. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
    audit: {
        parameters: {
            query?: {
                /** @description How long the table writer may take to deliver what was acknowledged. Seconds. */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account; `ok` says whether everything is accounted for. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditReport"];
                };
            };
            400: components["responses"]["Malformed"];
            405: components["responses"]["MethodNotAllowed"];
            500: components["responses"]["Failed"];
            503: components["responses"]["Unavailable"];
        };
    };
    catalog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the server serves now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalog"];
                };
            };
            405: components["responses"]["MethodNotAllowed"];
        };
    };
}
