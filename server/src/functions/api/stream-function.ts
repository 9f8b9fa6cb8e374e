// `streamFunction()` and its stateful kin: what a project writes in `functions/`. Light: a project's code imports it.
import { type InferRow, isModel, modelSpec } from "@moose/core";
import {
  type FunctionLimits,
  type FunctionMode,
  type FunctionSpec,
  functionLimitRanges,
  type ModelRef,
  type WindowShape,
  type WindowSpec,
} from "../../model/function-spec.ts";
import { type Duration, durationMs } from "./duration.ts";
import type { AnyModel, Emitted, ModelOrName, NameOf } from "./emit.ts";
import type {
  BatchContext,
  ClosedWindow,
  FunctionContext,
  FunctionLog,
  StateContext,
  WindowContext,
} from "./function-context.ts";

const brand: unique symbol = Symbol.for("moose.stream-function") as never;

export type Source = ModelOrName | readonly ModelOrName[];
/** One event as it is read: 64-bit integers are bigint, decimals text, times RFC 3339 text in UTC, absent optional fields null. */
export type EventOf<From> = From extends readonly (infer M)[] ? RowOf<M> : RowOf<From>;
// biome-ignore lint/suspicious/noExplicitAny: of a model that is only named nothing is known
type RowOf<M> = M extends AnyModel ? InferRow<M> : Record<string, any>;
type EmittedTo<To extends readonly ModelOrName[]> = Emitted<NameOf<To[number]>>;
/** None, one or many; outputs keep the order of their events. */
export type Outputs<To extends readonly ModelOrName[]> =
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing emits nothing
  void | null | undefined | EmittedTo<To> | Iterable<EmittedTo<To>>;
type Result<To extends readonly ModelOrName[]> = Outputs<To> | Promise<Outputs<To>>;

interface CommonOptions<From, To extends readonly ModelOrName[]> extends Partial<FunctionLimits> {
  /** Name in metrics, logs and the consumer group; default: the file's, or the export's. */
  readonly name?: string;
  readonly from: From;
  /** The models whose events the function may emit. */
  readonly to?: To;
  /** Where a function that has never run begins: with the first event that is still in the stream (default), or with the next one. */
  readonly startAt?: "first" | "next";
}

export interface EventFunctionOptions<From extends Source, To extends readonly ModelOrName[]>
  extends CommonOptions<From, To> {
  /** Called for each event. What it throws is tried again `retries` times; then the event goes to quarantine. */
  run(event: EventOf<From>, context: FunctionContext): Result<To>;
}

export interface BatchFunctionOptions<From extends Source, To extends readonly ModelOrName[]>
  extends CommonOptions<From, To> {
  /** Called for up to `batchRows` events at once. When it keeps throwing, the batch is halved until the event that is to blame stands alone. */
  runBatch(events: EventOf<From>[], context: BatchContext): Result<To>;
}

export interface StatefulFunctionOptions<From extends ModelOrName, To extends readonly ModelOrName[], S>
  extends Omit<CommonOptions<From, To>, "concurrency"> {
  /** A new key's state: a plain JSON value. Keys are those of the source model's `partitionKey`. */
  state(): S;
  run(event: EventOf<From>, context: StateContext<S>): Result<To>;
}

export interface WindowFunctionOptions<From extends ModelOrName, To extends readonly ModelOrName[], S>
  extends Omit<CommonOptions<From, To>, "concurrency"> {
  readonly window: WindowShape;
  /** The field that says when the event happened. */
  readonly eventTime: keyof EventOf<From> & string;
  /** A window closes when an event this much later than its end has come. Default "0s". */
  readonly allowedLateness?: Duration;
  /** An event whose windows have all closed. Default "quarantine". */
  readonly late?: "quarantine" | "drop";
  /** Closes windows by the clock when no event comes for so long. Default: windows wait for the next event. */
  readonly idleAfter?: Duration;
  state(): S;
  /** Adds one event to the state of one window; called for each window that the event lies in. Emits nothing. */
  add(event: EventOf<From>, context: WindowContext<S>): void | Promise<void>;
  /** Joins the states of two sessions of a key. Needed for session windows only. */
  merge?(earlier: S, later: S): S;
  /** Called once for each window when it closes. */
  close(window: ClosedWindow<S>, context: { readonly log: FunctionLog }): Result<To>;
}

/** What the runtime calls; types are checked where the function is written. */
export interface FunctionBody {
  readonly run?: (event: unknown, context: unknown) => unknown;
  readonly runBatch?: (events: unknown[], context: unknown) => unknown;
  readonly state?: () => unknown;
  readonly add?: (event: unknown, context: unknown) => unknown;
  readonly merge?: (earlier: unknown, later: unknown) => unknown;
  readonly close?: (window: unknown, context: unknown) => unknown;
}

