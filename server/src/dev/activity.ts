// What happened to each model's events, counted on the way by wrapping the metrics, and put into words now and then.
import type { RowError } from "@moose/core";
import type { Metrics } from "../telemetry/metrics.ts";

export interface ModelActivity {
  accepted: number;
  rejected: number;
  inserted: number;
  /** Events in the stream that are not in the table yet. */
  lag: number;
}

export interface Activity {
  /** Metrics that count for the terminal, too. */
  readonly metrics: Metrics;
  /** Since the last call, models without any activity left out. */
  take(): ReadonlyMap<string, ModelActivity>;
}

export function watchActivity(metrics: Metrics): Activity {
  const counts = new Map<string, ModelActivity>();
  const of = (model: string): ModelActivity => {
    let found = counts.get(model);
    if (found === undefined) {
      found = { accepted: 0, rejected: 0, inserted: 0, lag: 0 };
      counts.set(model, found);
    }
    return found;
  };
  return {
    metrics: {
      ...metrics,
      ingested(model, accepted, rejected, bytes) {
        const counted = of(model);
        counted.accepted += accepted;
        counted.rejected += rejected;
        metrics.ingested(model, accepted, rejected, bytes);
      },
      inserted(model, rows, bytes, seconds) {
        of(model).inserted += rows;
        metrics.inserted(model, rows, bytes, seconds);
      },
      writerLag(model, events) {
        of(model).lag = events;
        metrics.writerLag(model, events);
      },
    },
    take() {
      const taken = new Map<string, ModelActivity>();
      for (const [model, counted] of counts) {
        if (counted.accepted + counted.rejected + counted.inserted === 0) continue;
        taken.set(model, { ...counted });
        Object.assign(counted, { accepted: 0, rejected: 0, inserted: 0 });
      }
      return taken;
    },
  };
}

/** One line a model, in order of names: rates for each second of the time that passed. */
export function describeActivity(activity: ReadonlyMap<string, ModelActivity>, elapsedMs: number): string[] {
  const rate = (count: number): string => Math.round((count * 1000) / elapsedMs).toLocaleString("en-US");
  const names = [...activity.keys()].sort();
  const nameWidth = Math.max(12, ...names.map((name) => name.length));
  return names.map((name) => {
    const { accepted, rejected, inserted, lag } = activity.get(name)!;
    const parts = [
      `${rate(accepted).padStart(9)} events/s`,
      `${rate(inserted).padStart(9)} rows/s inserted`,
      `${lag.toLocaleString("en-US").padStart(7)} waiting`,
    ];
    if (rejected > 0) parts.push(`${rejected.toLocaleString("en-US")} REJECTED`);
    return `${name.padEnd(nameWidth)} ${parts.join("  ")}`;
  });
}

/** The first error of a bad request, as one line. */
export function describeRejection(
  model: string,
  rejected: number,
  { row, path, code, expected, got }: RowError,
): string {
  const rows = rejected === 1 ? "1 event" : `${rejected.toLocaleString("en-US")} events`;
  const where = path === "" ? `row ${row}` : `row ${row}, ${path}`;
  return `${model}: ${rows} rejected; ${where}: ${code}, expected ${expected}${got === "" ? "" : `, got ${printable(got)}`}`;
}

/** What a stranger sent must not move the cursor. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
