// Finds what a user would want to know of a model at the moment it is defined.
import { fieldProblem } from "./check-field.ts";
import { aOrAn, isComposite } from "./child-types.ts";
import { DefinitionError } from "./definition-error.ts";
import type { ModelSpec } from "./model-spec.ts";

/** Columns that the table writer adds. */
export const RESERVED_COLUMNS = ["_partition", "_offset", "_received_at", "_extra"] as const;

const MAX_FIELDS = 1000;

/** A name that begins with "_" belongs to a model of Moose itself; `model()` gives none. */
const modelName = /^_?[A-Za-z][A-Za-z0-9_]{0,99}$/;

/** Throws DefinitionError on the first thing that cannot work. */
export function checkModel(spec: ModelSpec): void {
  const fail = (problem: string, field?: string): never => {
    throw new DefinitionError(spec.name, field, problem);
  };
  if (typeof spec.name !== "string" || !modelName.test(spec.name)) {
    throw new DefinitionError("model", undefined, nameProblem(spec.name));
  }
  if (typeof spec.version !== "string" || !/^\d{1,9}(\.\d{1,9}){0,3}$/.test(spec.version)) {
    fail(`version ${JSON.stringify(spec.version)} is not made of digits and dots: write it as "1.0"`);
  }
  if (spec.extra !== "reject" && spec.extra !== "drop" && spec.extra !== "keep") {
    fail(`extra is ${JSON.stringify(spec.extra)}: choose "reject", "drop" or "keep"`);
  }
  if (spec.fields.length === 0) fail("has no fields: add at least one");
  if (spec.fields.length > MAX_FIELDS) fail(`has ${spec.fields.length} fields: at most ${MAX_FIELDS} are possible`);
  const names = new Set<string>();
  for (const field of spec.fields) {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(field.name) || field.name === "__proto__") {
      fail(nameProblem(field.name), field.name);
    }
    if ((RESERVED_COLUMNS as readonly string[]).includes(field.name)) {
      fail("this name belongs to Moose, which adds the column itself: choose another", field.name);
    }
    if (names.has(field.name)) fail("is defined twice: remove or rename one", field.name);
    names.add(field.name);
    const problem = fieldProblem(field);
    if (problem !== undefined) fail(problem, field.name);
  }
  const mustExist = (option: string, name: string): void => {
    if (!names.has(name)) fail(`${option} names "${name}", which is not a field. Fields: ${[...names].join(", ")}`);
  };
  const ordered = new Set<string>();
  for (const name of spec.orderBy ?? []) {
    mustExist("orderBy", name);
    if (ordered.has(name)) fail(`orderBy names "${name}" twice: remove one`);
    ordered.add(name);
  }
  for (const field of spec.fields) {
    if (
      (field.key === true || ordered.has(field.name)) &&
      isComposite(field.type.kind) &&
      field.type.kind !== "array"
    ) {
      fail(`is ${aOrAn(field.type.kind)}, which ClickHouse cannot order by: take it out of the key`, field.name);
    }
    if (field.optional === true && (field.key === true || ordered.has(field.name))) {
      fail(
        "is optional, and ClickHouse cannot order by NULL: remove .optional(), or take it out of the key",
        field.name,
      );
    }
  }
  if (spec.partitionKey !== undefined) {
    mustExist("partitionKey", spec.partitionKey);
    const field = spec.fields.find((candidate) => candidate.name === spec.partitionKey);
    if (field !== undefined && isComposite(field.type.kind)) {
      fail(`partitionKey "${field.name}" is ${aOrAn(field.type.kind)}: choose a scalar field`);
    }
  }
  for (const [name, value] of Object.entries(spec.flush ?? {})) {
    if (!Number.isInteger(value) || value < 1) fail(`flush.${name} is ${value}: it must be a whole number above 0`);
  }
  if (spec.quarantine !== undefined && typeof spec.quarantine !== "boolean") {
    fail(`quarantine is ${JSON.stringify(spec.quarantine)}: choose true or false`);
  }
}

export function nameProblem(name: unknown): string {
  return `${JSON.stringify(name)} is not a name: use letters, digits and _, begin with a letter, at most 100 characters`;
}