/** Type parameters are for tests that run it: see `@moose/server/testing`. */
export interface StreamFunction<
  From extends Source = Source,
  To extends readonly ModelOrName[] = readonly ModelOrName[],
> {
  readonly from: From;
  readonly to: To;
  readonly [brand]: { readonly spec: FunctionSpec; readonly body: FunctionBody };
}

/**
 * A function of one event, or of a batch of events, to events of other models.
 * @example export default streamFunction({ from: Flight, to: [DelayedFlight], run: (flight) => flight.delay > 60 ? emit(DelayedFlight, …) : null })
 */
export function streamFunction<const From extends Source, const To extends readonly ModelOrName[] = []>(
  options: EventFunctionOptions<From, To> | BatchFunctionOptions<From, To>,
): StreamFunction<From, To> {
  const mode = "runBatch" in options ? "batch" : "event";
  return define(mode, options, mode === "batch" ? ["runBatch"] : ["run"]);
}

/** Keeps a state for each key of the source's `partitionKey`; a key's events come one after the other. */
export function statefulFunction<const From extends ModelOrName, S, const To extends readonly ModelOrName[] = []>(
  options: StatefulFunctionOptions<From, To, S>,
): StreamFunction<From, To> {
  return define("state", options, ["state", "run"]);
}

/** Gathers a key's events in windows over event time, and emits when a window closes. */
export function windowFunction<const From extends ModelOrName, S, const To extends readonly ModelOrName[] = []>(
  options: WindowFunctionOptions<From, To, S>,
): StreamFunction<From, To> {
  const { window: shape, eventTime, allowedLateness = "0s", late = "quarantine", idleAfter } = options;
  const needed = shape.kind === "session" ? ["state", "add", "merge", "close"] : ["state", "add", "close"];
  return define("window", options, needed, {
    shape,
    eventTime,
    allowedLatenessMs: durationMs("allowedLateness", allowedLateness),
    late,
    ...(idleAfter === undefined ? {} : { idleAfterMs: durationMs("idleAfter", idleAfter) }),
  });
}

export function isStreamFunction(value: unknown): value is StreamFunction {
  return typeof value === "object" && value !== null && brand in value;
}

/** `name` counts where the function has none of its own. */
export function functionSpec(value: StreamFunction, name: string): FunctionSpec {
  const { spec } = value[brand];
  return spec.name === "" ? { ...spec, name } : spec;
}

export const functionBody = (value: StreamFunction): FunctionBody => value[brand].body;

function define<From extends Source, To extends readonly ModelOrName[]>(
  mode: FunctionMode,
  options: CommonOptions<From, To> | Omit<CommonOptions<From, To>, "concurrency">,
  needed: readonly string[],
  window?: WindowSpec,
): StreamFunction<From, To> {
  const given = options as CommonOptions<From, To> & FunctionBody;
  const { name = "", from, to = [] as unknown as To, startAt = "first" } = given;
  if (name !== "" && !/^[A-Za-z][\w-]{0,99}$/.test(name)) {
    throw new TypeError(
      `"${name}" is no name for a stream function: letters, digits, "_" and "-", beginning with a letter`,
    );
  }
  for (const member of needed) {
    if (typeof given[member as keyof typeof given] !== "function") {
      throw new TypeError(`a stream function${name === "" ? "" : ` (${name})`} needs the function "${member}"`);
    }
  }
  const sources = (Array.isArray(from) ? from : [from]) as readonly ModelOrName[];
  if (sources.length === 0)
    throw new TypeError('"from" names no model: a stream function reads the events of at least one');
  const spec: FunctionSpec = {
    name,
    language: "typescript",
    mode,
    from: sources.map((source) => reference("from", source)),
    to: to.map((target) => reference("to", target)),
    limits: limitsOf(given),
    startAt,
    ...(window === undefined ? {} : { window }),
  };
  return { from, to, [brand]: { spec, body: given } };
}

function reference(option: string, value: ModelOrName): ModelRef {
  if (typeof value === "string") return { model: value, version: "" };
  if (!isModel(value))
    throw new TypeError(`"${option}" holds something that is no model: import the model and name it there`);
  const { name, version } = modelSpec(value);
  return { model: name, version };
}

function limitsOf(options: Partial<FunctionLimits>): Partial<FunctionLimits> {
  const limits: Record<string, number> = {};
  for (const [limit, [least, most]] of Object.entries(functionLimitRanges)) {
    const value = options[limit as keyof FunctionLimits];
    if (value === undefined) continue;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new TypeError(`"${limit}" must be a whole number from ${least} to ${most}, not ${String(value)}`);
    }
    limits[limit] = value;
  }
  return limits;
}
