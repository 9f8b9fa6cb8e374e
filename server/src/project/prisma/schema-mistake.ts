// The error of a schema that cannot become models: what is wrong, where, and what to do.
import type { SchemaPlace } from "./schema-tree.ts";

/** Thrown inside this folder only: loading turns it into `project_invalid`. */
export class SchemaMistake extends Error {
  override readonly name = "SchemaMistake";
  readonly place: SchemaPlace;

  constructor(message: string, place: SchemaPlace) {
    super(message);
    this.place = place;
  }
}
