// Shows what happens to events: on a terminal a line for each model that is redrawn every second, into a pipe a line now and then.
import { type Activity, describeActivity, type ModelActivity } from "./activity.ts";
import type { Terminal } from "./terminal.ts";

const REDRAW_EVERY_MS = 1_000;
const PRINT_EVERY_MS = 10_000;
/** A model's line stays this many intervals after its last event, so that a pause does not make the lines jump. */
const IDLE_INTERVALS_SHOWN = 5;

/** Returns what ends it. */
export function reportActivity(activity: Activity, terminal: Terminal): () => void {
  const intervalMs = terminal.redraws ? REDRAW_EVERY_MS : PRINT_EVERY_MS;
  let lastMs = Date.now();
  const idleIntervals = new Map<string, number>();

  const report = (): void => {
    const nowMs = Date.now();
    const elapsedMs = nowMs - lastMs;
    lastMs = nowMs;
    const shown = new Map<string, ModelActivity>(activity.take());
    for (const model of shown.keys()) idleIntervals.set(model, 0);
    if (terminal.redraws) {
      for (const [model, idle] of idleIntervals) {
        if (shown.has(model)) continue;
        if (idle >= IDLE_INTERVALS_SHOWN) idleIntervals.delete(model);
        else {
          idleIntervals.set(model, idle + 1);
          shown.set(model, { accepted: 0, rejected: 0, inserted: 0, lag: 0 });
        }
      }
    }
    const time = new Date(nowMs).toTimeString().slice(0, 8);
    terminal.status(describeActivity(shown, elapsedMs).map((line) => `${terminal.paint.dim(time)} ${line}`));
  };

  const timer = setInterval(report, intervalMs);
  return () => {
    clearInterval(timer);
    report();
    if (terminal.redraws) terminal.status([]);
  };
}
