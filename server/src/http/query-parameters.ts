// Reads the URL parameters of a query into its JSON form: `filter.delay.gt=10` becomes `{ filters: { delay: { gt: "10" } } }`.
import { MooseError } from "../model/errors.ts";
import { filterOperators } from "../model/parse-query-request.ts";

/** Objects without a prototype: a dimension may be called `__proto__`. */
type Members = Record<string, unknown>;
const members = (): Members => Object.create(null) as Members;

const MAX_PARAMETERS = 200;
const lists: readonly string[] = ["dimensions", "measures", "orderBy"];
const counts: readonly string[] = ["limit", "offset"];
const listOperators: readonly string[] = ["in", "between"];

/** Throws `invalid_query` naming the parameter. `after` is left to the caller: it is returned apart. */
export function readQueryParameters(query: string): { readonly params: unknown; readonly after: string | undefined } {
  const params = members();
  let after: string | undefined;
  let count = 0;
  for (const [name, value] of new URLSearchParams(query)) {
    if (++count > MAX_PARAMETERS) refuse(name, `A query may have at most ${MAX_PARAMETERS} parameters.`);
    if (name.startsWith("filter.")) addFilter(params, name, value);
    else if (name.startsWith("grain.")) addGrain(params, name, value);
    else if (name === "after") {
      if (after !== undefined) refuse(name, "after is given twice. Give it once.");
      after = value;
    } else {
      if (name in params) refuse(name, `${name} is given twice. Give it once, with commas between values.`);
      params[name] = lists.includes(name) ? splitList(value) : counts.includes(name) ? readCount(name, value) : value;
    }
  }
  return { params, after };
}

const splitList = (value: string): string[] => (value === "" ? [] : value.split(","));

function readCount(name: string, value: string): number {
  if (!/^\d{1,15}$/.test(value))
    refuse(name, `${name} must be an integral number from 0, not "${value.slice(0, 100)}".`);
  return Number(value);
}

/** The last part is an operator when it is the name of one; so a dimension with a dot in its name still works. */
function addFilter(params: Members, name: string, value: string): void {
  const rest = name.slice("filter.".length);
  const dot = rest.lastIndexOf(".");
  const last = rest.slice(dot + 1);
  const isOperator = dot > 0 && (filterOperators as readonly string[]).includes(last);
  const dimension = isOperator ? rest.slice(0, dot) : rest;
  const op = isOperator ? last : "eq";
  if (dimension === "")
    refuse(name, "A filter needs a dimension: filter.{dimension}=value or filter.{dimension}.{operator}=value.");
  params.filters ??= members();
  const filters = params.filters as Members;
  filters[dimension] ??= members();
  const conditions = filters[dimension] as Members;
  if (op in conditions) refuse(name, `${name} is given twice. Use the in operator for several values.`);
  conditions[op] = listOperators.includes(op) ? splitList(value) : value;
}

function addGrain(params: Members, name: string, value: string): void {
  if (typeof params.grain === "string")
    refuse(name, "grain is given for all dimensions and for one. Give one of the two.");
  params.grain ??= members();
  (params.grain as Members)[name.slice("grain.".length)] = value;
}

function refuse(name: string, message: string): never {
  throw new MooseError("invalid_query", message, { extra: { parameter: name } });
}
