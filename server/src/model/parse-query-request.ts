// Reads the JSON form of a query's parameters (`POST /query` body, live `params`) into a QueryRequest; names are checked later.
import { MooseError } from "./errors.ts";
import type { FilterOperator, QueryFilter, QueryRequest } from "./query-request.ts";

export const filterOperators: readonly FilterOperator[] = [
  "eq",
  "neq",
  "in",
  "gt",
  "gte",
  "lt",
  "lte",
  "between",
  "like",
];

const members = ["dimensions", "measures", "filters", "grain", "orderBy", "limit", "offset", "timezone"];

const refuse = (path: string, message: string): never => {
  throw new MooseError("invalid_query", message, { extra: { path } });
};

/** One step of a JSON Pointer. */
const escaped = (name: string): string => name.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");

const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 100);

/**
 * `filters` is dimension → operator → value, or dimension → value for `eq`; `orderBy` is `column` or `-column`.
 * Throws MooseError `invalid_query` with a JSON Pointer in `extra.path`.
 */
export function parseQueryRequest(input: unknown): QueryRequest {
  if (input === undefined || input === null) return {};
  if (typeof input !== "object" || Array.isArray(input))
    return refuse("", `The query must be a JSON object, not ${shown(input)}.`);
  const given = input as Record<string, unknown>;
  for (const name of Object.keys(given)) {
    if (!members.includes(name))
      refuse(`/${escaped(name)}`, `${shown(name)} is not part of a query. A query may have ${members.join(", ")}.`);
  }
  const request: { -readonly [K in keyof QueryRequest]: QueryRequest[K] } = {};
  if (given.dimensions !== undefined) request.dimensions = names(given.dimensions, "/dimensions");
  if (given.measures !== undefined) request.measures = names(given.measures, "/measures");
  if (given.filters !== undefined) request.filters = filters(given.filters);
  if (given.grain !== undefined) request.grain = grains(given.grain);
  if (given.orderBy !== undefined) {
    request.orderBy = names(given.orderBy, "/orderBy").map((text) =>
      text.startsWith("-") ? { column: text.slice(1), direction: "desc" } : { column: text, direction: "asc" },
    );
  }
  if (given.limit !== undefined) request.limit = count(given.limit, "/limit");
  if (given.offset !== undefined) request.offset = count(given.offset, "/offset");
  if (given.timezone !== undefined) {
    if (typeof given.timezone !== "string")
      refuse("/timezone", `timezone must be an IANA name, not ${shown(given.timezone)}.`);
    request.timezone = given.timezone as string;
  }
  return request;
}

function names(value: unknown, path: string): string[] {
  if (!Array.isArray(value) || value.length > 100 || !value.every((item) => typeof item === "string")) {
    return refuse(path, `${path.slice(1)} must be an array of at most 100 strings, not ${shown(value)}.`);
  }
  return value;
}

function count(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    return refuse(path, `${path.slice(1)} must be an integral number from 0, not ${shown(value)}.`);
  }
  return value;
}

function grains(value: unknown): string | Record<string, string> {
  if (typeof value === "string") return value;
  if (
    typeof value !== "object" ||
    value === null ||
    !Object.values(value).every((grain) => typeof grain === "string")
  ) {
    return refuse("/grain", `grain must be a grain, or an object of dimension to grain, not ${shown(value)}.`);
  }
  return { ...(value as Record<string, string>) };
}

function filters(value: unknown): QueryFilter[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("/filters", `filters must be an object of dimension to conditions, not ${shown(value)}.`);
  }
  const found: QueryFilter[] = [];
  for (const [dimension, conditions] of Object.entries(value)) {
    if (typeof conditions !== "object" || conditions === null || Array.isArray(conditions)) {
      found.push({ dimension, op: "eq", value: conditions });
      continue;
    }
    for (const [op, operand] of Object.entries(conditions)) {
      if (!filterOperators.includes(op as FilterOperator)) {
        refuse(
          `/filters/${escaped(dimension)}/${escaped(op)}`,
          `${shown(op)} is not a filter operator. Use one of ${filterOperators.join(", ")}.`,
        );
      }
      found.push({ dimension, op: op as FilterOperator, value: operand });
    }
  }
  if (found.length > 100) refuse("/filters", `A query may have at most 100 filter conditions, not ${found.length}.`);
  return found;
}
