// What is counted of stream functions, by function; calls are per slice, never per event.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What one slice of a stream came to. */
export interface SliceCounts {
  readonly taken: number;
  readonly emitted: number;
  /** Events that came to nothing after all attempts. */
  readonly failed: number;
  /** Attempts beyond the first. */
  readonly retried: number;
  /** Events and outputs that went to quarantine. */
  readonly quarantined: number;
  /** Late events that the function said to drop. */
  readonly dropped: number;
}

export interface FunctionMetrics {
  /** `latencySeconds`: from the receipt of the slice's first event until its outputs are durable. */
  functionRan(name: string, counts: SliceCounts, runSeconds: number, latencySeconds: number): void;
  /** Events of one partition that the function has not taken yet. */
  functionLag(name: string, stream: string, partition: number, events: number): void;
  /** The function's process ended and was started again. */
  functionRestarted(name: string): void;
}

export const noFunctionMetrics: FunctionMetrics = { functionRan() {}, functionLag() {}, functionRestarted() {} };

const runBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const latencyBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600];

export function registerFunctionMetrics(registry: Registry): FunctionMetrics {
  const registers = [registry];
  const labelNames = ["function"];
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const taken = counter("moose_function_events_total", "Events that a stream function was done with.");
  const emitted = counter("moose_function_outputs_total", "Events that it emitted.");
  const failed = counter("moose_function_failed_total", "Events that failed after all attempts.");
  const retried = counter("moose_function_retried_total", "Attempts beyond the first.");
  const quarantined = counter("moose_function_quarantined_total", "Events and outputs that went to quarantine.");
  const dropped = counter("moose_function_late_dropped_total", "Late events that it said to drop.");
  const restarts = counter("moose_function_restarts_total", "Times that its process ended and was started again.");
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const runSeconds = histogram("moose_function_run_seconds", "Time of one slice in the function.", runBuckets);
  const latency = histogram(
    "moose_function_latency_seconds",
    "From the receipt of a slice's first event until its outputs are durable.",
    latencyBuckets,
  );
  const lag = new Gauge({
    name: "moose_function_lag_events",
    help: "Events of a partition that the function has not taken yet.",
    labelNames: ["function", "stream", "partition"],
    registers,
  });
  return {
    functionRan(name, counts, ranSeconds, latencySeconds) {
      taken.labels(name).inc(counts.taken);
      emitted.labels(name).inc(counts.emitted);
      failed.labels(name).inc(counts.failed);
      retried.labels(name).inc(counts.retried);
      quarantined.labels(name).inc(counts.quarantined);
      dropped.labels(name).inc(counts.dropped);
      runSeconds.labels(name).observe(ranSeconds);
      latency.labels(name).observe(latencySeconds);
    },
    functionLag: (name, stream, partition, events) => lag.labels(name, stream, String(partition)).set(events),
    functionRestarted: (name) => restarts.labels(name).inc(),
  };
}
