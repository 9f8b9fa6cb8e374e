// Hot path: what waits for the next commit of one partition. Small appends of one schema become one record batch.
import type { MooseError } from "../../model/errors.ts";
import type { NewRecords } from "../../model/record-batch.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import { StoredBatchBuilder } from "./stored-batch.ts";

/** Appends below this share a record batch; larger ones are stored as they are, copied once. */
const SMALL_APPEND_BYTES = 16 * 1024;
/** A shared record batch grows to about this. */
const SHARED_BATCH_BYTES = 256 * 1024;
/** Rows that share a record batch share its time of receipt: the first's. */
const SHARED_BATCH_MS = 20;

export interface Waiter {
  /** Index of its first row in the record batch, and how many are its own. */
  readonly firstRow: number;
  readonly count: number;
  /** Bytes that it holds in memory until it is settled. */
  readonly bytes: number;
  resolve(result: AppendResult): void;
  reject(error: MooseError): void;
}

export interface PendingBatch {
  readonly builder: StoredBatchBuilder;
  readonly shared: boolean;
  readonly waiters: Waiter[];
}

export class PendingAppends {
  #batches: PendingBatch[] = [];

  get empty(): boolean {
    return this.#batches.length === 0;
  }

  add(records: NewRecords, resolve: Waiter["resolve"], reject: Waiter["reject"]): void {
    const bytes = records.bytes.length;
    const small = bytes < SMALL_APPEND_BYTES;
    const last = this.#batches.at(-1);
    let batch: PendingBatch;
    let firstRow = 0;
    if (small && last !== undefined && canShare(last, records)) {
      firstRow = last.builder.count;
      last.builder.add(records);
      batch = last;
    } else {
      const builder = new StoredBatchBuilder(records, small ? StoredBatchBuilder.spareRowBytes : 0);
      batch = { builder, shared: small, waiters: [] };
      this.#batches.push(batch);
    }
    batch.waiters.push({ firstRow, count: records.ends.length, bytes, resolve, reject });
  }

  takeAll(): readonly PendingBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    return batches;
  }
}

function canShare(batch: PendingBatch, records: NewRecords): boolean {
  const { builder } = batch;
  return (
    batch.shared &&
    builder.schemaId === records.schemaId &&
    builder.rowBytes + records.bytes.length <= SHARED_BATCH_BYTES &&
    Math.abs(records.receivedAtMs - builder.receivedAtMs) <= SHARED_BATCH_MS
  );
}
