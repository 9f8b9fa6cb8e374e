// Which chunks go together in a batch: pure, sender.ts applies it.
import type { StoredChunk } from "./queue/event-queue.ts";

export interface BatchLimits {
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
}

export interface PlannedBatch {
  /** Of one model, version and producer, in order. */
  readonly chunks: StoredChunk[];
  /** Nothing more fits: there is no use in waiting. */
  full: boolean;
}

/** Chunks are in the order of their keys; batches come in the order of their first chunks. A chunk is never cut, so one above the limits goes alone. */
export function planBatches(chunks: readonly StoredChunk[], limits: BatchLimits): PlannedBatch[] {
  const batches: PlannedBatch[] = [];
  const open = new Map<string, { batch: PlannedBatch; bytes: number; events: number }>();
  for (const chunk of chunks) {
    const kind = `${chunk.model} ${chunk.version} ${chunk.producer}`;
    let at = open.get(kind);
    const fits =
      at &&
      at.bytes + chunk.body.length <= limits.maxBatchBytes &&
      at.events + chunk.events <= limits.maxBatchEvents &&
      at.batch.chunks.at(-1)!.firstId < chunk.firstId;
    if (!at || !fits) {
      if (at) at.batch.full = true;
      at = { batch: { chunks: [], full: false }, bytes: 0, events: 0 };
      open.set(kind, at);
      batches.push(at.batch);
    }
    at.batch.chunks.push(chunk);
    at.bytes += chunk.body.length;
    at.events += chunk.events;
    at.batch.full = at.bytes >= limits.maxBatchBytes || at.events >= limits.maxBatchEvents;
  }
  return batches;
}
