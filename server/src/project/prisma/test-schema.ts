// For tests: a schema's text as models, or as the mistake in it with its place.
import type { ModelSpec } from "@moose/core";
import { mapSchema } from "./map-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import { SchemaMistake } from "./schema-mistake.ts";

export const modelsOf = (text: string): ModelSpec[] =>
  mapSchema([parseSchema(text, "models/schema.prisma")]).map(({ spec }) => spec);

/** `line:column message`. */
export function mistakeIn(text: string): string {
  try {
    modelsOf(text);
  } catch (error) {
    if (!(error instanceof SchemaMistake)) throw error;
    return `${error.place.line}:${error.place.column} ${error.message}`;
  }
  throw new Error(`no mistake was found in\n${text}`);
}
