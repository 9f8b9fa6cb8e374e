// A Prisma enum as names with their numbers.
import { readDocs } from "./annotations.ts";
import { mappedName, refuseOthers } from "./attributes.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { SchemaEnum } from "./schema-tree.ts";

export interface MappedEnum {
  /** For `t.enum`. */
  readonly numbers: Readonly<Record<string, number>>;
  /** From the name in the schema to the one in events, which `@map` may have changed. */
  readonly names: ReadonlyMap<string, string>;
}

/** Numbers count from 1 in order, unless each value has its `@moose.number`. */
export function mapEnum(source: SchemaEnum): MappedEnum {
  readDocs(source.docs, "enum");
  refuseOthers(source.attributes, ["map"], "@@", "an enum");
  const names = new Map<string, string>();
  const numbers = new Map<string, number>();
  let numbered: boolean | undefined;
  for (const [index, { name, place, attributes, docs }] of source.values.entries()) {
    refuseOthers(attributes, ["map"], "@", "an enum's value");
    const annotation = readDocs(docs, "enum value").annotations.get("number");
    if (numbered !== undefined && numbered !== (annotation !== undefined)) {
      throw new SchemaMistake(`Give each value of ${source.name} its @moose.number, or none`, place);
    }
    numbered = annotation !== undefined;
    if (annotation !== undefined && !/^-?\d{1,5}$/.test(annotation.value)) {
      throw new SchemaMistake(`@moose.number needs a whole number from -32768 to 32767`, annotation.place);
    }
    const mapped = mappedName(name, attributes);
    if (names.has(name) || numbers.has(mapped)) {
      throw new SchemaMistake(`The enum ${source.name} has "${mapped}" twice: remove or rename one`, place);
    }
    names.set(name, mapped);
    numbers.set(mapped, annotation === undefined ? index + 1 : Number(annotation.value));
  }
  if (numbers.size === 0) throw new SchemaMistake(`The enum ${source.name} has no values: add one`, source.place);
  return { names, numbers: Object.fromEntries(numbers) };
}
