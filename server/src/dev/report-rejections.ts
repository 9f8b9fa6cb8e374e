// Shows why events are rejected: the first error of a bad request, a few lines however many requests are bad.
import type { IngestReply } from "../ingest/accept-events.ts";
import { describeRejection } from "./activity.ts";
import type { Terminal } from "./terminal.ts";

/** One line a model in this time; the counts are in its activity line. */
const QUIET_MS = 5_000;

export function reportRejections(
  terminal: Terminal,
  now: () => number = Date.now,
): (model: string, reply: IngestReply) => void {
  const quietUntilMs = new Map<string, number>();
  return (model, { rejected, errors }) => {
    const first = errors[0];
    const nowMs = now();
    if (first === undefined || nowMs < (quietUntilMs.get(model) ?? 0)) return;
    quietUntilMs.set(model, nowMs + QUIET_MS);
    const time = new Date(nowMs).toTimeString().slice(0, 8);
    terminal.line(
      `${terminal.paint.dim(time)} ${terminal.paint.yellow("rejected")} ${describeRejection(model, rejected, first)}`,
    );
  };
}
