// `POST /ingest/{model}` and `/ingest/{model}/{version}`. Hot path: headers are read once, the reply to all-accepted is one template.
import type { AcceptEvents, AcceptRequest, IngestMode, IngestReply } from "../../ingest/accept-events.ts";
import type { AdmitEvents } from "../../ingest/admit-events.ts";
import { MooseError } from "../../model/errors.ts";
import { parseEventIds } from "../../model/event-ids.ts";
import { type Decompress, knownEncoding } from "../decompress.ts";
import type { HttpExchange, Route } from "../http-types.ts";
import { PROBLEM_TYPE, toProblem } from "../problem.ts";

export interface IngestRouteOptions {
  readonly acceptEvents: AcceptEvents;
  /** Sheds load; absent, everything is taken. */
  readonly admit?: AdmitEvents;
  readonly decompress: Decompress;
  readonly maxBodyBytes: number;
}

const modes: readonly string[] = ["partial", "atomic", "dry-run"] satisfies IngestMode[];
const sensibleKey = /^[!-~]{1,255}$/;

export function ingestRoutes(options: IngestRouteOptions): readonly Route[] {
  const { acceptEvents, admit, decompress, maxBodyBytes } = options;
  const handler = async (exchange: HttpExchange, parameters: readonly string[]): Promise<void> => {
    const format = bodyFormat(exchange.header("content-type"));
    const encoding = knownEncoding(exchange.header("content-encoding"));
    const idempotencyKey = exchange.header("idempotency-key");
    if (idempotencyKey !== "" && !sensibleKey.test(idempotencyKey)) {
      throw new MooseError("invalid_parameter", "Idempotency-Key must be 1 to 255 visible ASCII characters.");
    }
    const idsHeader = exchange.header("moose-event-ids");
    const eventIds = idsHeader === "" ? undefined : parseEventIds(idsHeader);
    const { mode, quarantine } = exchange.query === "" ? byDefault : readQuery(exchange.query);
    // Before the body is read: what is turned away costs no memory.
    admit?.(parameters[0]!);
    const sent = await exchange.readBody(maxBodyBytes);
    const body = encoding === undefined ? sent : await decompress(sent, encoding, maxBodyBytes);
    const request: AcceptRequest = {
      model: parameters[0]!,
      body,
      format,
      mode,
      ...(parameters.length > 1 ? { version: parameters[1]! } : undefined),
      ...(idempotencyKey === "" ? undefined : { idempotencyKey }),
      ...(eventIds === undefined ? undefined : { eventIds }),
      ...(quarantine === undefined ? undefined : { quarantine }),
    };
    answer(exchange, await acceptEvents(request));
  };
  return [
    { method: "POST", path: "/ingest/{model}", handler },
    { method: "POST", path: "/ingest/{model}/{version}", handler },
  ];
}

function answer(exchange: HttpExchange, reply: IngestReply): void {
  if (reply.status === 200) {
    // A position holds no character that JSON escapes.
    const body = `{"accepted":${reply.accepted},"rejected":0,"duplicates":${reply.duplicates},"errors":[],"errorsTruncated":false,"position":"${reply.position}"}`;
    exchange.reply(200, "application/json", body);
    return;
  }
  const { status, ...verdict } = reply;
  if (status === 207) {
    exchange.reply(207, "application/json", JSON.stringify(verdict));
  } else {
    const reason = new MooseError("rows_rejected", `No row was stored: ${reply.rejected} rejected. See errors.`, {
      extra: verdict,
    });
    exchange.reply(status, PROBLEM_TYPE, JSON.stringify(toProblem(reason, exchange.requestId).problem));
  }
}

function bodyFormat(header: string): "json" | "ndjson" {
  // Nearly every request says one of these two, so the parameters are taken apart only for the others.
  if (header === "application/json") return "json";
  if (header === "application/x-ndjson") return "ndjson";
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim().toLowerCase());
  const utf8 = parameters.every((part) => !part.startsWith("charset=") || /^charset="?utf-?8"?$/.test(part));
  if (utf8 && type === "application/json") return "json";
  if (utf8 && type === "application/x-ndjson") return "ndjson";
  const shown = header === "" ? "missing" : `"${header.slice(0, 100)}"`;
  throw new MooseError(
    "unsupported_media_type",
    `The Content-Type is ${shown}. Send application/json or application/x-ndjson, in UTF-8.`,
    { extra: { accepted: ["application/json", "application/x-ndjson"] } },
  );
}

interface IngestQuery {
  readonly mode: IngestMode;
  readonly quarantine?: boolean;
}

const byDefault: IngestQuery = { mode: "partial" };
const parameterValues: Readonly<Record<string, readonly string[]>> = { mode: modes, quarantine: ["true", "false"] };

/** An unknown parameter is refused: who asks for `?dry-run` must not find the events stored. */
function readQuery(query: string): IngestQuery {
  const parameters = new URLSearchParams(query);
  for (const name of parameters.keys()) {
    const values = Object.hasOwn(parameterValues, name) ? parameterValues[name]! : undefined;
    const shown = name.slice(0, 100);
    if (values === undefined) {
      throw new MooseError(
        "invalid_parameter",
        `"${shown}" is not a parameter of an ingest request. There are mode: partial, atomic or dry-run; and quarantine: true or false.`,
        { extra: { parameter: shown } },
      );
    }
    const given = parameters.getAll(name);
    if (given.length > 1 || !values.includes(given[0]!)) {
      const choice = values.join(", ").replace(/, ([^,]*)$/, " or $1");
      throw new MooseError("invalid_parameter", `${name} is "${given.join(", ").slice(0, 100)}". Use ${choice}.`, {
        extra: { parameter: name },
      });
    }
  }
  const quarantine = parameters.get("quarantine");
  return {
    mode: (parameters.get("mode") ?? "partial") as IngestMode,
    ...(quarantine === null ? undefined : { quarantine: quarantine === "true" }),
  };
}
