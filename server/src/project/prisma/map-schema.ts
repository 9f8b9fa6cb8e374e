// All models of a project's Prisma files, which together are one schema.
import type { ModelSpec } from "@moose/core";
import { isAnnotation } from "./annotations.ts";
import { findAttribute } from "./attributes.ts";
import { type MappedEnum, mapEnum } from "./map-enum.ts";
import { mapModel } from "./map-model.ts";
import { SchemaMistake } from "./schema-mistake.ts";
import type { PrismaSchema, SchemaBlock, SchemaEnum, SchemaPlace } from "./schema-tree.ts";

export interface PrismaModel {
  readonly spec: ModelSpec;
  readonly place: SchemaPlace;
}

/** Throws SchemaMistake at what cannot be mapped. */
export function mapSchema(schemas: readonly PrismaSchema[]): PrismaModel[] {
  const declared = new Map<string, SchemaBlock | SchemaEnum>();
  const enums = new Map<string, MappedEnum>();
  const blocks = new Map<string, SchemaBlock>();
  for (const declaration of schemas.flatMap((schema) => [...schema.enums, ...schema.blocks])) {
    const { name, place } = declaration;
    const other = declared.get(name);
    if (other !== undefined) {
      const where = `${other.place.file}:${other.place.line}:${other.place.column}`;
      throw new SchemaMistake(
        `${name} is defined twice: the other one stands at ${where}. Remove or rename one`,
        place,
      );
    }
    declared.set(name, declaration);
    if (declaration.kind === "enum") enums.set(name, mapEnum(declaration));
    else blocks.set(name, declaration);
  }
  for (const { text, place } of schemas.flatMap(({ strayDocs }) => strayDocs)) {
    if (isAnnotation(text)) {
      throw new SchemaMistake(`This stands above nothing: move it to the line above a model or a field`, place);
    }
  }
  const models: PrismaModel[] = [];
  for (const block of blocks.values()) {
    if (block.kind === "type" || findAttribute(block.attributes, "ignore") !== undefined) continue;
    if (block.kind === "view") {
      const problem = `${block.name} is a view, which a database computes: write an aggregation, or leave it out with @@ignore`;
      throw new SchemaMistake(problem, block.place);
    }
    models.push({ spec: mapModel(block, { enums, blocks }), place: block.place });
  }
  return models;
}
