// Builds fields of the model language by name, so that a schema has what the language has, and its checks.
import { DefinitionError, type Fields, t } from "@moose/core";
import { SchemaMistake } from "./schema-mistake.ts";
import type { SchemaPlace } from "./schema-tree.ts";

/** A field whose value type the compiler does not know, since a schema says it. */
export type LanguageField = Fields[string];

type Make = (...values: readonly unknown[]) => LanguageField;
const makers = t as unknown as Readonly<Record<string, Make>>;

/** Whether `t` has the type. */
export const hasLanguageType = (name: string): boolean => Object.hasOwn(t, name);

/** `t.name(...values)`. */
export function languageType(name: string, values: readonly unknown[], place: SchemaPlace): LanguageField {
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make === undefined) {
    throw new SchemaMistake(`This version of the model language has no t.${name}(): choose another type`, place);
  }
  if (values.length > make.length) {
    throw new SchemaMistake(`${name} takes ${make.length === 0 ? "nothing" : make.length} in brackets`, place);
  }
  return withPlace(place, () => make(...values));
}

/** `field.name(...values)`. */
export function modify(
  field: LanguageField,
  name: string,
  values: readonly unknown[],
  place: SchemaPlace,
): LanguageField {
  const method = (field as unknown as Readonly<Record<string, Make | undefined>>)[name];
  if (method === undefined) {
    throw new SchemaMistake(`This version of the model language has no .${name}(): remove it`, place);
  }
  return withPlace(place, () => method.apply(field, [...values]));
}

function withPlace<T>(place: SchemaPlace, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (error instanceof DefinitionError) throw new SchemaMistake(error.message, place);
    throw error;
  }
}
