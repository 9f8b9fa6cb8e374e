// The topics behind the streams: made as the configuration says, grown, and checked when they exist already.
import { setTimeout as delay } from "node:timers/promises";
import type { Admin, ITopicMetadata } from "kafkajs";
import { MooseError } from "../../model/errors.ts";
import type { KafkaConfig } from "../../model/kafka-config.ts";
import type { Log } from "../../telemetry/log.ts";
import { toMooseError, typeOf } from "./kafka-errors.ts";
import { ConfigResourceTypes } from "./kafkajs.ts";

const CREATE_TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 100;
const HOUR_MS = 3_600_000;
/** A topic that was just made is not known to all brokers at once. */
const notEverywhere = new Set(["UNKNOWN_TOPIC_OR_PARTITION", "LEADER_NOT_AVAILABLE", "NOT_LEADER_FOR_PARTITION"]);
/** Kafka's own default of max.message.bytes. */
const USUAL_MAX_MESSAGE_BYTES = 1_048_588;
/** What this adapter can read back. A broker that is told so stores what others compress otherwise in one of these. */
const READABLE = new Set(["uncompressed", "gzip", "producer"]);

export interface TopicWish {
  readonly topic: string;
  readonly partitions: number;
  /** Compacted: for each key the newest record is kept for ever. */
  readonly compacted?: boolean;
  /** Instead of what the configuration says. */
  readonly retentionHours?: number;
}

export interface TopicFacts {
  readonly partitions: number;
  /** The largest record batch that the topic takes. */
  readonly maxBatchBytes: number;
}

export class Topics {
  readonly #admin: Admin;
  readonly #config: KafkaConfig;
  readonly #log: Log;

  constructor(admin: Admin, config: KafkaConfig, log: Log) {
    this.#admin = admin;
    this.#config = config;
    this.#log = log;
  }

  /**
   * Makes the topic, or grows and checks the one that is there. Rejects with MooseError `config_invalid` when it cannot be used,
   * and `log_unavailable`.
   */
  async ensure(wish: TopicWish): Promise<TopicFacts> {
    const { topic } = wish;
    for (const deadline = performance.now() + CREATE_TIMEOUT_MS; ; ) {
      try {
        return await this.#ensure(wish);
      } catch (error) {
        if (!notEverywhere.has(typeOf(error) ?? "") || performance.now() > deadline)
          throw toMooseError(error, `prepare topic "${topic}"`);
        await delay(RETRY_DELAY_MS);
      }
    }
  }

  async #ensure(wish: TopicWish): Promise<TopicFacts> {
    const found = await this.#find(wish.topic);
    if (found === undefined) await this.#create(wish);
    else if (found.partitions.length < wish.partitions) await this.#grow(wish, found.partitions.length);
    const partitions = Math.max(wish.partitions, found?.partitions.length ?? 0);
    return { partitions, maxBatchBytes: await this.#check(wish, found) };
  }

