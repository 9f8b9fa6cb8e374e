// One answer of the HTTP interface: headers in ClickHouse's form, whole or streamed, with the reader's pace.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import { createGzip, gzipSync } from "node:zlib";
import type { EngineError } from "./engine-error.ts";
import type { ChdbQueryStream, ChdbResult } from "./engine-sessions.ts";
import { contentTypeOf, statusOf } from "./http-status.ts";

/** A reader that takes nothing for this long loses its connection, since it holds a place in the query lane. */
const stalledReaderMs = 30_000;

export class EngineResponse {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  readonly #gzip: boolean;
  readonly #startedNs = process.hrtime.bigint();
  queryId = "";
  format = "TabSeparated";

  constructor(request: IncomingMessage, response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
    const url = request.url ?? "";
    this.#gzip =
      /[?&]enable_http_compression=1(&|$)/.test(url) &&
      /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  }

  text(text: string, status = 200): void {
    this.#response.writeHead(status, { "content-type": "text/plain; charset=UTF-8" }).end(text);
  }

  fail(error: EngineError): void {
    if (this.#response.headersSent) {
      // Part of a result is out: only a broken connection tells the reader that the rest is missing.
      this.#response.destroy(error);
      return;
    }
    const status = statusOf(error.code);
    this.#response.writeHead(status, {
      "content-type": "text/plain; charset=UTF-8",
      "x-clickhouse-exception-code": String(error.code),
      "x-clickhouse-query-id": this.queryId,
      ...(status === 503 ? { "retry-after": "1" } : {}),
    });
    this.#response.end(`${error.text}\n`);
  }

  inserted(result: ChdbResult | undefined): void {
    const rows = String(result?.rowsRead ?? 0);
    const bytes = String(result?.bytesRead ?? 0);
    this.#head({
      read_rows: rows,
      read_bytes: bytes,
      written_rows: rows,
      written_bytes: bytes,
      result_rows: rows,
      result_bytes: bytes,
    });
    this.#response.end();
  }

  result(result: ChdbResult): void {
    const bytes = result.bytes();
    this.#head({
      read_rows: "0",
      read_bytes: "0",
      written_rows: "0",
      written_bytes: "0",
      result_rows: String(result.rowsRead),
      result_bytes: String(result.bytesRead),
    });
    this.#response.end(this.#gzip ? gzipSync(bytes) : bytes);
  }

  /** The first chunk decides between an answer and an error; then each waits for the reader. */
  async stream(chunks: ChdbQueryStream): Promise<void> {
    let out: Writable | undefined;
    const start = (): Writable => {
      this.#head(undefined);
      if (!this.#gzip) return this.#response;
      const gzip = createGzip({ level: 1 });
      gzip.pipe(this.#response);
      return gzip;
    };
    for await (const chunk of chunks) {
      out ??= start();
      if (!out.write(chunk.raw())) {
        await once(out, "drain", { signal: AbortSignal.any([this.#signal, AbortSignal.timeout(stalledReaderMs)]) });
      }
    }
    out ??= start();
    out.end();
  }

  #head(summary: Readonly<Record<string, string>> | undefined): void {
    const response = this.#response;
    response.setHeader("content-type", contentTypeOf(this.format));
    response.setHeader("x-clickhouse-server-display-name", "moose");
    response.setHeader("x-clickhouse-query-id", this.queryId);
    response.setHeader("x-clickhouse-format", this.format);
    response.setHeader("x-clickhouse-timezone", "UTC");
    if (this.#gzip) response.setHeader("content-encoding", "gzip");
    const elapsed = String(process.hrtime.bigint() - this.#startedNs);
    // What a stream will have read is not known yet when its headers go out.
    response.setHeader("x-clickhouse-summary", JSON.stringify({ ...summary, elapsed_ns: elapsed }));
    response.writeHead(200);
  }
}
