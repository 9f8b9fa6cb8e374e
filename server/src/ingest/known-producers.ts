// Hot path: the producers that sent events lately, and which numbers of each were stored. Bounded: those that were silent longest are forgotten.
import type { SequenceRanges } from "../model/event-ids.ts";
import { SequenceSet } from "../model/sequence-set.ts";
import type { ProducerRecord } from "../ports/event-id-store.ts";

export interface ProducerLimits {
  /** A producer that sent nothing new for this long is forgotten. */
  readonly windowMs: number;
  readonly maxProducers: number;
  /** Of all producers together. */
  readonly maxRanges: number;
  /** Of one; over it its lowest are forgotten. */
  readonly maxRangesOfProducer: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A durable queue may come back after weeks, and its memory is bounded by the other limits. */
export const defaultProducerLimits: ProducerLimits = {
  windowMs: 30 * DAY_MS,
  maxProducers: 100_000,
  maxRanges: 1_000_000,
  maxRangesOfProducer: 65_536,
};

/** Of requests that are numbered by their idempotency key: each is a producer of its own, that sends once. */
export const requestLimits: ProducerLimits = {
  windowMs: DAY_MS,
  maxProducers: 200_000,
  maxRanges: 1_000_000,
  maxRangesOfProducer: 1_000_000,
};

/** Numbers that somebody is storing. */
export interface ClaimedNumbers {
  readonly ranges: SequenceRanges;
  /** Resolves when they are stored, or are known not to be. */
  readonly settled: Promise<void>;
}

export interface Producer {
  readonly seen: SequenceSet;
  /** One with claims is not forgotten. */
  readonly claims: Set<ClaimedNumbers>;
  /** Streams in which numbers of its may be stored though their append rejected, or was another process's. */
  readonly doubtful: Set<string>;
  /** When it last sent something new. */
  atMs: number;
}

export class KnownProducers {
  readonly #limits: ProducerLimits;
  readonly #now: () => number;
  /** Oldest use first. */
  readonly #producers = new Map<string, Producer>();
  #changed = new Set<string>();
  #ranges = 0;

  constructor(
    limits: ProducerLimits,
    now: () => number,
    saved: Iterable<readonly [string, ProducerRecord | undefined]> = [],
  ) {
    this.#limits = limits;
    this.#now = now;
    const records = [...saved].filter((entry): entry is [string, ProducerRecord] => entry[1] !== undefined);
    for (const [key, { ranges, atMs }] of records.sort(([, a], [, b]) => a.atMs - b.atMs)) {
      const seen = new SequenceSet(ranges);
      this.#ranges += seen.size;
      this.#producers.set(key, { seen, claims: new Set(), doubtful: new Set(), atMs });
    }
  }

  get size(): number {
    return this.#producers.size;
  }

  /** Finds it or begins it, as the one that was used last. */
  use(key: string): Producer {
    let producer = this.#producers.get(key);
    if (producer === undefined)
      producer = { seen: new SequenceSet(), claims: new Set(), doubtful: new Set(), atMs: this.#now() };
    else this.#producers.delete(key);
    this.#producers.set(key, producer);
    while (this.#producers.size > this.#limits.maxProducers && this.#forgetOldest(key)) {}
    return producer;
  }

  /** These were stored. */
  add(key: string, ranges: SequenceRanges): void {
    if (ranges.length === 0) return;
    const producer = this.use(key);
    const before = producer.seen.size;
    for (const [first, last] of ranges) producer.seen.addRange(first, last);
    producer.seen.keepHighest(this.#limits.maxRangesOfProducer);
    producer.atMs = this.#now();
    this.#ranges += producer.seen.size - before;
    this.#changed.add(key);
    while (this.#ranges > this.#limits.maxRanges && this.#forgetOldest(key)) {}
  }

  /** What changed since the last call, for a checkpoint; undefined: forgotten. */
  takeChanges(): Map<string, ProducerRecord | undefined> {
    this.#forgetOld();
    const changes = new Map<string, ProducerRecord | undefined>();
    for (const key of this.#changed) {
      const producer = this.#producers.get(key);
      changes.set(key, producer && { ranges: producer.seen.ranges(), atMs: producer.atMs });
    }
    this.#changed = new Set();
    return changes;
  }

  /** The changes could not be saved: the next ones have them again. */
  giveBack(keys: Iterable<string>): void {
    for (const key of keys) this.#changed.add(key);
  }

  #forgetOldest(but: string): boolean {
    for (const [key, producer] of this.#producers) {
      if (key === but || producer.claims.size > 0) continue;
      this.#forget(key, producer);
      return true;
    }
    return false;
  }

  #forgetOld(): void {
    const tooOld = this.#now() - this.#limits.windowMs;
    for (const [key, producer] of this.#producers) {
      if (producer.atMs >= tooOld) break;
      if (producer.claims.size === 0) this.#forget(key, producer);
    }
  }

  #forget(key: string, producer: Producer): void {
    this.#producers.delete(key);
    this.#ranges -= producer.seen.size;
    this.#changed.add(key);
  }
}
