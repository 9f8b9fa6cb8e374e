// What TypeScript knows of a model: the type of what is sent and of what is read.
import type { Fields } from "./field.ts";

type Types<F> = F extends { readonly "~types": infer T } ? T : never;
type PresenceOf<F> = Types<F> extends { readonly presence: infer P } ? P : never;
type InputOf<F> = Types<F> extends { readonly input: infer T } ? T : never;
type StoredOf<F> = Types<F> extends { readonly row: infer R } ? R : never;
type KindOf<F> = Types<F> extends { readonly kind: infer K } ? K : never;
type Show<T> = { [K in keyof T]: T[K] } & {};

type Named<F extends Fields, P> = { [K in keyof F]: PresenceOf<F[K]> extends P ? K : never }[keyof F];

/** Kinds of which an absent value is an empty one. */
type Emptyable = "array" | "map" | "object" | "ring" | "polygon" | "multiPolygon";

/** What a field holds when it is read: null only where the column is Nullable. */
export type RowValue<F> =
  PresenceOf<F> extends "optional" ? (KindOf<F> extends Emptyable ? StoredOf<F> : StoredOf<F> | null) : StoredOf<F>;

export type InputOfFields<F extends Fields> = Show<
  { readonly [K in Named<F, "required">]: InputOf<F[K]> } & {
    readonly [K in Named<F, "optional">]?: InputOf<F[K]> | null | undefined;
  } & { readonly [K in Named<F, "default">]?: InputOf<F[K]> | undefined }
>;

export type RowOfFields<F extends Fields> = Show<{ -readonly [K in keyof F]: RowValue<F[K]> }>;

/** What an application sends. */
export type Infer<M> = M extends { readonly fields: infer F extends Fields } ? InputOfFields<F> : never;

/** What a reader gets: one row of the model's table. */
export type InferRow<M> = M extends { readonly fields: infer F extends Fields } ? RowOfFields<F> : never;

/** Names of the fields whose kind is one of `Kinds`. */
export type FieldsOfKind<F extends Fields, Kinds> = {
  [K in keyof F & string]: KindOf<F[K]> extends Kinds ? K : never;
}[keyof F & string];

export type { KindOf, PresenceOf };
