// `GET /quarantine`, `GET /quarantine/{id}` and `POST /quarantine/replay`: what the `moose quarantine` command speaks to.
import { MooseError } from "../../model/errors.ts";
import { type QuarantineSource, quarantineSources } from "../../ports/quarantine.ts";
import type { EntryFilter, PageRequest, QuarantineDesk } from "../../ports/quarantine-desk.ts";
import type { Route } from "../http-types.ts";
import { requireJson } from "../require-json.ts";

const MAX_BODY_BYTES = 256 * 1024;
const MAX_IDS = 1_000;
const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;
const idPattern = /^[0-9a-f]{24}$/;

/** Without a desk, in a process that lacks a role for it, they say so. */
export const quarantineRoutes = (desk: QuarantineDesk = noDesk): readonly Route[] => [
  {
    method: "GET",
    path: "/quarantine",
    handler: async (exchange) => {
      const { filter, page } = readList(exchange.query);
      const result = await desk.list(filter, page, exchange.signal);
      exchange.reply(200, "application/json", JSON.stringify(result), [["cache-control", "no-store"]]);
    },
  },
  {
    method: "GET",
    path: "/quarantine/{id}",
    handler: async (exchange, [id]) => {
      const entry = idPattern.test(id!) ? await desk.find(id!, exchange.signal) : undefined;
      if (entry === undefined) throw new MooseError("not_found", `No entry of quarantine has the id "${id}".`);
      exchange.reply(200, "application/json", JSON.stringify(entry), [["cache-control", "no-store"]]);
    },
  },
  {
    method: "POST",
    path: "/quarantine/replay",
    handler: async (exchange) => {
      requireJson(exchange);
      const { ids, dryRun } = readReplay(await exchange.readBody(MAX_BODY_BYTES));
      const results = await desk.replay(ids, { dryRun });
      exchange.reply(200, "application/json", JSON.stringify({ results }), [["cache-control", "no-store"]]);
    },
  },
];

const nowhere = (): never => {
  throw new MooseError("not_found", "This process does not have the roles ingest and query. Ask one that has both.");
};
const noDesk: QuarantineDesk = { list: nowhere, find: nowhere, replay: nowhere };

/** Throws `invalid_parameter` for a parameter that is unknown, given twice or not of its form. */
function readList(query: string): { filter: EntryFilter; page: PageRequest } {
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (!(listParameters as readonly string[]).includes(name)) {
      throw invalid(name, `"${name.slice(0, 100)}" is not a parameter here. There are: ${listParameters.join(", ")}.`);
    }
    if (given.has(name)) throw invalid(name, `${name} is given twice. Give it once.`);
    given.set(name, value);
  }
  const text = (name: string) => (given.has(name) ? { [name]: given.get(name)! } : {});
  const source = oneOf(given, "source", quarantineSources);
  const replayed = oneOf(given, "replayed", ["true", "false"]);
  const sinceMs = timeOf(given, "since");
  const untilMs = timeOf(given, "until");
  const limit = given.get("limit") ?? String(DEFAULT_PAGE);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_PAGE) {
    throw invalid("limit", `limit is "${limit.slice(0, 100)}". Use a number from 1 to ${MAX_PAGE}.`);
  }
  return {
    filter: {
      ...text("model"),
      ...text("code"),
      ...text("by"),
      ...(source === undefined ? {} : { source: source as QuarantineSource }),
      ...(replayed === undefined ? {} : { replayed: replayed === "true" }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(untilMs === undefined ? {} : { untilMs }),
    },
    page: {
      limit: Number(limit),
      order: (oneOf(given, "order", ["newest", "oldest"]) ?? "newest") as PageRequest["order"],
      ...text("after"),
    },
  };
}

const listParameters = [
  "model",
  "source",
  "code",
  "by",
  "since",
  "until",
  "replayed",
  "order",
  "limit",
  "after",
] as const;

function oneOf(given: ReadonlyMap<string, string>, name: string, values: readonly string[]): string | undefined {
  const value = given.get(name);
  if (value !== undefined && !values.includes(value)) {
    throw invalid(name, `${name} is "${value.slice(0, 100)}". Use ${values.join(" or ")}.`);
  }
  return value;
}

function timeOf(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = given.get(name);
  if (value === undefined) return undefined;
  const ms = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw invalid(name, `${name} is "${value.slice(0, 100)}". Use a time such as 2026-01-31T08:00:00Z.`);
  }
  return ms;
}

function readReplay(body: Uint8Array): { ids: string[]; dryRun: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    throw new MooseError("malformed_body", 'The body is not JSON. Send {"ids": ["…"], "dryRun": false}.');
  }
  const { ids, dryRun = false, ...more } = (value ?? {}) as Record<string, unknown>;
  const unknown = Object.keys(more)[0];
  if (unknown !== undefined) throw invalid(unknown, `"${unknown.slice(0, 100)}" is not a member here: ids, dryRun.`);
  if (typeof dryRun !== "boolean") throw invalid("dryRun", "dryRun must be true or false.");
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > MAX_IDS || !ids.every((id) => isId(id))) {
    throw invalid("ids", `ids must be a list of 1 to ${MAX_IDS} ids of entries: 24 hexadecimal digits each.`);
  }
  return { ids: [...new Set(ids as string[])], dryRun };
}

const isId = (value: unknown): boolean => typeof value === "string" && idPattern.test(value);

const invalid = (parameter: string, message: string): MooseError =>
  new MooseError("invalid_parameter", message, { extra: { parameter: parameter.slice(0, 100) } });
