// Finds what cannot work in an aggregation, with the names of the fields that would.
import type { AggregationSpec } from "./aggregation-spec.ts";
import { aOrAn, isComposite } from "./child-types.ts";
import { DefinitionError } from "./definition-error.ts";
import type { FieldSpec, ModelSpec } from "./model-spec.ts";
import { isHugeInteger, isInteger } from "./type-limits.ts";

const GRAINS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;

/** Throws DefinitionError on the first thing that cannot work. */
export function checkAggregation(spec: AggregationSpec, model: ModelSpec): void {
  const fail = (problem: string, member?: string): never => {
    throw new DefinitionError(spec.name, member, problem);
  };
  if (!NAME.test(spec.name)) {
    throw new DefinitionError(
      "aggregation",
      undefined,
      `${JSON.stringify(spec.name)} is not a name: use letters, digits and _`,
    );
  }
  if (spec.name === model.name) fail("has the name of its model: both become tables, so choose another");
  if (spec.measures.length === 0) fail("has no measures: add one, such as { events: count() }");
  const fieldOf = (member: string, name: string): FieldSpec => {
    const field = model.fields.find((candidate) => candidate.name === name);
    const known = model.fields.map((candidate) => candidate.name).join(", ");
    return field ?? fail(`"${name}" is not a field of ${model.name}. Fields: ${known}`, member);
  };
  const seen = new Set<string>();
  for (const { name } of [...spec.dimensions, ...spec.measures]) {
    if (!NAME.test(name)) fail("is not a name: use letters, digits and _", name);
    if (seen.has(name)) fail("is both a dimension and a measure: rename one", name);
    seen.add(name);
  }
  for (const { name, field, grain } of spec.dimensions) {
    const { kind } = fieldOf(name, field).type;
    if (isComposite(kind)) fail(`"${field}" is ${aOrAn(kind)}, which cannot be a dimension`, name);
    if (grain === undefined) continue;
    if (!GRAINS.includes(grain)) fail(`grain "${grain}" is not one of ${GRAINS.join(", ")}`, name);
    if (!isTime(kind)) fail(`time() needs a date or time field, and "${field}" is ${kind}`, name);
    if (kind.startsWith("date") && !kind.startsWith("dateTime") && ["second", "minute", "hour"].includes(grain)) {
      fail(`"${field}" is a ${kind}, which has no ${grain}: choose day or coarser`, name);
    }
  }
  for (const { name, fn, field } of spec.measures) {
    if (fn === "count") continue;
    if (field === undefined) fail(`${fn}() needs a field`, name);
    const { kind } = fieldOf(name, field as string).type;
    if (
      (fn === "sum" || fn === "avg") &&
      !(isInteger(kind) && !isHugeInteger(kind)) &&
      kind !== "float32" &&
      kind !== "float64"
    ) {
      fail(`${fn}() needs a number of at most 64 bits, and "${field}" is ${kind}`, name);
    }
    if (isComposite(kind)) fail(`"${field}" is ${aOrAn(kind)}, which has no ${fn}`, name);
  }
}

const isTime = (kind: string): boolean =>
  kind === "date" || kind === "date16" || kind === "dateTime" || kind === "dateTime64";
