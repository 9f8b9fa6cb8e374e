// One HTTP request in ClickHouse's terms: credentials, query text, settings, bound parameters. Pure.
import type { IncomingMessage } from "node:http";
import { codes, EngineError } from "./engine-error.ts";

export interface EngineRequest {
  readonly username: string;
  readonly password: string;
  /** From the URL; the body may add to it. */
  readonly query: string;
  readonly database: string | undefined;
  readonly defaultFormat: string | undefined;
  readonly queryId: string | undefined;
  readonly params: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly readonly: boolean;
}

const ignored = new Set([
  "user",
  "password",
  "query",
  "query_id",
  "database",
  "default_format",
  "quota_key",
  "role",
  "client_protocol_version",
  "stacktrace",
  "session_timeout",
  "session_check",
  "buffer_size",
  "wait_end_of_query",
]);
const settingName = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/** Throws EngineError on what cannot be served. */
export function readRequest(request: IncomingMessage): EngineRequest {
  const url = new URL(request.url ?? "/", "http://engine");
  const search = url.searchParams;
  const params = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [name, value] of search) {
    if (name.startsWith("param_")) params.set(checkName(name.slice(6)), value);
    else if (name === "session_id") {
      throw new EngineError(
        codes.notImplemented,
        "The embedded engine has no HTTP sessions. Send the request without session_id.",
      );
    } else if (name === "compress" || name === "decompress") {
      if (value !== "0")
        throw new EngineError(
          codes.notImplemented,
          `The embedded engine does not speak ClickHouse's own block compression. Leave ${name} out; Accept-Encoding: gzip works.`,
        );
    } else if (!ignored.has(name)) settings.set(checkName(name), value);
  }
  const credentials = readCredentials(request, search);
  return {
    ...credentials,
    query: search.get("query") ?? "",
    database: search.get("database") ?? header(request, "x-clickhouse-database"),
    defaultFormat: search.get("default_format") ?? header(request, "x-clickhouse-format"),
    queryId: search.get("query_id") ?? undefined,
    params,
    settings,
    // As in ClickHouse: a GET changes nothing.
    readonly: request.method === "GET",
  };
}

function checkName(name: string): string {
  if (settingName.test(name)) return name;
  throw new EngineError(codes.badArguments, `\`${name.slice(0, 60)}\` is not a name of a setting or parameter`);
}

function readCredentials(request: IncomingMessage, search: URLSearchParams): { username: string; password: string } {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, "base64").toString("utf8");
    const colon = text.indexOf(":");
    if (colon >= 0) return { username: text.slice(0, colon), password: text.slice(colon + 1) };
  }
  return {
    username: header(request, "x-clickhouse-user") ?? search.get("user") ?? "default",
    password: header(request, "x-clickhouse-key") ?? search.get("password") ?? "",
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
