// The topics of the streams that this process knows: made or checked, found when another process made them, with a leader for each partition.
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../telemetry/log.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { toMooseError } from "./kafka-errors.ts";
import type { PartitionReader } from "./partition-reader.ts";
import type { Place, StreamPlaces } from "./stream-places.ts";
import type { Topics } from "./topics.ts";

const LEADERS_TIMEOUT_MS = 15_000;
const RETRY_DELAY_MS = 50;

export interface StreamTopicsOptions {
  readonly connection: KafkaConnection;
  readonly topics: Topics;
  readonly places: StreamPlaces;
  readonly reader: PartitionReader;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** These partitions are known from now on. `grown`: to a stream that was known before. */
  onAdded(places: readonly Place[], grown: boolean): void;
}

export class StreamTopics {
  readonly #options: StreamTopicsOptions;
  readonly #gone = new Set<string>();
  #knowing: Promise<unknown> = Promise.resolve();

  constructor(options: StreamTopicsOptions) {
    this.#options = options;
  }

  /** A stream that the meta topic tells of. */
  async knowExisting(stream: string): Promise<void> {
    const { topics, places, log } = this.#options;
    const topic = places.topicOf(stream);
    if (this.#gone.has(stream)) return;
    if (await topics.exists(topic)) return this.know(stream, 0);
    this.#gone.add(stream);
    log.warn("The topic of a stream is gone: its events are lost", { stream, topic });
  }

  /** Makes or checks the topic of a stream, and learns where its partitions are. One after the other: two might give a stream its places at once. */
  know(stream: string, partitions: number): Promise<void> {
    const knowing = this.#knowing.then(() => this.#know(stream, partitions));
    this.#knowing = knowing.catch(() => undefined);
    return knowing;
  }

  /** Until each partition has a leader that is known here: a topic that was just made is not known to all brokers at once. */
  async watch(topic: string, partitions: number): Promise<void> {
    const { connection, signal } = this.#options;
    const deadline = performance.now() + LEADERS_TIMEOUT_MS;
    for (;;) {
      try {
        await connection.watch([topic]);
        const led = Array.from({ length: partitions }, (_, partition) => connection.leader(topic, partition));
        if (led.every((leader) => leader !== undefined)) return;
        throw new Error(`topic "${topic}" has partitions without a leader`);
      } catch (error) {
        if (performance.now() > deadline || signal.aborted) throw toMooseError(error, `show topic "${topic}"`);
        await delay(RETRY_DELAY_MS, undefined, { signal });
        await connection.refresh().catch(() => undefined);
      }
    }
  }

  async #know(stream: string, partitions: number): Promise<void> {
    const { topics, places, reader, onAdded } = this.#options;
    const topic = places.topicOf(stream);
    const facts = await topics.ensure({ topic, partitions });
    await this.watch(topic, facts.partitions);
    const grown = places.knows(stream);
    const added = places.grow(stream, facts);
    await reader.locate(added);
    this.#gone.delete(stream);
    onAdded(added, grown);
  }
}
