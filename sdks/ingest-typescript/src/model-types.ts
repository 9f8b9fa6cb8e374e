// How the types of `send` follow from the models that a client was created with.
import type { Fields, Infer, Model } from "@moose/core";

export type AnyModel = Model<Fields>;

type NameOf<M> = M extends { readonly name: infer N extends string } ? N : never;

/** A model of the client, or its name. */
export type ModelRef<M extends readonly AnyModel[]> = M[number] | NameOf<M[number]>;

type ModelNamed<M extends readonly AnyModel[], N> = Extract<M[number], { readonly name: N }>;

/** What an event of that model looks like to its sender. */
export type EventOf<M extends readonly AnyModel[], R extends ModelRef<M>> = R extends string
  ? Infer<ModelNamed<M, R>>
  : R extends AnyModel
    ? Infer<R>
    : never;
