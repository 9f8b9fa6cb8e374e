// The ledger of claims on its topic: made when the first rows are claimed, short-lived, one partition.
import type { ClaimedRows, RowClaim } from "../../model/row-claim.ts";
import type { Log } from "../../telemetry/log.ts";
import { CLAIM_WINDOW_MS, ClaimLedger } from "./claim-ledger.ts";
import { fenceProducer } from "./fence-producer.ts";
import type { IdempotentProducer } from "./idempotent-producer.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { PartitionReader } from "./partition-reader.ts";
import { ProduceLane } from "./produce-lane.ts";
import type { StreamPlaces } from "./stream-places.ts";
import type { Topics } from "./topics.ts";

/** After the prefix of the installation. */
export const CLAIMS_TOPIC = "_moose.claims";
const RETENTION_HOURS = 1;

export interface StreamClaimsOptions {
  readonly connection: KafkaConnection;
  readonly topics: Topics;
  readonly places: StreamPlaces;
  readonly reader: PartitionReader;
  readonly producer: IdempotentProducer;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Until each partition of the topic has a leader that is known here. */
  watch(topic: string, partitions: number): Promise<void>;
  /** Learns of partitions that another process has added. */
  know(stream: string): Promise<void>;
}

export class StreamClaims {
  readonly #options: StreamClaimsOptions;
  readonly #ledger: ClaimLedger;
  readonly #topic: string;
  #lane: ProduceLane | undefined;

  constructor(options: StreamClaimsOptions) {
    const { connection, places, reader, producer, signal, log } = options;
    this.#options = options;
    this.#topic = places.topicOf(CLAIMS_TOPIC);
    this.#ledger = new ClaimLedger({
      open: () => this.#open(),
      append: (entries) => producer.append(this.#lane!, entries),
      fetch: (fromOffset) => reader.fetchTopic(this.#topic, 0, fromOffset),
      identity: () => producer.identity(),
      endOffsets: (stream) => places.of(stream).map(({ endOffset }) => endOffset),
      fence: async (identity, { stream, partitions }) => {
        if (!places.knows(stream) || places.of(stream).length < partitions) await options.know(stream);
        log.info("A request took over rows that another process had claimed and not settled", { stream });
        await fenceProducer(connection, identity, places.of(stream), signal);
      },
      signal,
      log,
    });
  }

  claim(rows: ClaimedRows): Promise<RowClaim> {
    return this.#ledger.claim(rows);
  }

  keepUp(): Promise<void> {
    return this.#ledger.keepUp();
  }

  async #open(): Promise<number> {
    const { topics, reader, watch } = this.#options;
    const topic = this.#topic;
    const { maxBatchBytes } = await topics.ensure({ topic, partitions: 1, retentionHours: RETENTION_HOURS });
    await watch(topic, 1);
    this.#lane = new ProduceLane({ stream: CLAIMS_TOPIC, topic, partition: 0, maxBatchBytes });
    return reader.offsetSince(topic, 0, Date.now() - CLAIM_WINDOW_MS);
  }
}
