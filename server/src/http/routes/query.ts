// `GET|POST /query/{name}`: from parameters to a QueryRequest, and the reply in the format that `Accept` names.
import { MooseError } from "../../model/errors.ts";
import { parseQueryRequest } from "../../model/parse-query-request.ts";
import { decodePosition, encodePosition, type Position } from "../../model/position.ts";
import type { QueryRequest } from "../../model/query-request.ts";
import type { QueryRunner } from "../../ports/query-runner.ts";
import { type Decompress, knownEncoding } from "../decompress.ts";
import type { HttpExchange, Route } from "../http-types.ts";
import { readQueryParameters } from "../query-parameters.ts";
import { requireJson } from "../require-json.ts";

export interface QueryRouteOptions {
  readonly queries: QueryRunner;
  readonly decompress: Decompress;
}

type StreamFormat = "JSONEachRow" | "CSVWithNames" | "ArrowStream";

/** The parameters of a query, not data. */
const MAX_BODY_BYTES = 1024 * 1024;

const formats: Readonly<Record<string, { readonly type: string; readonly format?: StreamFormat }>> = {
  "application/json": { type: "application/json" },
  "application/x-ndjson": { type: "application/x-ndjson", format: "JSONEachRow" },
  "text/csv": { type: "text/csv; charset=utf-8", format: "CSVWithNames" },
  "application/vnd.apache.arrow.stream": { type: "application/vnd.apache.arrow.stream", format: "ArrowStream" },
};

export function queryRoutes({ queries, decompress }: QueryRouteOptions): readonly Route[] {
  async function answer(
    exchange: HttpExchange,
    name: string,
    accept: string,
    input: { params: unknown; after: unknown },
  ): Promise<void> {
    const request: QueryRequest = parseQueryRequest(input.params);
    const after = readAfter(input.after);
    const options = { signal: exchange.signal, ...(after === undefined ? undefined : { after }) };
    const { type, format } = chooseFormat(accept);
    if (format !== undefined) {
      const { body, position } = await queries.stream(name, request, format, options);
      return exchange.stream(200, type, body, [["x-moose-position", encodePosition(position)]]);
    }
    const { columns, rows, statistics, position } = await queries.run(name, request, options);
    const token = encodePosition(position);
    const body = JSON.stringify({ columns, rows, statistics, position: token });
    exchange.reply(200, type, body, [["x-moose-position", token]]);
  }

  return [
    {
      method: "GET",
      path: "/query/{name}",
      handler: (exchange, [name]) =>
        answer(exchange, name!, exchange.header("accept"), readQueryParameters(exchange.query)),
    },
    {
      method: "POST",
      path: "/query/{name}",
      handler: async (exchange, [name]) => {
        const accept = exchange.header("accept");
        requireJson(exchange);
        const encoding = knownEncoding(exchange.header("content-encoding"));
        const sent = await exchange.readBody(MAX_BODY_BYTES);
        const body = encoding === undefined ? sent : await decompress(sent, encoding, MAX_BODY_BYTES);
        await answer(exchange, name!, accept, readBodyParameters(body));
      },
    },
  ];
}

function readBodyParameters(body: Uint8Array): { params: unknown; after: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new MooseError("malformed_body", "The body of the query is not JSON in UTF-8.", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MooseError("invalid_query", "The body of a query is a JSON object. Send {} for all of it.", {
      extra: { path: "" },
    });
  }
  const { after, ...params } = value as Record<string, unknown>;
  return { params, after };
}

function readAfter(after: unknown): Position | undefined {
  if (after === undefined) return undefined;
  const position = typeof after === "string" ? decodePosition(after) : undefined;
  if (position === undefined) {
    throw new MooseError(
      "invalid_parameter",
      "after is not a position. Send one that an ingest or query reply carried.",
    );
  }
  return position;
}

/** The first format of ours in the order of preference; JSON when none is named, so that a browser's address bar works. */
function chooseFormat(accept: string): (typeof formats)[string] {
  const wanted = accept
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
      const quality = parameters.find((piece) => piece.startsWith("q="));
      return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ type, quality }) => Object.hasOwn(formats, type) && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return formats[wanted[0]?.type ?? "application/json"]!;
}
