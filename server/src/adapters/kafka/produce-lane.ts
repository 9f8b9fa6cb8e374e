// Hot path: what waits to be produced to one partition, in order; one batch is under way at a time.
import type { NewRecords } from "../../model/record-batch.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import { holderOf } from "./held-claim.ts";
import type { ProducerIdentity, ProducerSession } from "./producer-session.ts";
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
  /** Rows of it are claimed: it is stored under this identity or not at all. */
  holder: ProducerIdentity | undefined;
  /** Its appends were refused while it was in doubt: it is sent on until the broker says what became of it. */
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
  readonly #onSettled = new Set<() => void>();

  constructor(place: { stream: string; topic: string; partition: number; maxBatchBytes: number }) {
    this.stream = place.stream;
    this.topic = place.topic;
    this.partition = place.partition;
    this.maxBatchBytes = place.maxBatchBytes;
  }

  get idle(): boolean {
    return this.current === undefined && this.#waiting.length === 0;
  }

  /** Nobody waits for an answer. */
  get answered(): boolean {
    return (this.current === undefined || this.current.abandoned) && this.#waiting.length === 0;
  }

  /** Copies the rows. */
  add(records: NewRecords, waiter: AppendWaiter, deadlineMs: number): void {
    const holder = holderOf(records);
    for (let row = 0; ; ) {
      const batch = this.#openBatch(records, row, { deadlineMs, holder });
      const taken = batch.builder.add(records, row);
      if (taken === records.ends.length) {
        batch.endings.push({ waiter, endRow: batch.builder.count });
        return;
      }
      if (taken > row) batch.continued.push(waiter);
      row = taken;
      this.#waiting.push(this.#newBatch(records.bytes.length, { deadlineMs, holder }));
    }
  }

  /** The batch that is to be sent now. */
  take(): LaneBatch | undefined {
    this.current ??= this.#waiting.shift();
    return this.current;
  }

  /** What became of `current` is known. */
  finish(): void {
    this.current = undefined;
    for (const settled of this.#onSettled) settled();
    this.#onSettled.clear();
  }

  /** Resolves when none of the appends that were refused can be stored any more. Rejects with the signal's reason. */
  settled(signal: AbortSignal): Promise<void> {
    if (this.current?.abandoned !== true) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settled = (): void => {
        signal.removeEventListener("abort", aborted);
        resolve();
      };
      const aborted = (): void => {
        this.#onSettled.delete(settled);
        reject(signal.reason as Error);
      };
      if (signal.aborted) return aborted();
      signal.addEventListener("abort", aborted, { once: true });
      this.#onSettled.add(settled);
    });
  }

  /** Batches that were never sent and wait for longer than they may. */
  takeOverdue(nowMs: number): readonly LaneBatch[] {
    const overdue = this.#waiting.findIndex(({ deadlineMs }) => deadlineMs > nowMs);
    const taken = this.#waiting.splice(0, overdue < 0 ? this.#waiting.length : overdue);
    const last = taken.at(-1);
    return last === undefined ? taken : [...taken, ...this.takeContinuations(last)];
  }

  /** What waits of appends that begin in `batch`, which was refused. */
  takeContinuations(batch: LaneBatch): readonly LaneBatch[] {
    const taken: LaneBatch[] = [];
    for (let before = batch; before.continued.length > 0 && this.#waiting.length > 0; before = taken.at(-1)!)
      taken.push(this.#waiting.shift()!);
    return taken;
  }

  #openBatch(records: NewRecords, row: number, limits: BatchLimits): LaneBatch {
    const last = this.#waiting.at(-1);
    if (last !== undefined && last.builder.bytes < this.maxBatchBytes && mayShare(last, limits)) {
      last.holder ??= limits.holder;
      return last;
    }
    const bytes = records.bytes.length - (row === 0 ? 0 : records.ends[row - 1]! + 1);
    const batch = this.#newBatch(bytes, limits);
    this.#waiting.push(batch);
    return batch;
  }

  #newBatch(bytes: number, limits: BatchLimits): LaneBatch {
    const builder = new RecordSetBuilder(this.stream, this.maxBatchBytes, Math.min(bytes * 2, this.maxBatchBytes));
    return { builder, endings: [], continued: [], ...limits, attempts: 0, abandoned: false };
  }
}

type BatchLimits = Pick<LaneBatch, "deadlineMs" | "holder">;

const mayShare = (batch: LaneBatch, { holder }: BatchLimits): boolean =>
  holder === undefined || batch.holder === undefined || batch.holder === holder;
