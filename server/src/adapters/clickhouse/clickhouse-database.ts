// The database port over ClickHouse's HTTP interface: embedded and production alike, through @clickhouse/client.
import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import { MooseError } from "../../model/errors.ts";
import { quoteIdentifier } from "../../model/sql-text.ts";
import type { Column, Database, QueryOptions, QueryResult } from "../../ports/database.ts";
import type { Log } from "../../telemetry/log.ts";
import { isConnectionLost, isMissingDatabase, neverReached, translateError } from "./clickhouse-errors.ts";

export interface ClickHouseDatabaseOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Created when it does not exist. */
  readonly database: string;
  readonly log: Log;
}

const defaultTimeoutMs = 30_000;
const insertTimeoutMs = 60_000;
const commandTimeoutMs = 300_000;
/** How long a call goes on trying while the engine starts again. */
const reconnectLimitMs = 3_000;
const formatName = /^[A-Za-z][A-Za-z0-9]*$/;

export function createClickHouseDatabase(options: ClickHouseDatabaseOptions): Database {
  return new ClickHouseDatabase(options);
}

class ClickHouseDatabase implements Database {
  readonly #options: ClickHouseDatabaseOptions;
  readonly #client: ClickHouseClient;

  constructor(options: ClickHouseDatabaseOptions) {
    this.#options = options;
    this.#client = connect(options, options.database);
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    const startedMs = performance.now();
    return this.#run("query", options.timeoutMs ?? defaultTimeoutMs, options.signal, async (signal) => {
      const result = await this.#client.query({
        query: sql,
        format: "JSONCompact",
        query_params: { ...options.params },
        clickhouse_settings: limits(options),
        abort_signal: signal,
      });
      const answer = await result.json<unknown[]>();
      return {
        columns: (answer.meta ?? []) as readonly Column[],
        rows: answer.data,
        statistics: {
          elapsedMs: performance.now() - startedMs,
          rowsRead: answer.statistics?.rows_read ?? 0,
          bytesRead: answer.statistics?.bytes_read ?? 0,
        },
      };
    });
  }

  async queryBytes(sql: string, format: string, options: QueryOptions = {}): Promise<AsyncIterable<Uint8Array>> {
    if (!formatName.test(format)) throw new MooseError("invalid_parameter", `${format} is not a ClickHouse format.`);
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const stream = await this.#run("query", timeoutMs, options.signal, async (signal) => {
      const answer = await this.#client.exec({
        query: `${sql}\nFORMAT ${format}`,
        query_params: { ...options.params },
        clickhouse_settings: limits(options),
        abort_signal: signal,
      });
      return answer.stream;
    });
    return readBytes(stream, options.signal);
  }

  async command(sql: string): Promise<void> {
    await this.#run("command", commandTimeoutMs, undefined, async (signal) => {
      const seconds = String(commandTimeoutMs / 1000);
      await this.#client.command({
        query: sql,
        clickhouse_settings: { max_execution_time: Number(seconds) },
        abort_signal: signal,
      });
    });
  }

  async insertNative(table: string, block: Uint8Array, options: { deduplicationToken: string }): Promise<void> {
    await this.#run("insert", insertTimeoutMs, undefined, async (signal) => {
      const answer = await this.#client.exec({
        query: `INSERT INTO ${quoteIdentifier(table)} FORMAT Native`,
        values: Readable.from([block], { objectMode: false }),
        clickhouse_settings: {
          ...insertSettings,
          insert_deduplication_token: options.deduplicationToken,
        },
        abort_signal: signal,
      });
      for await (const _ of answer.stream) {
        // The answer of an insert is empty; reading it to its end gives the connection back.
      }
    });
  }

  async ping(): Promise<boolean> {
    const answer = await this.#client.ping();
    return answer.success;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #run<T>(
    kind: "query" | "command" | "insert",
    timeoutMs: number,
    callerSignal: AbortSignal | undefined,
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    callerSignal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = callerSignal ? AbortSignal.any([callerSignal, timeout]) : timeout;
    const giveUpMs = performance.now() + Math.min(reconnectLimitMs, timeoutMs);
    let created = false;
    for (let waitMs = 25; ; waitMs = Math.min(400, waitMs * 2)) {
      try {
        return await attempt(signal);
      } catch (error) {
        if (callerSignal?.aborted) throw callerSignal.reason;
        if (timeout.aborted) {
          throw new MooseError("query_timeout", `ClickHouse did not answer within ${timeoutMs} ms.`, { cause: error });
        }
        if (isMissingDatabase(error) && !created) {
          created = true;
          await this.#createDatabase();
          continue;
        }
        // Reads may run twice, and an insert's token makes its second run do nothing. A command must not have arrived.
        const again = kind === "command" ? neverReached(error) : isConnectionLost(error);
        if (!again || performance.now() + waitMs > giveUpMs) throw this.#translate(error);
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }

  #translate(error: unknown): MooseError {
    const translated = translateError(error);
    this.#options.log.debug("ClickHouse refused or failed", { code: translated.code, reason: String(error) });
    return translated;
  }

  async #createDatabase(): Promise<void> {
    const client = connect(this.#options, undefined);
    try {
      await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(this.#options.database)}` });
    } catch (error) {
      throw this.#translate(error);
    } finally {
      await client.close();
    }
  }
}

/** With the token, a block that is sent again does nothing in the table nor in its views. */
const insertSettings: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // Each view syncs the files of its part: side by side, an insert into seven tables takes half the time at the same cost of CPU. A view
  // commits after its table in any case, since it ends when the table's sink has ended.
  parallel_view_processing: 1,
  // A batch accepted under an older model lacks newer columns, or has ones that are gone.
  input_format_defaults_for_omitted_fields: 1,
  input_format_skip_unknown_fields: 1,
};

function connect(options: ClickHouseDatabaseOptions, database: string | undefined): ClickHouseClient {
  return createClient({
    url: options.url,
    username: options.username,
    password: options.password,
    ...(database === undefined ? {} : { database }),
    application: "moose",
    request_timeout: commandTimeoutMs + 10_000,
    max_open_connections: 32,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    compression: { request: false, response: false },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1, output_format_json_quote_decimals: 1 },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

function limits(options: QueryOptions): ClickHouseSettings {
  const seconds = Math.max(1, Math.ceil((options.timeoutMs ?? defaultTimeoutMs) / 1000));
  return {
    max_execution_time: seconds,
    ...(options.maxResultRows === undefined
      ? {}
      : { max_result_rows: String(options.maxResultRows), result_overflow_mode: "throw" }),
  };
}

async function* readBytes(
  stream: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw translateError(error);
  }
}
