// The value of `@default(...)` in its JSON form; functions are refused, each with what to do instead.
import type { JsonValue } from "@moose/core";
import { nearestName } from "../../lib/nearest-name.ts";
import { argumentOf } from "./attributes.ts";
import type { MappedEnum } from "./map-enum.ts";
import type { ScalarType } from "./scalar-types.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { Literal, SchemaAttribute, SchemaPlace } from "./schema-tree.ts";

const IDS =
  "makes an id in the database, and Moose takes the event as it comes: make the id in the app, and remove this";
const FUNCTIONS: Readonly<Record<string, string>> = {
  now: "would have the server set a time: send it in the event, or use the column _received_at, which Moose adds",
  uuid: IDS,
  cuid: IDS,
  ulid: IDS,
  nanoid: IDS,
  auto: IDS,
  autoincrement: "counts rows: use the columns _partition and _offset, which Moose adds and which number every event",
  sequence: "counts rows: use the columns _partition and _offset, which Moose adds and which number every event",
  dbgenerated: "is an expression of another database: write the value itself",
};

export interface DefaultType {
  readonly type: ScalarType | MappedEnum;
  readonly list: boolean;
  /** The language keeps the digits of this type as text. */
  readonly wide: boolean;
}

/** Whether the value fits is for the language to say. Throws SchemaMistake when it is of another kind. */
export function defaultValue(attribute: SchemaAttribute, { type, list, wide }: DefaultType): JsonValue {
  const { place } = attribute;
  const value = argumentOf(attribute, "value");
  if (value === undefined) throw new SchemaMistake("@default needs a value, as in @default(0)", place);
  if (value.kind === "call") {
    const reason = Object.hasOwn(FUNCTIONS, value.name)
      ? FUNCTIONS[value.name]
      : "is not known: write the value itself";
    throw new SchemaMistake(`@default(${value.name}()) ${reason}`, place);
  }
  if (!list) return item(value, type, wide, place);
  if (value.kind !== "list") throw new SchemaMistake("@default of a list is a list, as in @default([])", place);
  return value.items.map((element) => item(element, type, wide, place));
}

function item(value: Literal, type: ScalarType | MappedEnum, wide: boolean, place: SchemaPlace): JsonValue {
  const unfit = (wanted: string): SchemaMistake => new SchemaMistake(`@default must be ${wanted}`, place);
  if (typeof type === "object") {
    if (value.kind !== "word") throw unfit(`one of ${[...type.names.keys()].join(", ")}, without quotes`);
    const name = type.names.get(value.name);
    if (name !== undefined) return name;
    const nearest = nearestName(value.name, type.names.keys());
    const hint = nearest === undefined ? `one of ${[...type.names.keys()].join(", ")}` : `did you mean "${nearest}"?`;
    throw new SchemaMistake(`@default(${value.name}) is not a value of the enum: ${hint}`, place);
  }
  switch (type) {
    case "Boolean":
      if (value.kind === "word" && ["true", "false"].includes(value.name)) return value.name === "true";
      throw unfit("true or false");
    case "Int":
    case "BigInt":
    case "Float":
    case "Decimal":
      if (value.kind === "number") return wide ? value.digits : Number(value.digits);
      throw unfit("a number, without quotes");
    case "Json":
      if (value.kind === "text") return json(value.value, place);
      throw unfit('JSON in quotes, as in @default("{}")');
    default:
      if (value.kind === "text") return value.value;
      throw unfit("a text in quotes");
  }
}

function json(text: string, place: SchemaPlace): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new SchemaMistake(`@default is not JSON: ${(error as Error).message}`, place);
  }
}
