// A field of a Prisma model as a field of the model language.
import { nearestName } from "../../lib/nearest-name.ts";
import { type Annotation, type Docs, numberOf, readDocs, textOf } from "./annotations.ts";
import { argumentOf, findAttribute, mappedName, refuseOthers } from "./attributes.ts";
import { hasLanguageType, type LanguageField, languageType, modify } from "./language-field.ts";
import { defaultValue } from "./map-default.ts";
import type { MappedEnum } from "./map-enum.ts";
import { NATIVE_TYPES, PLAIN_TYPES, POSSIBLE_TYPES, type ScalarType, type TypeCall } from "./scalar-types.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { SchemaAttribute, SchemaBlock, SchemaField } from "./schema-tree.ts";

/** What the names in a schema stand for. */
export interface SchemaNames {
  readonly enums: ReadonlyMap<string, MappedEnum>;
  readonly blocks: ReadonlyMap<string, SchemaBlock>;
}

const isScalar = (type: string): type is ScalarType => Object.hasOwn(PLAIN_TYPES, type);
const BOUNDED = /^(string|u?int\d+|float\d+|decimal)$/;
/** Kinds whose values have more digits than a double holds: the language writes them as text. */
const WIDE = /^(u?int(64|128|256)|decimal)$/;
/** Modifiers of a value, and the kinds of type that have them. */
const VALUE_MODIFIERS = {
  min: BOUNDED,
  max: BOUNDED,
  pattern: /^string$/,
  format: /^string$/,
  epoch: /^dateTime(64)?$/,
} as const;

export interface MappedFields {
  /** By the name in events. */
  readonly fields: ReadonlyMap<string, { readonly source: SchemaField; readonly field: LanguageField }>;
  /** From the name in the schema, which attributes and annotations use, to the one in events. */
  readonly columns: ReadonlyMap<string, string>;
}

/** The fields of a model or an object. `within` are the types that it stands in. Throws SchemaMistake at what cannot be mapped. */
export function mapFields(block: SchemaBlock, names: SchemaNames, within: readonly string[] = []): MappedFields {
  const fields = new Map<string, { readonly source: SchemaField; readonly field: LanguageField }>();
  const columns = new Map<string, string>();
  for (const source of block.fields) {
    if (findAttribute(source.attributes, "ignore") !== undefined) continue;
    const column = mappedName(source.name, source.attributes);
    if (fields.has(column) || columns.has(source.name)) {
      throw new SchemaMistake(`${block.name} has the field ${column} twice: remove or rename one`, source.place);
    }
    fields.set(column, { source, field: mapField(source, names, within) });
    columns.set(source.name, column);
  }
  return { fields, columns };
}

function mapField(source: SchemaField, names: SchemaNames, within: readonly string[]): LanguageField {
  const { name, place, attributes, list, optional } = source;
  refuseRelation(source, names);
  const scalar = isScalar(source.type);
  const block = scalar ? undefined : names.blocks.get(source.type);
  const known = ["id", "map", ...(block === undefined ? ["default"] : []), ...(scalar ? ["db"] : [])];
  refuseOthers(attributes, known, "@", block === undefined ? "a field" : "an object");
  const docs = readDocs(source.docs, "field");
  const typed = docs.annotations.get("type");
  if (typed !== undefined && !scalar) {
    throw new SchemaMistake(`@moose.type is for scalars, and ${source.type} is none: remove it`, typed.place);
  }
  const mappedEnum = names.enums.get(source.type);
  let field =
    block !== undefined
      ? objectField(source, block, names, within)
      : mappedEnum === undefined
        ? scalarField(source, docs)
        : languageType("enum", [mappedEnum.numbers], source.typePlace);
  const { kind } = field.spec.type;
  const wide = WIDE.test(kind);
  for (const [modifier, kinds] of Object.entries(VALUE_MODIFIERS)) {
    const annotation = docs.annotations.get(modifier);
    if (annotation === undefined) continue;
    if (!kinds.test(kind)) {
      throw new SchemaMistake(`@moose.${modifier} has no meaning for ${kind}: remove it`, annotation.place);
    }
    field = modify(field, modifier, [modifierValue(annotation, wide)], annotation.place);
  }
  if (list) field = languageType("array", [field], source.typePlace);
  if (optional) field = modify(field, "optional", [], place);

  const byDefault = findAttribute(attributes, "default");
  if (byDefault !== undefined) {
    if (optional) {
      const problem = `${name} has both ? and @default, so an absent value would mean two things: remove one`;
      throw new SchemaMistake(problem, byDefault.place);
    }
    const type = mappedEnum ?? (source.type as ScalarType);
    field = modify(field, "default", [defaultValue(byDefault, { type, list, wide })], byDefault.place);
  }
  return storedField(field, source, docs);
}

/** What concerns the column. */
function storedField(field: LanguageField, { attributes, place }: SchemaField, docs: Docs): LanguageField {
  const { annotations, description } = docs;
  let stored = field;
  const id = findAttribute(attributes, "id");
  if (id !== undefined) {
    const value = argumentOf(id, "map");
    if (value !== undefined) throw new SchemaMistake("@id takes no value: remove it", id.place);
    stored = modify(stored, "key", [], id.place);
  }
  for (const flag of ["key", "lowCardinality"]) {
    const annotation = annotations.get(flag);
    if (annotation !== undefined) stored = modify(stored, flag, [], annotation.place);
  }
  const codec = annotations.get("codec");
  if (codec !== undefined) stored = modify(stored, "codec", [textOf(codec)], codec.place);
  const pii = annotations.get("pii");
  if (pii !== undefined) stored = modify(stored, "pii", [textOf(pii)], pii.place);
  return description === undefined ? stored : modify(stored, "describe", [description], place);
}

