// Hot path: makes the record batches that the stream port speaks of from fetched records; a batch ends where headers or offsets do.
import type { RecordBatch } from "../../model/record-batch.ts";
import type { ReadLimit } from "../../ports/stream-log.ts";
import { OpenBatch } from "./open-batch.ts";
import { RecordCursor, type RecordSet } from "./record-set-cursor.ts";

export interface BatchTarget {
  readonly stream: string;
  readonly partition: number;
  /** The schema of rows that another producer wrote; asked for when the first one comes. */
  foreignSchemaId(): string;
}

/** Gathers rows until a limit of `read` is reached, over several fetches. */
export class BatchCollector {
  readonly #batches: RecordBatch[] = [];
  readonly #target: BatchTarget;
  readonly #limit: ReadLimit;
  #next: number;
  #full = false;
  #rows = 0;
  #rowBytes = 0;
  #open: OpenBatch | undefined;

  constructor(target: BatchTarget, fromOffset: number, limit: ReadLimit) {
    this.#target = target;
    this.#limit = limit;
    this.#next = fromOffset;
  }

  /** Where the next fetch begins. */
  get nextOffset(): number {
    return this.#next;
  }

  /** True when nothing more may be added. */
  get full(): boolean {
    return this.#full || (this.#limit.untilOffset !== undefined && this.#next >= this.#limit.untilOffset);
  }

  /** `set` is decompressed. */
  add({ batches, nextOffset }: RecordSet): void {
    for (const batch of batches) {
      const cursor = new RecordCursor(batch);
      while (cursor.next()) if (!this.#take(cursor)) return;
      this.#next = Math.max(this.#next, batch.nextOffset);
    }
    this.#next = Math.max(this.#next, nextOffset);
  }

  /** All that was gathered. */
  finish(): readonly RecordBatch[] {
    this.#seal();
    return this.#batches;
  }

  #take(cursor: RecordCursor): boolean {
    const { offset } = cursor;
    if (offset < this.#next) return true;
    const { maxBytes, maxRecords, untilOffset } = this.#limit;
    if (untilOffset !== undefined && offset >= untilOffset) {
      this.#full = true;
      return false;
    }
    // A value of null deletes a key of a compacted topic: it is no event.
    if (cursor.valueBegin >= 0) {
      const bytes = cursor.valueEnd - cursor.valueBegin + 1;
      if (this.#rows >= maxRecords || (this.#rows > 0 && this.#rowBytes + bytes > maxBytes)) {
        this.#full = true;
        return false;
      }
      this.#batchFor(cursor).add(cursor);
      this.#rows++;
      this.#rowBytes += bytes;
    }
    this.#next = offset + 1;
    return true;
  }

  #batchFor(cursor: RecordCursor): OpenBatch {
    if (this.#open?.continues(cursor)) return this.#open;
    this.#seal();
    this.#open = new OpenBatch(cursor);
    return this.#open;
  }

  #seal(): void {
    if (this.#open === undefined) return;
    const { stream, partition } = this.#target;
    const { baseOffset, origin, foreign, malformed } = this.#open;
    this.#batches.push({
      stream,
      partition,
      baseOffset,
      receivedAtMs: origin.receivedAtMs,
      schemaId: foreign ? this.#target.foreignSchemaId() : origin.schemaId,
      ...(malformed ? { malformed: true as const } : {}),
      ...this.#open.rows(),
    });
    this.#open = undefined;
  }
}
