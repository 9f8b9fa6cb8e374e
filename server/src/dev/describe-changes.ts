// What changed between two manifests, in sentences for the live log.
import type { AggregationSpec, FieldSpec, ModelSpec } from "@moose/core";
import type { LoadedFunction } from "../model/function-spec.ts";
import type { Manifest } from "../model/manifest.ts";

/** Empty when both say the same. */
export function describeChanges(before: Manifest, after: Manifest): string[] {
  return [
    ...compare(before.models, after.models, "model", describeModel),
    ...compare(before.aggregations, after.aggregations, "aggregation", describeAggregation),
    ...compare(named(before.functions), named(after.functions), "function", describeFunction),
  ];
}

interface NamedFunction extends Pick<LoadedFunction, "digest" | "spec"> {
  readonly name: string;
}

const named = (functions: readonly LoadedFunction[] = []): NamedFunction[] =>
  functions.map(({ spec, digest }) => ({ name: spec.name, spec, digest }));

function describeFunction(before: NamedFunction, after: NamedFunction): string[] {
  const options = changedKeys(before.spec, after.spec);
  return options.length === 0 ? ["new code"] : options.map((option) => `changed ${option}`);
}

function compare<Spec extends { readonly name: string }>(
  before: readonly Spec[],
  after: readonly Spec[],
  kind: string,
  describe: (before: Spec, after: Spec) => string[],
): string[] {
  const changes: string[] = [];
  const earlier = new Map(before.map((spec) => [spec.name, spec]));
  for (const spec of after) {
    const old = earlier.get(spec.name);
    earlier.delete(spec.name);
    if (old === undefined) changes.push(`${spec.name}: new ${kind}`);
    else if (!same(old, spec)) changes.push(`${spec.name}: ${describe(old, spec).join(", ")}`);
  }
  for (const name of earlier.keys())
    changes.push(`${name}: ${kind} removed${kind === "model" ? "; its table stays" : ""}`);
  return changes;
}

function describeModel(before: ModelSpec, after: ModelSpec): string[] {
  const { fields: oldFields, ...oldOptions } = before;
  const { fields: newFields, ...newOptions } = after;
  const changes = describeMembers(oldFields, newFields, "field", fieldType);
  changes.push(...changedKeys(oldOptions, newOptions).map((option) => `changed ${option}`));
  return changes.length > 0 ? changes : ["fields in another order"];
}

function describeAggregation(before: AggregationSpec, after: AggregationSpec): string[] {
  const { dimensions: oldDimensions, measures: oldMeasures, ...oldRest } = before;
  const { dimensions, measures, ...rest } = after;
  const changes = [
    ...describeMembers(oldDimensions, dimensions, "dimension", () => ""),
    ...describeMembers(oldMeasures, measures, "measure", () => ""),
    ...changedKeys(oldRest, rest).map((option) => `changed ${option}`),
  ];
  return changes.length > 0 ? changes : ["parts in another order"];
}

function describeMembers<Member extends { readonly name: string }>(
  before: readonly Member[],
  after: readonly Member[],
  kind: string,
  typeOf: (member: Member) => string,
): string[] {
  const old = new Map(before.map((member) => [member.name, member]));
  const present = new Set(after.map(({ name }) => name));
  const added = after.filter(({ name }) => !old.has(name)).map(({ name }) => `added ${kind} ${name}`);
  const removed = before.filter(({ name }) => !present.has(name)).map(({ name }) => `removed ${kind} ${name}`);
  const changed = after.flatMap((member) => {
    const earlier = old.get(member.name);
    if (earlier === undefined || same(earlier, member)) return [];
    const [from, to] = [typeOf(earlier), typeOf(member)];
    return [from === to ? `changed ${kind} ${member.name}` : `${kind} ${member.name} is ${to} now, not ${from}`];
  });
  return [...added, ...removed, ...changed];
}

function fieldType({ type, optional }: FieldSpec): string {
  const name =
    type.kind === "array"
      ? `array of ${type.element.kind}`
      : type.kind === "map"
        ? `map of ${type.key.kind} to ${type.value.kind}`
        : type.kind;
  return optional ? `optional ${name}` : name;
}

function changedKeys(before: object, after: object): string[] {
  const old = before as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => !same(old[key], now[key]));
}

// Both sides come from the same builder, so equal specs have their keys in the same order.
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
