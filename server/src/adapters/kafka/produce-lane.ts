// Hot path: what waits to be produced to one partition, in order; one batch is under way at a time.
import type { NewRecords } from "../../model/record-batch.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import type { ProducerSession } from "./producer-session.ts";
import { RecordSetBuilder } from "./record-set-builder.ts";

/** An append to one partition: settled with the last batch that holds rows of it. */
export interface AppendWaiter {
  readonly count: number;
  resolve(result: AppendResult): void;
  reject(error: Error): void;
}

export interface LaneBatch {
  readonly builder: RecordSetBuilder;
  /** Appends whose last row is in this batch, with the index of the row after it. */
  readonly endings: { readonly waiter: AppendWaiter; readonly endRow: number }[];
  /** Appends that go on in the next batch: they fail with this one. */
  readonly continued: AppendWaiter[];
  readonly deadlineMs: number;
  attempts: number;
  /** Its appends were refused while it was under way: whatever comes of it, it is not sent again. */
  abandoned: boolean;
}

export class ProduceLane {
  readonly stream: string;
  readonly topic: string;
  readonly partition: number;
  /** As the topic takes them. */
  maxBatchBytes: number;
  session: ProducerSession | undefined;
  /** Being sent, or to be sent again. */
  current: LaneBatch | undefined;
  /** A request with `current` is under way. */
  sending = false;
  #waiting: LaneBatch[] = [];

  constructor(place: { stream: string; topic: string; partition: number; maxBatchBytes: number }) {
    this.stream = place.stream;
    this.topic = place.topic;
    this.partition = place.partition;
    this.maxBatchBytes = place.maxBatchBytes;
  }

  get idle(): boolean {
    return this.current === undefined && this.#waiting.length === 0;
  }

  /** Copies the rows. */
  add(records: NewRecords, waiter: AppendWaiter, deadlineMs: number): void {
    for (let row = 0; ; ) {
      const batch = this.#openBatch(records, row, deadlineMs);
      const taken = batch.builder.add(records, row);
      if (taken === records.ends.length) {
        batch.endings.push({ waiter, endRow: batch.builder.count });
        return;
      }
      if (taken > row) batch.continued.push(waiter);
      row = taken;
      this.#waiting.push(this.#newBatch(records.bytes.length, deadlineMs));
    }
  }

  /** The batch that is to be sent now. */
  take(): LaneBatch | undefined {
    this.current ??= this.#waiting.shift();
    return this.current;
  }

  /** Batches that were never sent and wait for longer than they may. */
  takeOverdue(nowMs: number): readonly LaneBatch[] {
    const overdue = this.#waiting.findIndex(({ deadlineMs }) => deadlineMs > nowMs);
    return this.#waiting.splice(0, overdue < 0 ? this.#waiting.length : overdue);
  }

  #openBatch(records: NewRecords, row: number, deadlineMs: number): LaneBatch {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.builder.bytes < this.maxBatchBytes) return last;
    const bytes = records.bytes.length - (row === 0 ? 0 : records.ends[row - 1]! + 1);
    const batch = this.#newBatch(bytes, deadlineMs);
    this.#waiting.push(batch);
    return batch;
  }

  #newBatch(bytes: number, deadlineMs: number): LaneBatch {
    const builder = new RecordSetBuilder(this.stream, this.maxBatchBytes, Math.min(bytes * 2, this.maxBatchBytes));
    return { builder, endings: [], continued: [], deadlineMs, attempts: 0, abandoned: false };
  }
}
