// The streams that this process knows: their topics, and where each partition begins and ends.
import { MooseError } from "../../model/errors.ts";
import { ProduceLane } from "./produce-lane.ts";

export interface Place {
  readonly stream: string;
  readonly topic: string;
  readonly partition: number;
  readonly lane: ProduceLane;
  startOffset: number;
  /** After the last event, as far as this process knows: what is no event (a transaction's marker, a null) may stand behind it. */
  endOffset: number;
  /** Below it no event is unknown here. */
  scannedTo: number;
  /** While listeners are told of a batch: its end, which is the end as they know it. */
  toldEnd?: number | undefined;
}

interface Stream {
  readonly places: Place[];
  turn: number;
}

export class StreamPlaces {
  readonly #topicPrefix: string;
  readonly #streams = new Map<string, Stream>();
  readonly #byTopic = new Map<string, string>();

  constructor(topicPrefix: string) {
    this.#topicPrefix = topicPrefix;
  }

  topicOf(stream: string): string {
    return `${this.#topicPrefix}${stream}`;
  }

  /** Of a topic of this installation. */
  streamOf(topic: string): string {
    return this.#byTopic.get(topic) ?? topic.slice(this.#topicPrefix.length);
  }

  knows(stream: string): boolean {
    return this.#streams.has(stream);
  }

  /** Makes places for partitions that have none; returns those. */
  grow(stream: string, facts: { partitions: number; maxBatchBytes: number }): readonly Place[] {
    const topic = this.topicOf(stream);
    const known = this.#streams.get(stream) ?? { places: [], turn: 0 };
    const added: Place[] = [];
    for (const { lane } of known.places) lane.maxBatchBytes = facts.maxBatchBytes;
    for (let partition = known.places.length; partition < facts.partitions; partition++) {
      const lane = new ProduceLane({ stream, topic, partition, maxBatchBytes: facts.maxBatchBytes });
      added.push({ stream, topic, partition, lane, startOffset: 0, endOffset: 0, scannedTo: 0 });
    }
    known.places.push(...added);
    this.#streams.set(stream, known);
    this.#byTopic.set(topic, stream);
    return added;
  }

  /** Throws MooseError `unknown_stream`. */
  of(stream: string): readonly Place[] {
    return this.#stream(stream).places;
  }

  /** Throws MooseError `unknown_stream`. */
  at(stream: string, partition: number): Place {
    const place = this.#stream(stream).places[partition];
    if (place === undefined)
      throw new MooseError("unknown_stream", `Stream "${stream}" has no partition ${partition}.`);
    return place;
  }

  all(): readonly Place[] {
    return [...this.#streams.values()].flatMap(({ places }) => places);
  }

  /** The partition whose turn it is to get rows without a key. */
  nextPartition(stream: string): number {
    const found = this.#stream(stream);
    found.turn = (found.turn + 1) % found.places.length;
    return found.turn;
  }

  #stream(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new MooseError("unknown_stream", `There is no stream "${name}" in the log.`);
    return stream;
  }
}
