// Hot path: hands each durable append of one stream to all its live subscribers, encoded once for all of them.
import { encodePosition } from "../model/position.ts";
import type { RecordBatch } from "../model/record-batch.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { eventParts } from "./events-text.ts";
import { eventsBody } from "./server-messages.ts";

/** A subscriber at the live edge. */
export interface FeedReader {
  /** The shared part of an `events` message. False: not taken; the reader left the edge and reads on from `before` by itself. */
  deliver(body: string, before: readonly number[]): boolean;
  /** Appends were missed: read on from `before`. */
  missed(before: readonly number[]): void;
}

export class StreamFeed {
  readonly stream: string;
  readonly #log: StreamLog;
  readonly #live = new Set<FeedReader>();
  readonly #edge: number[];
  readonly #maxBytes: number;

  constructor(stream: string, log: StreamLog, maxBytes: number) {
    this.stream = stream;
    this.#log = log;
    this.#maxBytes = maxBytes;
    this.#edge = Array.from({ length: log.partitions(stream) }, (_, partition) => log.endOffset(stream, partition));
  }

  /** Next offset of each partition that live readers have not been handed. */
  get edge(): readonly number[] {
    return this.#edge;
  }

  /** Must be called in the same turn in which the reader found itself at `edge`: so there is neither gap nor repeat. */
  join(reader: FeedReader): void {
    this.#live.add(reader);
  }

  leave(reader: FeedReader): void {
    this.#live.delete(reader);
  }

  append(batch: RecordBatch): void {
    const { partition, baseOffset } = batch;
    const endOffset = baseOffset + batch.ends.length;
    const known = this.#edge[partition] ?? 0;
    // The edge was read from the log when the feed began; appends that it included may be announced afterwards.
    if (endOffset <= known) return;
    if (baseOffset > known && this.#live.size > 0 && this.#areLost(partition, known)) this.#scatter();
    if (this.#live.size > 0) {
      for (const part of eventParts(batch, Math.max(0, known - baseOffset), this.#maxBytes)) {
        const before = [...this.#edge];
        this.#edge[partition] = part.endOffset;
        const body = eventsBody(part.rows, encodePosition(new Map([[this.stream, this.#edge]])));
        for (const reader of this.#live) if (!reader.deliver(body, before)) this.#live.delete(reader);
        if (this.#live.size === 0) break;
      }
    }
    this.#edge[partition] = endOffset;
  }

  /** Whether what lies between `from` and the next event was no offset without an event, as transactions leave them. */
  #areLost(partition: number, from: number): boolean {
    return !this.#log.leavesGaps?.() || this.#log.startOffset(this.stream, partition) > from;
  }

  #scatter(): void {
    const readers = [...this.#live];
    this.#live.clear();
    for (const reader of readers) reader.missed([...this.#edge]);
  }
}
