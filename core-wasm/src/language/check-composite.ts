// Finds what cannot work in a type that holds others: arrays, maps, objects, shapes of points.
import { childTypes, isComposite } from "./child-types.ts";
import type { FieldSpec, TypeSpec } from "./model-spec.ts";
import { isInteger, MAX_NESTING } from "./type-limits.ts";

/** How the parts are checked. */
interface PartChecks {
  readonly typeProblem: (type: TypeSpec, nesting: number) => string | undefined;
  readonly fieldProblem: (field: FieldSpec, nesting: number) => string | undefined;
}

const KEY_KINDS = ["string", "fixedString", "uuid", "enum", "date", "date16", "dateTime", "dateTime64", "ipv4", "ipv6"];

export function compositeProblem(type: TypeSpec, nesting: number, checks: PartChecks): string | undefined {
  if (nesting > MAX_NESTING) return `types nest deeper than ${MAX_NESTING}: flatten them`;
  if (type.kind === "object") return objectProblem(type.fields, nesting, checks);
  for (const child of childTypes(type)) {
    if (typeof child.type !== "object" || child.type === null) {
      return `a part of its ${type.kind} is no type: write it with t, as in t.string()`;
    }
    if (child.optional === true && isComposite(child.type.kind) && child.type.kind !== "json") {
      return `has ${child.type.kind}s that are optional in its ${type.kind}, which ClickHouse cannot store: remove .optional()`;
    }
    if (child.isKey === true && !isInteger(child.type.kind) && !KEY_KINDS.includes(child.type.kind)) {
      return `a map cannot have keys of type ${child.type.kind}: use a string, an integer, a UUID, an enum, a date, a time or an address`;
    }
    const problem = checks.typeProblem(child.type, nesting + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function objectProblem(fields: readonly FieldSpec[], nesting: number, checks: PartChecks): string | undefined {
  if (fields.length === 0) return "its object has no fields: add at least one";
  const names = new Set<string>();
  for (const field of fields) {
    const { name } = field;
    if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name) || name === "__proto__") {
      return `${JSON.stringify(name)} is not a name: use letters, digits and _, begin with a letter, at most 100 characters`;
    }
    if (names.has(name)) return `"${name}" is defined twice in its object: remove or rename one`;
    names.add(name);
    if (field.key === true || field.codec !== undefined) {
      return `"${name}" in its object has .${field.key === true ? "key" : "codec"}(), which only a field of the model can have`;
    }
    if (typeof field.type !== "object" || field.type === null) {
      return `"${name}" in its object is not a field: write it with t, as in t.string()`;
    }
    const problem = checks.fieldProblem(field, nesting + 1);
    if (problem !== undefined) return `"${name}" in its object: ${problem}`;
  }
  return undefined;
}

/** What `.optional()` cannot mean. */
export function optionalProblem({ optional, type }: FieldSpec): string | undefined {
  if (optional !== true) return undefined;
  if (type.kind === "point") return "is an optional point, and ClickHouse has no NULL for it: remove .optional()";
  if (type.kind !== "object") return undefined;
  const unanswered = type.fields.find((field) => field.optional !== true && field.default === undefined);
  return unanswered === undefined
    ? undefined
    : `is an optional object, and ClickHouse has no NULL for it: give "${unanswered.name}" in it .optional() or .default(), so that an absent object is {}`;
}
