// Runs a stateful function: one event after the other, each with the state of its key.
import type { StateContext } from "../api/function-context.ts";
import { attempt, outputsOf } from "./attempt.ts";
import type { SliceCollector } from "./slice-collector.ts";
import type { SliceRun } from "./slice-run.ts";
import { parseState, stateText } from "./state-text.ts";

const KEY = "k:";

export async function runStateful({ prepared, environment, slice, state }: SliceRun, collector: SliceCollector) {
  const { entries } = state!;
  for (let event = 0; event < slice.events.length; event++) {
    const key = slice.keys[event] ?? "";
    const entry = KEY + key;
    let next: string | null = null;
    const result = await attempt({
      prepared,
      environment,
      event,
      retried: collector.retried,
      call: async (number) => {
        let forgotten = false;
        const stored = entries.get(entry);
        const context: StateContext<unknown> = {
          ...slice.origins[event]!,
          log: environment.log,
          attempt: number,
          key,
          // Parsed for each attempt: one that throws leaves nothing behind.
          state: stored === undefined ? prepared.body.state!() : parseState(stored),
          clear: () => {
            forgotten = true;
          },
        };
        const outputs = outputsOf(await prepared.body.run!(slice.events[event], context), prepared);
        next = forgotten ? null : stateText(context.state);
        return outputs;
      },
    });
    if (result.ok && next !== null) entries.set(entry, next);
    else if (result.ok) entries.delete(entry);
    collector.take(event, result);
  }
}
