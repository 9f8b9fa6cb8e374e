// A Prisma model as the specification of a model, checked by the language itself.
import { DefinitionError, type ModelOptions, type ModelSpec, model, modelSpec } from "@moose/core";
import { nearestName } from "../../lib/nearest-name.ts";
import { type Annotation, namesOf, readDocs, settingsOf, textOf } from "./annotations.ts";
import { fieldNames, findAttribute, mappedName, refuseOthers } from "./attributes.ts";
import { mapFields, type SchemaNames } from "./map-field.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { SchemaBlock, SchemaPlace } from "./schema-tree.ts";

type Annotations = ReadonlyMap<string, Annotation>;

/** Throws SchemaMistake at what cannot be mapped, or cannot work. */
export function mapModel(source: SchemaBlock, names: SchemaNames): ModelSpec {
  refuseOthers(source.attributes, ["id", "map", "ignore"], "@@", "a model");
  const { description, annotations } = readDocs(source.docs, "model");
  const { fields, columns } = mapFields(source, names);
  const columnOf = (name: string, place: SchemaPlace): string => {
    const column = columns.get(name);
    if (column !== undefined) return column;
    const nearest = nearestName(name, columns.keys());
    const hint =
      nearest === undefined ? `its fields are ${[...columns.keys()].join(", ")}` : `did you mean "${nearest}"?`;
    throw new SchemaMistake(`${source.name} has no field ${name}: ${hint}`, place);
  };
  const options: ModelOptions = {
    ...plainOptions(annotations),
    ...orderOption(source, annotations, columnOf),
    ...(description === undefined ? {} : { description }),
  };
  const built = Object.fromEntries([...fields].map(([column, { field }]) => [column, field]));
  try {
    return modelSpec(
      model(mappedName(source.name, source.attributes), built, partitioned(options, annotations, columnOf)),
    );
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    const wrong = error.field === undefined ? undefined : fields.get(error.field);
    throw new SchemaMistake(
      inPrisma(error.message),
      wrong?.source.place ?? placeOfOption(error.message, annotations) ?? source.place,
    );
  }
}

/** Options that are checked by the language. */
function plainOptions(annotations: Annotations): ModelOptions {
  const options: Record<string, unknown> = {};
  for (const name of ["version", "extra", "partitionBy", "ttl"]) {
    const annotation = annotations.get(name);
    if (annotation !== undefined) options[name] = textOf(annotation);
  }
  const quarantine = annotations.get("quarantine");
  if (quarantine !== undefined) {
    const text = textOf(quarantine);
    options.quarantine = text === "true" || text === "false" ? text === "true" : text;
  }
  const flush = annotations.get("flush");
  if (flush !== undefined) {
    const settings = settingsOf(flush);
    const unknown = [...settings.keys()].find((key) => !["rows", "bytes", "ms"].includes(key));
    if (unknown !== undefined) {
      throw new SchemaMistake(`@moose.flush has no ${unknown}: it knows rows, bytes and ms`, flush.place);
    }
    options.flush = Object.fromEntries(settings);
  }
  return options;
}

type ColumnOf = (name: string, place: SchemaPlace) => string;

/** `@@id` and `@moose.orderBy` both name the order of the table. */
function orderOption(source: SchemaBlock, annotations: Annotations, columnOf: ColumnOf): ModelOptions {
  const id = findAttribute(source.attributes, "id");
  const orderBy = annotations.get("orderBy");
  const single = source.fields.flatMap((field) => findAttribute(field.attributes, "id") ?? []);
  if (single.length > 1) {
    throw new SchemaMistake(`${source.name} has @id twice: name both fields in @@id([…]) instead`, single[1]!.place);
  }
  if (id !== undefined && single.length > 0) {
    throw new SchemaMistake(`${source.name} has both @id and @@id: remove one`, id.place);
  }
  if (id !== undefined && orderBy !== undefined) {
    throw new SchemaMistake("@@id says the order already: remove @moose.orderBy", orderBy.place);
  }
  if (id !== undefined) return { orderBy: fieldNames(id).map((name) => columnOf(name, id.place)) };
  if (orderBy === undefined) return {};
  return { orderBy: namesOf(orderBy).map((name) => columnOf(name, orderBy.place)) };
}

function partitioned(options: ModelOptions, annotations: Annotations, columnOf: ColumnOf): ModelOptions {
  const annotation = annotations.get("partitionKey");
  return annotation === undefined
    ? options
    : { ...options, partitionKey: columnOf(annotation.value, annotation.place) };
}

/** The language speaks of its own modifiers. */
const inPrisma = (message: string): string =>
  message
    .replaceAll(".optional()", '"?"')
    .replaceAll(".default()", "@default")
    .replaceAll(".lowCardinality()", "@moose.lowCardinality");

/** The language names the option that it refuses. */
function placeOfOption(message: string, annotations: Annotations): SchemaPlace | undefined {
  return [...annotations.values()].find(({ name }) => message.includes(name))?.place;
}
