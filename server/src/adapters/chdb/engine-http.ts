// ClickHouse's HTTP interface over the embedded engine: credentials, one statement a request, answers in ClickHouse's form.
import { randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { asEngineError, codes, EngineError } from "./engine-error.ts";
import { insertSlots, querySlots } from "./engine-messages.ts";
import { type EngineRequest, readRequest } from "./engine-request.ts";
import { EngineResponse } from "./engine-response.ts";
import type { ChdbResult, EngineSessions } from "./engine-sessions.ts";
import { isStreamable } from "./http-status.ts";
import { type InsertBody, writeInsertBody } from "./insert-body.ts";
import { SessionLane } from "./session-lane.ts";
import { readStatement, type Statement, StatementError } from "./sql-statement.ts";

export interface EngineHttpOptions {
  readonly sessions: EngineSessions;
  readonly username: string;
  readonly password: string;
  /** Where rows of inserts wait; also the process's working directory. */
  readonly bodyFolder: string;
}

/** SQL text in a body is kept in memory; rows behind an INSERT in the URL are not. */
const maxTextBytes = 64 * 1024 * 1024;

/** A result that cannot be streamed is in memory twice before it goes out. */
const wholeResultLimits = [
  ["max_result_bytes", String(256 * 1024 * 1024)],
  ["result_overflow_mode", "throw"],
] as const;

type InsertStatement = Extract<Statement, { kind: "insert" }>;
type PlainStatement = Extract<Statement, { kind: "statement" }>;

export function createEngineHandler(
  options: EngineHttpOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  // Lanes of their own: a slow query never keeps the table writer waiting.
  const queries = new SessionLane({ name: "queries", slots: querySlots, maxWaiting: 256, maxWaitMs: 30_000 });
  const inserts = new SessionLane({ name: "inserts", slots: insertSlots, maxWaiting: 64, maxWaitMs: 30_000 });

  return (request, response) => {
    const aborted = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) aborted.abort(new EngineError(codes.queryWasCancelled, "The client went away"));
    });
    const answer = new EngineResponse(request, response, aborted.signal);
    serve(request, answer, aborted.signal).catch((error: unknown) => {
      // What is left of the body must be read, or a kept-alive connection takes it for the next request.
      request.resume();
      answer.fail(asEngineError(error));
    });
  };

  async function serve(request: IncomingMessage, answer: EngineResponse, signal: AbortSignal): Promise<void> {
    const path = (request.url ?? "/").split("?", 1)[0];
    if (path === "/ping" || path === "/replicas_status") return answer.text("Ok.\n");
    if (path !== "/") return answer.text(`There is nothing at ${path}. Send queries to /.\n`, 404);
    if (request.method !== "GET" && request.method !== "POST") return answer.text("Use GET or POST.\n", 405);
    const parsed = readRequest(request);
    if (request.method === "GET" && parsed.query === "") return answer.text("Ok.\n");
    if (!equal(parsed.username, options.username) || !equal(parsed.password, options.password)) {
      throw new EngineError(
        codes.authenticationFailed,
        `${parsed.username.slice(0, 60)}: Authentication failed: password is incorrect, or there is no user with such name.`,
      );
    }
    answer.queryId = parsed.queryId ?? randomUUID();
    const body = decoded(request);
    if (parsed.query !== "") {
      const text = parsed.query;
      if (/^[\s(]*insert\b/i.test(text)) {
        const statement = read(text);
        if (statement.kind === "insert") {
          return insert(parsed, statement, Buffer.from(text.slice(statement.dataStart)), body, answer, signal);
        }
      }
      const rest = await readText(body);
      return runText(
        parsed,
        rest.length === 0 ? Buffer.from(text) : Buffer.concat([Buffer.from(`${text}\n`), rest]),
        answer,
        signal,
      );
    }
    return runText(parsed, await readText(body), answer, signal);
  }

  /** The text may hold an INSERT and its rows, in bytes that are no UTF-8: it is read one character a byte. */
  async function runText(
    parsed: EngineRequest,
    text: Buffer,
    answer: EngineResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const statement = read(text.toString("latin1"));
    const utf8 = (part: string) => Buffer.from(part, "latin1").toString("utf8");
    if (statement.kind === "statement")
      return query(parsed, { ...statement, sql: utf8(statement.sql) }, answer, signal);
    const exact = { ...statement, target: utf8(statement.target), settings: utf8(statement.settings) };
    return insert(parsed, exact, text.subarray(statement.dataStart), undefined, answer, signal);
  }

  async function query(
    parsed: EngineRequest,
    statement: PlainStatement,
    answer: EngineResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const format = statement.format ?? parsed.defaultFormat ?? "TabSeparated";
    const leave = await queries.enter(signal);
    try {
      const streams = statement.select && isStreamable(format);
      const session = await options.sessions.open(parsed, statement.select && !streams ? wholeResultLimits : []);
      try {
        answer.format = format;
        if (streams) await answer.stream(session.queryStream(statement.sql, { format, signal }));
        else answer.result(await session.queryAsync(statement.sql, { format }));
      } finally {
        session.close();
      }
    } finally {
      leave();
    }
  }

  async function insert(
    parsed: EngineRequest,
    statement: InsertStatement,
    head: Uint8Array,
    rest: Readable | undefined,
    answer: EngineResponse,
    signal: AbortSignal,
  ): Promise<void> {
    if (parsed.readonly)
      throw new EngineError(codes.readonly, "Cannot execute query in readonly mode: send an INSERT with POST.");
    const body = await writeInsertBody(options.bodyFolder, head, rest, signal);
    try {
      const leave = await inserts.enter(signal);
      try {
        answer.inserted(await runInsert(parsed, statement, body));
      } finally {
        leave();
      }
    } finally {
      await body.remove();
    }
  }

  async function runInsert(
    parsed: EngineRequest,
    statement: InsertStatement,
    body: InsertBody,
  ): Promise<ChdbResult | undefined> {
    if (body.bytes === 0) return undefined;
    const session = await options.sessions.open(parsed);
    try {
      return await session.queryAsync(
        `${statement.target} FROM INFILE '${body.name}' COMPRESSION 'none' ${statement.settings} FORMAT ${statement.format}`,
      );
    } finally {
      session.close();
    }
  }
}

function read(text: string): Statement {
  try {
    return readStatement(text);
  } catch (error) {
    if (error instanceof StatementError)
      throw new EngineError(codes.syntaxError, `Syntax error: ${error.message}.`, error);
    throw error;
  }
}

function decoded(request: IncomingMessage): Readable {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity" || encoding === "") return request;
  const decoder =
    encoding === "gzip"
      ? createGunzip()
      : encoding === "deflate"
        ? createInflate()
        : encoding === "br"
          ? createBrotliDecompress()
          : undefined;
  if (!decoder)
    throw new EngineError(
      codes.badArguments,
      `Content-Encoding ${encoding.slice(0, 30)} is not known here. Send gzip, deflate, br or none.`,
    );
  request.once("error", (error) => decoder.destroy(error));
  return request.pipe(decoder);
}

async function readText(body: Readable): Promise<Buffer> {
  let bytes = 0;
  return buffer(
    Readable.from(
      (async function* () {
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          bytes += chunk.length;
          if (bytes > maxTextBytes) {
            throw new EngineError(
              codes.queryTooLarge,
              `The query is larger than ${maxTextBytes} bytes. Put INSERT … FORMAT … in the URL and only the rows in the body.`,
            );
          }
          yield chunk;
        }
      })(),
    ),
  );
}

function equal(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
