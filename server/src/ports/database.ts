// ClickHouse as the rest of the server sees it. Adapter: clickhouse (embedded and production speak the same HTTP).

export interface Column {
  readonly name: string;
  /** ClickHouse type. */
  readonly type: string;
}

export interface QueryStatistics {
  readonly elapsedMs: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  /** One array a row, in column order; 64-bit integers are strings. */
  readonly rows: readonly (readonly unknown[])[];
  readonly statistics: QueryStatistics;
}

export interface QueryOptions {
  /** Bound as `{name:Type}`; values never become part of the SQL text. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxResultRows?: number;
}

export interface Database {
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /** The raw bytes of a result in a ClickHouse format (`CSVWithNames`, `JSONEachRow`, `ArrowStream`, …). */
  queryBytes(sql: string, format: string, options?: QueryOptions): Promise<AsyncIterable<Uint8Array>>;
  command(sql: string): Promise<void>;
  /**
   * Inserts one Native block. The same token inside the deduplication window inserts nothing, in the table and in its views.
   * Rejects with MooseError `database_unavailable` (retry) or `database_refused` (the block itself is bad; do not retry).
   */
  insertNative(table: string, block: Uint8Array, options: { deduplicationToken: string }): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}
