// What a Prisma schema says, with the place of each part: the parser's adapter gives it, the mapping reads it.
import type { SourcePlace } from "../project-error.ts";

export type SchemaPlace = Required<SourcePlace>;

/** The text of one `///` comment. Its place begins where the text does. */
export interface DocLine {
  readonly text: string;
  readonly place: SchemaPlace;
}

/** `true`, a name of an enum value and a name of a field are words. Numbers keep their digits. */
export type Literal =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly digits: string }
  | { readonly kind: "word"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Literal[] }
  | { readonly kind: "call"; readonly name: string };

export interface AttributeArgument {
  readonly name?: string;
  readonly value: Literal;
}

export interface SchemaAttribute {
  /** Without the signs: "id", "db.VarChar". */
  readonly name: string;
  readonly arguments: readonly AttributeArgument[];
  readonly place: SchemaPlace;
}

export interface SchemaField {
  readonly name: string;
  readonly place: SchemaPlace;
  /** As it is written, without `?` and `[]`. */
  readonly type: string;
  readonly typePlace: SchemaPlace;
  readonly list: boolean;
  readonly optional: boolean;
  readonly attributes: readonly SchemaAttribute[];
  readonly docs: readonly DocLine[];
}

/** A `model`, a `view` or a `type` block. */
export interface SchemaBlock {
  readonly kind: "model" | "view" | "type";
  readonly name: string;
  readonly place: SchemaPlace;
  readonly docs: readonly DocLine[];
  readonly fields: readonly SchemaField[];
  readonly attributes: readonly SchemaAttribute[];
}

export interface SchemaEnumValue {
  readonly name: string;
  readonly place: SchemaPlace;
  readonly attributes: readonly SchemaAttribute[];
  readonly docs: readonly DocLine[];
}

export interface SchemaEnum {
  readonly kind: "enum";
  readonly name: string;
  readonly place: SchemaPlace;
  readonly docs: readonly DocLine[];
  readonly values: readonly SchemaEnumValue[];
  readonly attributes: readonly SchemaAttribute[];
}

export interface PrismaSchema {
  readonly blocks: readonly SchemaBlock[];
  readonly enums: readonly SchemaEnum[];
  /** Doc comments that stand above nothing. */
  readonly strayDocs: readonly DocLine[];
}
