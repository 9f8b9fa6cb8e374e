// Reads a project's `.prisma` files into definitions beside those of its TypeScript files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelDefinition } from "../project-entry.ts";
import { projectError } from "../project-error.ts";
import { mapSchema } from "./map-schema.ts";
import { parseSchema } from "./parse-schema.ts";
import { SchemaMistake } from "./schema-mistake.ts";

/** `files` are relative to the project. Throws `project_invalid` with the place of the first mistake. */
export function loadPrisma(projectDir: string, files: readonly string[]): ModelDefinition[] {
  try {
    const schemas = files.map((file) => parseSchema(readFileSync(join(projectDir, file), "utf8"), file));
    return mapSchema(schemas).map(({ spec, place }) => ({
      kind: "model",
      file: place.file,
      exportName: spec.name,
      spec,
      place,
    }));
  } catch (error) {
    if (error instanceof SchemaMistake) throw projectError(projectDir, error.message, error.place);
    throw error;
  }
}
