// For a project's own tests: runs a stream function on events, with the core's real verdicts, without a server.
import { encodeEvent, type InferRow, isModel, type ModelSpec, modelSpec } from "@moose/core";
import { type Duration, durationMs } from "../api/duration.ts";
import type { AnyModel, Emitted, InputFor, ModelOrName, NameOf } from "../api/emit.ts";
import type { LogFields } from "../api/function-context.ts";
import type { Source, StreamFunction } from "../api/stream-function.ts";
import type { DecodedSlice } from "../runtime/decode-events.ts";
import { partitionState } from "../runtime/partition-state.ts";
import { type PreparedFunction, prepareFunction, type RunEnvironment } from "../runtime/prepared-function.ts";
import { runSlice } from "../runtime/run-slice.ts";
import type { SliceResult } from "../runtime/slice.ts";
import { decodeRows, type TestModel, testModel } from "./test-models.ts";

/** What an application would send; for a function of several models each is made by `emit(Model, { … })`. */
export type InputOf<From> = From extends readonly (infer M)[]
  ? Emitted<NameOf<M>>
  : From extends ModelOrName
    ? InputFor<From>
    : never;

export interface FailedEvent {
  /** Which of the events, counted from 0 over all calls; -1: a window that was closed by the clock. */
  readonly event: number;
  /** As in quarantine: `function_threw`, `function_late_event`. */
  readonly code: string;
  readonly message: string;
  readonly stack: string;
  readonly attempts: number;
}

export interface RefusedOutput {
  readonly model: string;
  /** JSON text. */
  readonly text: string;
  readonly reason: string;
}

export interface FunctionTest<From extends Source, To extends readonly ModelOrName[]> {
  /** Hands events over, as if they came next in one partition. Throws TypeError when the source model refuses one of them. */
  send(events: readonly InputOf<From>[]): Promise<void>;
  /** Lets time pass without an event: closes windows as `idleAfter` does. */
  idle(time: Duration): Promise<void>;
  /** Outputs of one model so far, in order, as a function that reads them gets them. */
  outputs<M extends To[number]>(model: M): InferRow<M>[];
  /** Names of the models of all outputs so far, in order. */
  readonly emitted: readonly NameOf<To[number]>[];
  /** Outputs that their model refuses: in a server they go to quarantine. */
  readonly refused: readonly RefusedOutput[];
  /** Events that the function could not be brought to take. */
  readonly failures: readonly FailedEvent[];
  /** Late events that the function says to drop. */
  readonly dropped: number;
  readonly logs: readonly { readonly level: string; readonly message: string; readonly fields?: LogFields }[];
}

/**
 * @example
 * const test = await testFunction(delayedFlights);
 * await test.send([{ origin: "SFO", delay: 90 }]);
 * expect(test.outputs(DelayedFlight)).toEqual([{ origin: "SFO", minutes: 90 }]);
 */
export async function testFunction<From extends Source, To extends readonly ModelOrName[]>(
  fn: StreamFunction<From, To>,
): Promise<FunctionTest<From, To>> {
  const sources = await modelsOf(fn.from as Source, "from");
  const targets = await modelsOf(fn.to, "to");
  return new RunningTest(prepareFunction(fn as StreamFunction, "test"), sources, targets) as unknown as FunctionTest<
    From,
    To
  >;
}

/** The same for a function that needs one call: sends the events and gives back the test. */
export async function runFunction<From extends Source, To extends readonly ModelOrName[]>(
  fn: StreamFunction<From, To>,
  events: readonly InputOf<From>[],
): Promise<FunctionTest<From, To>> {
  const test = await testFunction(fn);
  await test.send(events);
  return test;
}

type Models = ReadonlyMap<string, TestModel>;

async function modelsOf(models: Source | readonly ModelOrName[], option: string): Promise<Models> {
  const list = (Array.isArray(models) ? models : [models]) as readonly ModelOrName[];
  const found = new Map<string, TestModel>();
  for (const item of list) {
    if (!isModel(item)) throw new TypeError(`"${option}" only names ${String(item)}: a test needs the model itself`);
    const spec: ModelSpec = modelSpec(item);
    found.set(spec.name, await testModel(spec));
  }
  return found;
}

