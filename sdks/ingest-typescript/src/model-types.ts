// How the types of `send` follow from the models that a client was created with.
import type { Fields, Infer, Model, ModelSpec } from "@moose/core";

/** A model as `moose generate sdk` writes it: compiled, for apps that do not share the models' source. No compiler is loaded for it. */
export interface CompiledModel<Event = unknown, Name extends string = string> {
  readonly name: Name;
  readonly version: string;
  readonly schemaId: string;
  /** Base64 of the compiled program. */
  readonly program: string;
  /** Names of its fields: `context` is added to those alone. */
  readonly fields?: readonly string[];
  /** For the compiler only: never set. */
  readonly "~event"?: Event;
}

export type AnyModel = Model<Fields> | CompiledModel;

type NameOf<M> = M extends { readonly name: infer N extends string } ? N : never;

/** A model of the client, or its name. */
export type ModelRef<M extends readonly AnyModel[]> = M[number] | NameOf<M[number]>;

type ModelNamed<M extends readonly AnyModel[], N> = Extract<M[number], { readonly name: N }>;

type EventOfModel<M> = M extends Model<Fields> ? Infer<M> : M extends CompiledModel<infer E> ? E : never;

/** What an event of that model looks like to its sender. */
export type EventOf<M extends readonly AnyModel[], R extends ModelRef<M>> = R extends string
  ? EventOfModel<ModelNamed<M, R>>
  : EventOfModel<R>;

/** The same where the client adds the fields of its context: they may be left out. */
export type SentEvent<E, C> = keyof C & keyof E extends never
  ? E
  : Omit<E, keyof C & keyof E> & Partial<Pick<E, keyof C & keyof E>>;

/** What a model says of itself under the brand of @moose/core, which every copy of it shares. Reading it here keeps the language and its compiler out of the bundle. */
const BRAND = Symbol.for("moose.model");

/** Undefined for one that was compiled before. */
export function specOf(model: AnyModel): ModelSpec | undefined {
  return (model as { readonly [BRAND]?: ModelSpec })[BRAND];
}

/** Names of the fields that a model declares; undefined when that is not known. */
export function fieldNames(model: AnyModel): ReadonlySet<string> | undefined {
  const names = specOf(model)?.fields.map(({ name }) => name) ?? (model as CompiledModel).fields;
  return names && new Set(names);
}
