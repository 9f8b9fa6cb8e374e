// Tells listeners of every durable append, in offset order for each partition: this process's own, and those of others.
import { MooseError } from "../../model/errors.ts";
import type { RecordBatch } from "../../model/record-batch.ts";
import type { Log } from "../../telemetry/log.ts";
import { messageOf } from "./lmdb-errors.ts";
import type { RecordReader } from "./record-reader.ts";
import { viewStoredBatch } from "./stored-batch.ts";
import type { Partition } from "./stream-directory.ts";

const READ_BYTES = 8 * 1024 * 1024;

export class AppendFeed {
  readonly #reader: RecordReader;
  readonly #log: Log;
  readonly #listeners = new Set<(batch: RecordBatch) => void>();

  constructor(reader: RecordReader, log: Log) {
    this.#reader = reader;
    this.#log = log;
  }

  listen(listener: (batch: RecordBatch) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  clear(): void {
    this.#listeners.clear();
  }

  /** An append of this process is durable. What others stored before it is told first. */
  appended(partition: Partition, { baseOffset, count }: { baseOffset: number; count: number }, stored: Buffer): void {
    // A look between the commit and this call has found it already.
    if (partition.end > baseOffset) return;
    this.#catchUp(partition, baseOffset);
    partition.end = baseOffset + count;
    if (this.#listeners.size > 0) this.#tell(viewStoredBatch(stored, partition.stream, partition.index));
  }

  /** Others may have appended to these. */
  look(partitions: Iterable<Partition>): void {
    for (const partition of partitions) this.#catchUp(partition, this.#reader.storedEnd(partition).end);
  }

  #catchUp(partition: Partition, end: number): void {
    while (partition.end < end && this.#listeners.size > 0) {
      try {
        const seen = { ...partition, end };
        for (const batch of this.#reader.read(seen, partition.end, { maxBytes: READ_BYTES, maxRecords: end })) {
          partition.end = batch.baseOffset + batch.ends.length;
          this.#tell(batch);
        }
      } catch (error) {
        // Damaged, or trimmed already: whoever reads there is told; nobody can be handed it.
        partition.end = Math.min(end, skippedTo(error) ?? end);
      }
    }
    if (partition.end < end) partition.end = end;
  }

  #tell(batch: RecordBatch): void {
    for (const listener of this.#listeners) {
      try {
        listener(batch);
      } catch (error) {
        this.#log.error("A listener of the stream threw", { stream: batch.stream, reason: messageOf(error) });
      }
    }
  }
}

function skippedTo(error: unknown): number | undefined {
  if (!(error instanceof MooseError)) return undefined;
  const { startOffset, nextOffset } = error.extra as { startOffset?: number; nextOffset?: number };
  return startOffset ?? nextOffset;
}
