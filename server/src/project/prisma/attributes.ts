// Reads Prisma's attributes: `@map`, the arguments, and those that cannot be, each with what to do instead.
import { nearestName } from "../../lib/nearest-name.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { Literal, SchemaAttribute } from "./schema-tree.ts";

/** Attributes of Prisma that have no counterpart, and what to do. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  relation: "joins tables, and an event stands alone: put the fields that it needs into the model itself",
  unique: "cannot be kept by a stream of events: remove it",
  updatedAt: "would have the server set a time: send it in the event, or use the column _received_at, which Moose adds",
  index: "has no counterpart, since ClickHouse reads a table in the order of its key: name the fields in @@id",
  fulltext: "has no counterpart in a table of events: remove it",
  schema: "has no counterpart, since Moose chooses the database: remove it",
  shardKey: "has no counterpart: name the field that chooses the partition, as in /// @moose.partitionKey origin",
};

export const findAttribute = (attributes: readonly SchemaAttribute[], name: string): SchemaAttribute | undefined =>
  attributes.find((attribute) => attribute.name === name);

/** Throws SchemaMistake at an attribute that is not in `known`, or stands twice. Those of `@db` are another matter. */
export function refuseOthers(
  attributes: readonly SchemaAttribute[],
  known: readonly string[],
  sign: "@" | "@@",
  owner: string,
): void {
  for (const [index, { name, place }] of attributes.entries()) {
    const isNative = name.startsWith("db.");
    const twice = (other: SchemaAttribute): boolean =>
      other.name === name || (isNative && other.name.startsWith("db."));
    if (attributes.findIndex(twice) < index) {
      throw new SchemaMistake(`${sign}${isNative ? "db" : name} stands here twice: remove one`, place);
    }
    if (known.includes(name) || (isNative && known.includes("db"))) continue;
    const reason = Object.hasOwn(IMPOSSIBLE, name) ? IMPOSSIBLE[name] : undefined;
    if (reason !== undefined) throw new SchemaMistake(`${sign}${name} ${reason}`, place);
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? "remove it" : `did you mean "${sign}${nearest}"?`;
    throw new SchemaMistake(`${sign}${name} is not known for ${owner}: ${hint}`, place);
  }
}

/** The one value in brackets, or the one with `name`. Arguments that only name things in a database may stand beside it. */
export function argumentOf(attribute: SchemaAttribute, name: string): Literal | undefined {
  let value: Literal | undefined;
  for (const argument of attribute.arguments) {
    if (argument.name !== undefined && ["map", "clustered"].includes(argument.name)) continue;
    if (argument.name === "name" && name !== "name") continue;
    if ((argument.name !== undefined && argument.name !== name) || value !== undefined) {
      const written = argument.name === undefined ? "a second value" : `"${argument.name}:"`;
      throw new SchemaMistake(
        `@${attribute.name} has ${written}, which has no counterpart: remove it`,
        attribute.place,
      );
    }
    value = argument.value;
  }
  return value;
}

/** The name in events, in the table and in every API: what `@map` says, or the one in the schema. */
export function mappedName(name: string, attributes: readonly SchemaAttribute[]): string {
  const map = findAttribute(attributes, "map");
  if (map === undefined) return name;
  const value = argumentOf(map, "name");
  if (value?.kind !== "text") throw new SchemaMistake('@map needs a name in quotes, as in @map("page_url")', map.place);
  return value.value;
}

/** Names of fields in a list: `[at, kind]`. */
export function fieldNames(attribute: SchemaAttribute): string[] {
  const value = argumentOf(attribute, "fields");
  const items = value?.kind === "list" ? value.items : [];
  const names = items.map((item) => (item.kind === "word" ? item.name : undefined));
  if (names.length === 0 || names.includes(undefined)) {
    throw new SchemaMistake(
      `@@${attribute.name} needs the names of fields alone, as in @@${attribute.name}([origin, seenAt])`,
      attribute.place,
    );
  }
  return names as string[];
}
