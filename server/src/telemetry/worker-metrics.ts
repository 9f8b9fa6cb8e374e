// The metrics of several workers in one text: each series has the label `worker`, so that nothing is lost or added up that cannot be.
import { AggregatorRegistry } from "prom-client";
import type { MetricsSnapshot } from "./metrics.ts";

export interface WorkerSnapshot {
  readonly worker: number;
  /** Absent: it gave none, which `moose_worker_up` shows. */
  readonly snapshot?: MetricsSnapshot;
}

/** In the text format of Prometheus. */
export function textOfWorkers(workers: readonly WorkerSnapshot[]): Promise<string> {
  const up = {
    name: "moose_worker_up",
    help: "Whether a worker of this server told its metrics.",
    type: "gauge",
    aggregator: "sum",
    values: workers.map(({ worker, snapshot }) => ({
      value: snapshot === undefined ? 0 : 1,
      labels: { worker: String(worker) },
    })),
  };
  const labelled = workers.map(({ worker, snapshot = [] }) =>
    snapshot.map((metric) => ({
      ...metric,
      // No two have the same labels: nothing is aggregated, and nothing left out.
      aggregator: "sum",
      values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker: String(worker) } })),
    })),
  );
  return AggregatorRegistry.aggregate([[up], ...labelled]).metrics();
}
