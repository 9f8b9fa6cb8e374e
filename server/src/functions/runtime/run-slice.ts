// Runs a function over one slice of a stream: the one entry for its process, its tests and the helper that we ship.
import type { Emitted } from "../api/emit.ts";
import type { FunctionContext } from "../api/function-context.ts";
import { type Attempted, attempt, isPromise, outputsOf } from "./attempt.ts";
import { runInKeyOrder } from "./keyed-order.ts";
import { runStateful } from "./run-stateful.ts";
import { runWindows } from "./run-windows.ts";
import type { SliceResult } from "./slice.ts";
import { SliceCollector } from "./slice-collector.ts";
import type { SliceRun } from "./slice-run.ts";

/** Failures of the user's code are in the result. Rejects only for a fault of ours. */
export async function runSlice(run: SliceRun): Promise<SliceResult> {
  const collector = new SliceCollector();
  switch (run.prepared.spec.mode) {
    case "event":
      await runEvents(run, collector);
      break;
    case "batch":
      await runBatch(run, collector, 0, run.slice.events.length);
      break;
    case "state":
      await runStateful(run, collector);
      break;
    case "window":
      await runWindows(run, collector);
      break;
  }
  return collector.result(run.state?.entries.takeChanges() ?? []);
}

function runEvents({ prepared, environment, slice }: SliceRun, collector: SliceCollector): Promise<void> {
  const { body, limits } = prepared;
  const take = (event: number, result: Attempted<readonly Emitted[]>): void => collector.take(event, result);
  return runInKeyOrder(slice.keys, limits.concurrency, (event) => {
    const origin = slice.origins[event]!;
    const result = attempt({
      prepared,
      environment,
      event,
      retried: collector.retried,
      call: (number) => {
        const context: FunctionContext = { ...origin, log: environment.log, attempt: number };
        const returned = body.run!(slice.events[event], context);
        return isPromise(returned)
          ? returned.then((value) => outputsOf(value, prepared))
          : outputsOf(returned, prepared);
      },
    });
    return isPromise(result) ? result.then((settled) => take(event, settled)) : void take(event, result);
  });
}

/** A batch that keeps failing is halved, so that one event does not hold up the others. */
async function runBatch(run: SliceRun, collector: SliceCollector, first: number, last: number): Promise<void> {
  if (first === last) return;
  const { prepared, environment, slice } = run;
  const origins = slice.origins.slice(first, last);
  const result = await attempt({
    prepared,
    environment,
    event: last - first === 1 ? first : -1,
    retried: collector.retried,
    call: async (number) => {
      const context = { log: environment.log, attempt: number, origins };
      return outputsOf(await prepared.body.runBatch!(slice.events.slice(first, last), context), prepared);
    },
  });
  if (result.ok || last - first === 1) return collector.take(last - 1, result);
  const middle = (first + last) >> 1;
  await runBatch(run, collector, first, middle);
  await runBatch(run, collector, middle, last);
}
