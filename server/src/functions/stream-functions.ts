// The capability: runs a project's stream functions beside each other, each in a process of its own.
import type { Core } from "@moose/core";
import { type Clock, systemClock } from "../lib/clock.ts";
import { defaultFunctionLimits, type FunctionLimits, type LoadedFunction } from "../model/function-spec.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { type FunctionMetrics, noFunctionMetrics } from "../telemetry/function-metrics.ts";
import type { Log } from "../telemetry/log.ts";
import { FunctionRunner } from "./function-runner.ts";
import { ReadingCores } from "./reading-cores.ts";

export interface StreamFunctionsOptions {
  readonly log: StreamLog;
  readonly catalog: Catalog;
  readonly core: Core;
  readonly quarantine: Quarantine;
  readonly logger: Log;
  readonly metrics?: FunctionMetrics;
  /** Of functions that say nothing else. */
  readonly limits?: Partial<FunctionLimits>;
  /** Partitions of a stream that is new. Default 1. */
  readonly partitions?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly nowMs?: () => number;
}

export interface StreamFunctions {
  /**
   * Runs exactly these from now on: new ones begin, changed ones go on with their new code where they are, others end. To be called
   * once the catalog serves their models. One call after the other.
   */
  apply(functions: readonly LoadedFunction[]): Promise<void>;
  /** Names of the functions that run, with the id of their process. */
  running(): ReadonlyMap<string, number | undefined>;
  /** Ends all; what is under way comes to nothing and is run again by the next. Safe to call twice. */
  stop(): Promise<void>;
}

export function createStreamFunctions(options: StreamFunctionsOptions): StreamFunctions {
  const { log, catalog, core, logger, metrics = noFunctionMetrics, partitions = 1 } = options;
  const surroundings = {
    log,
    catalog,
    quarantine: options.quarantine,
    cores: new ReadingCores(core, catalog),
    metrics,
    partitions,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    nowMs: options.nowMs ?? Date.now,
  };
  const limits = { ...defaultFunctionLimits, ...options.limits };
  const runners = new Map<string, FunctionRunner>();
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;
  let streamsKnown = 0;

  const unsubscribe = log.onAppend(({ stream, partition }) => {
    for (const runner of runners.values()) runner.wake(stream, partition);
    // A stream that is new may be another version of a model, or what is replayed to a function.
    if (streamsKnown !== log.streams().length) followAll();
  });

  function followAll(): void {
    streamsKnown = log.streams().length;
    last = last
      .then(async () => {
        for (const runner of runners.values()) await runner.follow();
      })
      .catch((error: unknown) => {
        logger.warn("the functions could not take up a new stream yet", { reason: String(error) });
        streamsKnown = 0;
      });
  }

  async function apply(functions: readonly LoadedFunction[]): Promise<void> {
    if (stopped) return;
    const wanted = new Set(functions.map(({ spec }) => spec.name));
    for (const [name, runner] of runners) {
      if (wanted.has(name)) continue;
      runners.delete(name);
      await runner.stop();
    }
    for (const loaded of functions) {
      const known = runners.get(loaded.spec.name);
      if (known !== undefined && sameShape(known.loaded, loaded)) {
        known.replace(loaded);
        await known.follow();
        continue;
      }
      await known?.stop();
      const runner = new FunctionRunner({ ...surroundings, loaded, limits, logger });
      runners.set(loaded.spec.name, runner);
      await runner.start();
    }
    streamsKnown = log.streams().length;
  }

  return {
    apply(functions) {
      const applied = last.then(() => apply(functions));
      last = applied.catch(() => {});
      return applied;
    },
    running: () => new Map([...runners].map(([name, runner]) => [name, runner.pid])),
    async stop() {
      stopped = true;
      unsubscribe();
      await last;
      const ending = [...runners.values()];
      runners.clear();
      await Promise.all(ending.map((runner) => runner.stop()));
    },
  };
}

/** Whether the partitions may stay as they are: a function that changes between having a state and not begins anew with them. */
const sameShape = (a: LoadedFunction, b: LoadedFunction): boolean =>
  a.spec.mode === b.spec.mode && a.spec.language === b.spec.language;
