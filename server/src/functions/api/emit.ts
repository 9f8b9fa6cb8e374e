// `emit()`: one output of a stream function, as the JSON text that goes onto the target's stream.
import { encodeEvent, type Infer, type Model } from "@moose/core";

/** A model itself, or its name where the project defines it in Prisma. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint that every model meets
export type AnyModel = Model<any, string>;
export type ModelOrName = AnyModel | string;

export type NameOf<M> = M extends { readonly name: infer Name extends string } ? Name : M extends string ? M : never;
export type InputFor<M> = M extends string ? Readonly<Record<string, unknown>> : Infer<M>;

/** Made by `emit` only; a function returns these. */
export interface Emitted<Name extends string = string> {
  readonly model: Name;
  /** JSON of the event, without a line break. */
  readonly text: string;
}

/**
 * An event for the stream of `model`. Throws TypeError for what JSON cannot say (NaN, an invalid date, a function); whether the
 * model accepts it, the server decides when the function has returned.
 * @example return emit(DelayedFlight, { flight: event.flight, delay: event.delay });
 */
export function emit<const M extends ModelOrName>(model: M, event: InputFor<M>): Emitted<NameOf<M>> {
  const name = (typeof model === "string" ? model : model.name) as NameOf<M>;
  return { model: name, text: encodeEvent(event as object) };
}