/** A `type` block as an object of its own. */
function objectField(
  { typePlace }: SchemaField,
  block: SchemaBlock,
  names: SchemaNames,
  within: readonly string[],
): LanguageField {
  if (within.includes(block.name)) {
    throw new SchemaMistake(`${block.name} would stand inside itself, without an end: use Json for this`, typePlace);
  }
  refuseOthers(block.attributes, [], "@@", "a type");
  readDocs(block.docs, "type");
  const { fields } = mapFields(block, names, [...within, block.name]);
  return languageType(
    "object",
    [Object.fromEntries([...fields].map(([column, { field }]) => [column, field]))],
    typePlace,
  );
}

function refuseRelation({ name, type, typePlace, attributes }: SchemaField, { blocks, enums }: SchemaNames): void {
  if (isScalar(type) || enums.has(type)) return;
  const block = blocks.get(type);
  if (block?.kind === "type") return;
  if (block === undefined) {
    if (type === "Unsupported") {
      throw new SchemaMistake(`${name} has a type that Prisma does not know either: choose a scalar type`, typePlace);
    }
    const known = [...Object.keys(PLAIN_TYPES), ...enums.keys()];
    const nearest = nearestName(type, known);
    const hint = nearest === undefined ? `known here: ${known.join(", ")}` : `did you mean "${nearest}"?`;
    throw new SchemaMistake(`${type} is not a type: ${hint}`, typePlace);
  }
  const problem = `${name} is a relation to ${type}, and an event stands alone: put the fields of ${type} that it needs into the model, such as its id, and leave this one out with @ignore`;
  throw new SchemaMistake(problem, findAttribute(attributes, "relation")?.place ?? typePlace);
}

function scalarField(source: SchemaField, { annotations }: Docs): LanguageField {
  const scalar = source.type as ScalarType;
  const native = source.attributes.find((attribute) => attribute.name.startsWith("db."));
  const annotation = annotations.get("type");
  if (annotation !== undefined) return annotatedField(scalar, annotation);
  const place = native?.place ?? source.typePlace;
  const call = native === undefined ? PLAIN_TYPES[scalar] : nativeType(scalar, native);
  if (typeof call === "string") {
    throw new SchemaMistake(`${source.name}: ${native === undefined ? scalar : `@${native.name}`} ${call}`, place);
  }
  let field = languageType(call.name, call.arguments ?? [], place);
  if (call.min !== undefined) field = modify(field, "min", [call.min], place);
  if (call.max !== undefined) field = modify(field, "max", [call.max], place);
  return field;
}

function nativeType(scalar: ScalarType, native: SchemaAttribute): TypeCall | string {
  const known = NATIVE_TYPES[scalar];
  const name = native.name.slice("db.".length);
  const type = Object.hasOwn(known, name) ? known[name]! : undefined;
  if (type === undefined) {
    const nearest = nearestName(name, Object.keys(known));
    const hint =
      nearest === undefined ? "remove it, or say the type with @moose.type" : `did you mean "@db.${nearest}"?`;
    return `is not known for ${scalar}: ${hint}`;
  }
  const numbers: number[] = [];
  for (const { value } of native.arguments) {
    // SQL Server's `Max` is no limit at all.
    if (value.kind === "word" && value.name === "Max") continue;
    if (value.kind !== "number") throw new SchemaMistake(`@${native.name} takes numbers only`, native.place);
    numbers.push(Number(value.digits));
  }
  return typeof type === "function" ? type(numbers) : type;
}

/** `@moose.type dateTime64(3, "Europe/Berlin")`. */
function annotatedField(scalar: ScalarType, { value, place }: Annotation): LanguageField {
  const [, name, inside = ""] = /^(\w+)(?:\((.*)\))?$/.exec(value) ?? [];
  const known = POSSIBLE_TYPES[scalar].filter(hasLanguageType);
  if (name === undefined || !known.includes(name)) {
    const nearest = name === undefined ? undefined : nearestName(name, known);
    const list = known.length === 0 ? `a ${scalar} cannot become anything` : `a ${scalar} may be ${known.join(", ")}`;
    const hint = nearest === undefined ? list : `did you mean "${nearest}"?`;
    throw new SchemaMistake(`@moose.type ${value} is not possible here: ${hint}`, place);
  }
  let values: unknown[];
  try {
    values = JSON.parse(`[${inside}]`) as unknown[];
  } catch {
    throw new SchemaMistake(`@moose.type ${value} takes numbers and texts in quotes inside its brackets`, place);
  }
  return languageType(name, values, place);
}

function modifierValue(annotation: Annotation, wide: boolean): string | number {
  if (annotation.name !== "min" && annotation.name !== "max") return textOf(annotation);
  const digits = numberOf(annotation);
  return wide ? digits : Number(digits);
}