const NO_EVENTS: DecodedSlice = { events: [], origins: [], keys: [] };

class RunningTest {
  readonly #prepared: PreparedFunction;
  readonly #sources: Models;
  readonly #targets: Models;
  readonly #state = partitionState();
  readonly #outputs: { model: string; text: string }[] = [];
  #sent = 0;
  readonly refused: RefusedOutput[] = [];
  readonly failures: FailedEvent[] = [];
  readonly logs: { level: string; message: string; fields?: LogFields }[] = [];
  dropped = 0;

  constructor(prepared: PreparedFunction, sources: Models, targets: Models) {
    this.#prepared = prepared;
    this.#sources = sources;
    this.#targets = targets;
  }

  get emitted(): string[] {
    return this.#outputs.map(({ model }) => model);
  }

  outputs(model: AnyModel): Record<string, unknown>[] {
    const texts = this.#outputs.filter((output) => output.model === model.name).map(({ text }) => text);
    const target = this.#targets.get(model.name);
    if (target === undefined) throw new TypeError(`${model.name} is not in the function's "to"`);
    return [...decodeRows(target, texts, 0).events];
  }

  async send(events: readonly unknown[]): Promise<void> {
    // One model at a time, as in a slice of one stream; their order stays.
    let run: { model: TestModel; texts: string[] } | undefined;
    for (const event of events) {
      const { model, text } = this.#input(event);
      if (run !== undefined && run.model !== model) await this.#sendTexts(run.model, run.texts);
      if (run === undefined || run.model !== model) run = { model, texts: [] };
      run.texts.push(text);
    }
    if (run !== undefined) await this.#sendTexts(run.model, run.texts);
  }

  async idle(time: Duration): Promise<void> {
    this.#take(await this.#run(NO_EVENTS, durationMs("idle", time)), this.#sent);
  }

  #input(event: unknown): { model: TestModel; text: string } {
    const [only] = this.#sources.values();
    if (this.#sources.size === 1) return { model: only!, text: encodeEvent(event as object) };
    const { model, text } = event as Emitted;
    const source = this.#sources.get(model);
    if (source === undefined)
      throw new TypeError("this function reads several models: make each event with emit(Model, { … })");
    return { model: source, text };
  }

  async #sendTexts(model: TestModel, texts: readonly string[]): Promise<void> {
    const [wrong] = model.refusals(texts);
    if (wrong !== undefined)
      throw new TypeError(`event ${this.#sent + wrong.row} is no ${model.spec.name}: ${wrong.reason}`);
    this.#take(await this.#run(decodeRows(model, texts, this.#sent)), this.#sent);
    this.#sent += texts.length;
  }

  #run(slice: DecodedSlice, idleMs?: number): Promise<SliceResult> {
    const line =
      (level: string) =>
      (message: string, fields?: LogFields): void =>
        void this.logs.push({ level, message, ...(fields === undefined ? {} : { fields }) });
    const environment: RunEnvironment = {
      log: { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") },
      board: { begin: () => 0, end() {} },
      // A test does not wait between attempts.
      wait: async () => {},
      random: () => 0,
    };
    const idle = idleMs === undefined ? {} : { idleMs };
    return runSlice({ prepared: this.#prepared, environment, slice, state: this.#state, ...idle });
  }

  #take(result: SliceResult, first: number): void {
    for (const [, model, text] of result.outputs) {
      const [wrong] = this.#targets.get(model)!.refusals([text]);
      if (wrong === undefined) this.#outputs.push({ model, text });
      else this.refused.push({ model, text, reason: wrong.reason });
    }
    for (const { event, code, message, stack, attempts } of result.failures) {
      this.failures.push({ event: event < 0 ? -1 : first + event, code, message, stack, attempts });
    }
    this.dropped += result.dropped;
  }
}
