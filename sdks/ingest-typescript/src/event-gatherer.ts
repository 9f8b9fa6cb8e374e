// Hot path: takes events that are JSON text, validates them with the core and gathers those of one model into chunks.
import type { RowError } from "@moose/core";
import { BatchBuilder } from "./batch-builder.ts";
import type { Clock } from "./clock.ts";
import { IngestError, IngestValidationError } from "./errors.ts";
import type { Chunk } from "./queue/event-queue.ts";

/** The part of a loaded model that is used. */
export interface EventJudge {
  readonly name: string;
  validate(
    rows: Uint8Array,
    options: { readonly format: "json" | "ndjson"; readonly maxErrors: number },
  ): {
    readonly rejected: number;
    readonly errors: readonly RowError[];
    readonly unreadable?: { readonly message: string };
  };
}

export interface EventGathererConfig {
  readonly version: string;
  /** 16 to 64 letters, digits, - and _: with its number it names each event. */
  readonly producer: string;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly clock: Clock;
  /** How long a chunk stays open; undefined: until somebody closes it. */
  readonly maxAgeMs: () => number | undefined;
  readonly onChunk: (chunk: Chunk) => void;
}

/** Errors that one call reports at most. */
const MAX_ERRORS = 1000;

/** The open chunk of one model. */
export class EventGatherer {
  readonly #core: EventJudge;
  readonly #config: EventGathererConfig;
  readonly #open = new BatchBuilder();
  #age: { cancel(): void } | undefined;
  #rejected = 0;
  #nextId = 0;

  constructor(core: EventJudge, config: EventGathererConfig) {
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
    this.#keep(1);
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
      this.#keep(next - row);
      begin = end;
      row = next;
    }
  }

  /** Closes the open chunk, if it holds anything. */
  close(): void {
    this.#age?.cancel();
    if (this.#open.events === 0) return;
    const { version, producer, onChunk } = this.#config;
    const taken = this.#open.take();
    const firstId = this.#nextId;
    this.#nextId += taken.events;
    onChunk({ model: this.#core.name, version, ...taken, producer, firstId });
  }

  /** Forgets the open chunk. Returns how many events it had. */
  discard(): number {
    this.#age?.cancel();
    return this.#open.take().events;
  }

  #keep(events: number): void {
    const isFirst = this.#open.events === 0;
    this.#open.keep(events);
    const maxAgeMs = isFirst ? this.#config.maxAgeMs() : undefined;
    if (maxAgeMs !== undefined) this.#age = this.#config.clock.after(maxAgeMs, () => this.close());
    if (this.#open.events >= this.#config.maxBatchEvents || this.#open.bytes >= this.#config.maxBatchBytes)
      this.close();
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
    throw new IngestValidationError(this.#core.name, errors);
  }

  #fits(moreBytes: number): boolean {
    return this.#open.bytes + moreBytes <= this.#config.maxBatchBytes;
  }

  #throwIfTooLarge(bytes: number): void {
    const { maxBatchBytes } = this.#config;
    if (bytes <= maxBatchBytes) return;
    const message = `An event of ${this.#core.name} has ${bytes} bytes; a batch holds ${maxBatchBytes}. Make the event smaller or raise maxBatchBytes.`;
    throw new IngestError("event_too_large", message);
  }
}
