// Runs a window function: adds each event to its windows, moves the watermark, and closes what it has reached.
import type { ClosedWindow, WindowContext } from "../api/function-context.ts";
import { attempt, outputsOf } from "./attempt.ts";
import { OpenWindows, type Placement, type StateMakers } from "./open-windows.ts";
import type { SliceCollector } from "./slice-collector.ts";
import type { SliceRun } from "./slice-run.ts";
import { stateText } from "./state-text.ts";

export async function runWindows(run: SliceRun, collector: SliceCollector): Promise<void> {
  const { prepared, slice, state, idleMs } = run;
  const spec = prepared.spec.window!;
  const windows = state!.windows ?? new OpenWindows(spec, state!.entries, prepared.body as StateMakers);
  state!.windows = windows;
  for (let event = 0; event < slice.events.length; event++) {
    const key = slice.keys[event] ?? "";
    const timeMs = timeOf(slice.events[event]![spec.eventTime]);
    const placement = await place(run, windows, collector, { event, key, timeMs });
    if (placement === undefined) continue;
    windows.put(placement);
    windows.advance(timeMs);
    await closeDue(run, windows, collector, event);
  }
  if (idleMs !== undefined) {
    windows.idle(idleMs);
    await closeDue(run, windows, collector, -1);
  }
}

interface Arrival {
  readonly event: number;
  readonly key: string;
  readonly timeMs: number;
}

/** The windows with the event added to their states; undefined when it was late or the function kept throwing. */
async function place(
  { prepared, environment, slice }: SliceRun,
  windows: OpenWindows,
  collector: SliceCollector,
  { event, key, timeMs }: Arrival,
): Promise<Placement | undefined> {
  const spec = prepared.spec.window!;
  const result = await attempt({
    prepared,
    environment,
    event,
    retried: collector.retried,
    call: async (number) => {
      if (!Number.isFinite(timeMs)) throw new TypeError(`"${spec.eventTime}" of the event holds no time`);
      const placement = windows.place(key, timeMs);
      const added = [];
      for (const window of placement.windows) {
        const { start, end, state } = window;
        const context: WindowContext<unknown> = {
          ...slice.origins[event]!,
          log: environment.log,
          attempt: number,
          key,
          window: { start, end },
          state,
        };
        await prepared.body.add!(slice.events[event], context);
        // Inside the attempt: a state that cannot be kept is the function's failure.
        stateText(context.state);
        added.push({ ...window, state: context.state });
      }
      return { ...placement, windows: added };
    },
  });
  if (!result.ok) {
    collector.failed(result.failure);
    return undefined;
  }
  if (result.value.windows.length > 0) return result.value;
  if (spec.late === "drop") collector.dropped();
  else collector.failed(lateness(event, windows.watermark));
  return undefined;
}

async function closeDue(
  { prepared, environment }: SliceRun,
  windows: OpenWindows,
  collector: SliceCollector,
  event: number,
): Promise<void> {
  for (let window = windows.due(); window !== undefined; window = windows.due()) {
    const { key, start, end, events, state } = window;
    const closed: ClosedWindow<unknown> = { key, start, end, events, state };
    const text = stateText(closed);
    const result = await attempt({
      prepared,
      environment,
      event,
      retried: collector.retried,
      call: async () => outputsOf(await prepared.body.close!(closed, { log: environment.log }), prepared),
    });
    windows.drop(window);
    if (result.ok) collector.take(event, result);
    else collector.failed({ ...result.failure, text });
  }
}

const lateness = (event: number, watermark: number) => ({
  event,
  code: "function_late_event" as const,
  message: `all windows of the event had closed: the watermark stood at ${new Date(watermark).toISOString()}`,
  stack: "",
  attempts: 1,
});

function timeOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}