  async exists(topic: string): Promise<boolean> {
    return (await this.#find(topic)) !== undefined;
  }

  async #find(topic: string): Promise<ITopicMetadata | undefined> {
    try {
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0];
    } catch (error) {
      if (typeOf(error) === "UNKNOWN_TOPIC_OR_PARTITION") return undefined;
      throw error;
    }
  }

  async #create({
    topic,
    partitions,
    compacted,
    retentionHours = this.#config.retentionHours,
  }: TopicWish): Promise<void> {
    const { replicationFactor } = this.#config;
    const settings: Record<string, string> = {
      "cleanup.policy": compacted ? "compact" : "delete",
      // The broker stores what others send compressed so that every reader can read it.
      "compression.type": "uncompressed",
      // Retention goes by when the broker got an event, whatever a producer's clock says.
      "message.timestamp.type": "LogAppendTime",
    };
    if (!compacted && retentionHours !== undefined) settings["retention.ms"] = String(retentionHours * HOUR_MS);
    // With three replicas an acknowledged event is on two at least, and one may be away.
    if (replicationFactor !== undefined && replicationFactor >= 3) settings["min.insync.replicas"] = "2";
    await this.#admin.createTopics({
      waitForLeaders: true,
      timeout: CREATE_TIMEOUT_MS,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: replicationFactor ?? -1,
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
  }

  async #grow({ topic, partitions }: TopicWish, from: number): Promise<void> {
    try {
      await this.#admin.createPartitions({
        timeout: CREATE_TIMEOUT_MS,
        topicPartitions: [{ topic, count: partitions }],
      });
    } catch (error) {
      // Another process was faster.
      if (((await this.#find(topic))?.partitions.length ?? 0) >= partitions) return;
      throw error;
    }
    this.#log.info("A topic was given more partitions: the order of a key's events holds from now on", {
      topic,
      from,
      partitions,
    });
  }

  /** Bytes of the largest record batch. `found`: as the topic was before this start. */
  async #check(wish: TopicWish, found: ITopicMetadata | undefined): Promise<number> {
    const settings = await this.#settings(wish.topic);
    const maxBatchBytes = Number(settings.get("max.message.bytes") ?? USUAL_MAX_MESSAGE_BYTES);
    if (found === undefined || settings.size === 0) return maxBatchBytes;
    const problem = problemOf(wish, settings);
    if (problem !== undefined) throw new MooseError("config_invalid", `Topic "${wish.topic}" ${problem}`);
    for (const warning of this.#differences(wish, found, settings)) this.#log.warn(warning, { topic: wish.topic });
    return maxBatchBytes;
  }

  async #settings(topic: string): Promise<ReadonlyMap<string, string>> {
    try {
      const { resources } = await this.#admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
      });
      return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
    } catch (error) {
      if (!typeOf(error)?.endsWith("_AUTHORIZATION_FAILED")) throw error;
      this.#log.warn("The settings of a topic could not be checked: the user may not describe them", { topic });
      return new Map();
    }
  }

  *#differences(
    { compacted, retentionHours = this.#config.retentionHours }: TopicWish,
    found: ITopicMetadata,
    settings: ReadonlyMap<string, string>,
  ): Generator<string> {
    const { replicationFactor } = this.#config;
    const replicas = found.partitions[0]?.replicas.length ?? 0;
    if (replicationFactor !== undefined && replicas !== replicationFactor)
      yield `The topic has ${replicas} replicas, the configuration says ${replicationFactor}: move it with kafka-reassign-partitions, or change stream.kafka.replicationFactor`;
    if (replicas >= 3 && Number(settings.get("min.insync.replicas")) < 2)
      yield "The topic acknowledges an event that one replica alone has: set its min.insync.replicas to 2";
    const retentionMs = Number(settings.get("retention.ms"));
    if (!compacted && retentionHours !== undefined && retentionMs !== retentionHours * HOUR_MS)
      yield `The topic keeps events for ${retentionMs} ms, the configuration says ${retentionHours} hours: change its retention.ms with kafka-configs, or stream.kafka.retentionHours`;
  }
}

/** What makes a topic unusable, and what to do. Pure. */
export function problemOf({ compacted }: TopicWish, settings: ReadonlyMap<string, string>): string | undefined {
  const isCompacted = settings.get("cleanup.policy")?.includes("compact") ?? false;
  if (!compacted && isCompacted)
    return 'is compacted, which deletes events: set its cleanup.policy to "delete", or choose another stream.kafka.topicPrefix.';
  if (compacted && !isCompacted)
    return 'is not compacted, and would lose schemas: set its cleanup.policy to "compact", or choose another stream.kafka.topicPrefix.';
  const compression = settings.get("compression.type") ?? "producer";
  if (!READABLE.has(compression))
    return `stores events compressed with ${compression}, which cannot be read: set its compression.type to "uncompressed".`;
  return undefined;
}
