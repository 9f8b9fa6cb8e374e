// Checks a project's stream functions against its models, and binds what they only name.
import type { FieldSpec, ModelSpec } from "@moose/core";
import { nearestName } from "../lib/nearest-name.ts";
import type { FunctionSpec, ModelRef } from "../model/function-spec.ts";
import type { FunctionDefinition } from "./project-entry.ts";
import { placeOf, projectError, type SourcePlace } from "./project-error.ts";

const timeKinds = ["dateTime", "dateTime64", "date", "date16", "int64", "uint64"];

/** In the order of the definitions. Throws `project_invalid` at the function that is wrong. */
export function checkFunctions(
  projectDir: string,
  functions: readonly FunctionDefinition[],
  models: readonly ModelSpec[],
): FunctionSpec[] {
  const byName = new Map<string, FunctionDefinition>();
  return functions.map((definition) => {
    const { spec } = definition;
    const fail = (message: string, text?: string) =>
      projectError(projectDir, message, placeOfFunction(projectDir, definition, text));
    if (!/^[A-Za-z][\w-]{0,99}$/.test(spec.name)) {
      throw fail(`"${spec.name}" is no name for a stream function: give it one with the option "name"`);
    }
    const other = byName.get(spec.name);
    if (other !== undefined) {
      throw fail(
        `The function ${spec.name} is defined twice: the other one stands in ${other.file}. Give one another name`,
      );
    }
    byName.set(spec.name, definition);
    const bind = (reference: ModelRef, option: string): ModelRef => {
      const model = models.find(({ name }) => name === reference.model);
      if (model === undefined) throw fail(describeMissing(spec.name, reference.model, option, models), reference.model);
      if (reference.version !== "" && reference.version !== model.version) {
        const { model: name, version } = reference;
        throw fail(
          `${spec.name} names ${name} ${version}, but the project exports ${name} ${model.version}: import that one`,
          name,
        );
      }
      return { model: model.name, version: model.version };
    };
    const bound = {
      ...spec,
      from: spec.from.map((reference) => bind(reference, "from")),
      to: spec.to.map((reference) => bind(reference, "to")),
    };
    const problem = stateProblem(bound, models) ?? windowProblem(bound, models);
    if (problem !== undefined) throw fail(problem);
    return bound;
  });
}

/** A key's events have to come from one partition, or its state would be spread over several. */
function stateProblem({ name, mode, from }: FunctionSpec, models: readonly ModelSpec[]): string | undefined {
  if (mode !== "state" && mode !== "window") return undefined;
  if (from.length !== 1) return `${name} keeps a state, so it reads one model: "from" names ${from.length}`;
  const source = modelOf(from[0]!, models);
  if (source.partitionKey !== undefined) return undefined;
  return `${name} keeps a state for each key of ${source.name}, but that model has none: give it a partitionKey, as model("${source.name}", { … }, { partitionKey: "…" })`;
}

function windowProblem({ name, from, window }: FunctionSpec, models: readonly ModelSpec[]): string | undefined {
  if (window === undefined) return undefined;
  const { eventTime } = window;
  const source = modelOf(from[0]!, models);
  const field = source.fields.find((candidate) => candidate.name === eventTime);
  if (field === undefined) {
    const nearest = nearestName(
      eventTime,
      source.fields.map((candidate) => candidate.name),
    );
    const hint = nearest === undefined ? "" : `: did you mean "${nearest}"?`;
    return `${name} takes its event time from "${eventTime}", which ${source.name} does not have${hint}`;
  }
  if (timeKinds.includes(field.type.kind)) return undefined;
  return `${name} takes its event time from "${eventTime}", which is no time but ${kindOf(field)}`;
}

const modelOf = (reference: ModelRef, models: readonly ModelSpec[]): ModelSpec =>
  models.find(({ name }) => name === reference.model)!;

const kindOf = ({ type }: FieldSpec): string => `of type ${type.kind}`;

function describeMissing(name: string, model: string, option: string, models: readonly ModelSpec[]): string {
  const known = models.map((candidate) => candidate.name);
  const nearest = nearestName(model, known);
  const hint = nearest === undefined ? `the project has ${known.join(", ") || "none"}` : `did you mean "${nearest}"?`;
  return `${name} names the model ${model} in "${option}", which no file under models/ exports: ${hint}`;
}

function placeOfFunction(
  projectDir: string,
  { file, place }: FunctionDefinition,
  text: string | undefined,
): SourcePlace {
  return place ?? placeOf(projectDir, file, text ?? (file.endsWith(".py") ? "@" : "unction("));
}
