// Hot path: takes events that are JSON text, validates them with the core, gathers them into batches and keeps the queue within its bound.
import type { ModelCore } from "@moose/core";
import type { Batch } from "./batch.ts";
import { BatchBuilder } from "./batch-builder.ts";
import type { Clock } from "./clock.ts";
import { IngestError, IngestValidationError } from "./errors.ts";

export interface SendQueueConfig {
  readonly clock: Clock;
  readonly newKey: () => string;
  /** 16 to 64 letters, digits, - and _: with its number it names each event. */
  readonly producer: string;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly maxBatchAgeMs: number;
  readonly onBatch: (batch: Batch) => void;
}

/** Errors that one call reports at most. */
const MAX_ERRORS = 1000;

/** The open batch of one model. */
export class SendQueue {
  readonly #core: ModelCore;
  readonly #config: SendQueueConfig;
  readonly #open = new BatchBuilder();
  #deadline: { cancel(): void } | undefined;
  #rejected = 0;
  #nextId = 0;

  constructor(core: ModelCore, config: SendQueueConfig) {
    this.#core = core;
    this.#config = config;
  }

  get bytes(): number {
    return this.#open.bytes;
  }

  get events(): number {
    return this.#open.events;
  }

  /** Events that the core refused. */
  get rejected(): number {
    return this.#rejected;
  }

  /** Adds one event or throws an IngestValidationError with all its violations. */
  add(text: string): void {
    const before = this.#open.bytes;
    try {
      const row = this.#open.write(text);
      this.#throwIfTooLarge(row.length + 1);
      this.#validate(row, "json", 0);
    } catch (error) {
      this.#open.undo(before);
      throw error;
    }
    if (before > 0 && !this.#fits(0)) {
      const event = this.#open.cut(before);
      this.close();
      this.#open.writeBytes(event);
    }
    this.#open.keep(1);
    this.#closeWhenFull();
  }

  /** Adds all events or none. */
  addMany(texts: readonly string[]): void {
    const staged = new BatchBuilder();
    const ends: number[] = [];
    for (const text of texts) {
      this.#throwIfTooLarge(staged.write(text).length + 1);
      ends.push(staged.bytes);
    }
    const { body } = staged.take();
    this.#validateSlices(body, ends);
    let row = 0;
    for (let begin = 0; row < ends.length; ) {
      let next = row;
      const room = this.#config.maxBatchEvents - this.#open.events;
      while (next < ends.length && next - row < room && this.#fits(ends[next]! - begin)) next++;
      if (next === row) {
        this.close();
        continue;
      }
      const end = ends[next - 1]!;
      this.#open.writeBytes(body.subarray(begin, end));
      this.#open.keep(next - row);
      this.#closeWhenFull();
      begin = end;
      row = next;
    }
  }

  /** Closes the open batch, if it holds anything. */
  close(): void {
    this.#deadline?.cancel();
    this.#deadline = undefined;
    if (this.#open.events === 0) return;
    const { name, version } = this.#core.spec;
    const createdAtMs = this.#config.clock.nowMs();
    const taken = this.#open.take();
    const firstId = this.#nextId;
    this.#nextId += taken.events;
    this.#config.onBatch({
      model: name,
      version,
      ...taken,
      key: this.#config.newKey(),
      producer: this.#config.producer,
      firstId,
      createdAtMs,
      sequence: 0,
      attempts: 0,
    });
  }

  /** The core takes inputs up to a limit, so a long call is checked slice by slice, all of it before any of it is queued. */
  #validateSlices(body: Uint8Array, ends: readonly number[]): void {
    for (let row = 0, begin = 0; row < ends.length; ) {
      let next = row + 1;
      while (next < ends.length && ends[next]! - begin <= this.#config.maxBatchBytes) next++;
      const end = ends[next - 1]!;
      this.#validate(body.subarray(begin, end), "ndjson", row);
      row = next;
      begin = end;
    }
  }

  #validate(rows: Uint8Array, format: "json" | "ndjson", firstRow: number): void {
    const verdict = this.#core.validate(rows, { format, maxErrors: MAX_ERRORS });
    if (verdict.unreadable) {
      throw new IngestError("validation_failed", `The event is not JSON: ${verdict.unreadable.message}.`);
    }
    if (verdict.rejected === 0) return;
    this.#rejected += verdict.rejected;
    const errors =
      firstRow === 0 ? verdict.errors : verdict.errors.map((error) => ({ ...error, row: error.row + firstRow }));
    throw new IngestValidationError(this.#core.spec.name, errors);
  }

  #fits(moreBytes: number): boolean {
    return this.#open.bytes + moreBytes <= this.#config.maxBatchBytes;
  }

  #closeWhenFull(): void {
    if (this.#open.events >= this.#config.maxBatchEvents || this.#open.bytes >= this.#config.maxBatchBytes)
      this.close();
    else this.#deadline ??= this.#config.clock.after(this.#config.maxBatchAgeMs, () => this.close());
  }

  #throwIfTooLarge(bytes: number): void {
    const { maxBatchBytes } = this.#config;
    if (bytes <= maxBatchBytes) return;
    const message = `An event of ${this.#core.spec.name} has ${bytes} bytes; a batch holds ${maxBatchBytes}. Make the event smaller or raise maxBatchBytes.`;
    throw new IngestError("event_too_large", message);
  }
}
