// The stream on Kafka or Redpanda: a topic for each stream, a record for each event; the embedded log's contract, shared by processes.
import { setTimeout as delay } from "node:timers/promises";
import type { Admin, Producer } from "kafkajs";
import { MooseError } from "../../model/errors.ts";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";
import { splitByPartition } from "../../model/split-by-partition.ts";
import type {
  AppendResult,
  GroupMember,
  GroupMembership,
  GroupProgress,
  ProgressListener,
  ReadLimit,
  StreamLog,
} from "../../ports/stream-log.ts";
import { AppendFeed } from "./append-feed.ts";
import { ConsumerGroups } from "./consumer-groups.ts";
import { IdempotentProducer } from "./idempotent-producer.ts";
import { KafkaConnection } from "./kafka-connection.ts";
import { toMooseError } from "./kafka-errors.ts";
import type { KafkaStreamLogOptions } from "./kafka-options.ts";
import { Partitioners } from "./kafkajs.ts";
import { logDirsRequest } from "./log-dirs-request.ts";
import { lookOut } from "./lookout.ts";
import { MetaTopic } from "./meta-topic.ts";
import { PartitionReader } from "./partition-reader.ts";
import { type Place, StreamPlaces } from "./stream-places.ts";
import { Topics } from "./topics.ts";

/** Schemas, and the order of streams: after the prefix of the installation. */
const META_TOPIC = "_moose.meta";
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
const LEADERS_TIMEOUT_MS = 15_000;
const SETTLE_TIMEOUT_MS = 10_000;
const ALL_REPLICAS = -1;

/**
 * Rejects with MooseError `config_invalid` when the brokers refuse what the configuration says, and with `log_unavailable` when none
 * answers in time.
 */
export async function openKafkaStreamLog(options: KafkaStreamLogOptions): Promise<StreamLog> {
  const log = new KafkaStreamLog(options);
  try {
    await log.open();
    return log;
  } catch (error) {
    await log.close();
    throw toMooseError(error, "be used as the stream");
  }
}

class KafkaStreamLog implements StreamLog {
  readonly #options: KafkaStreamLogOptions;
  readonly #connection: KafkaConnection;
  readonly #admin: Admin;
  readonly #topics: Topics;
  readonly #places: StreamPlaces;
  readonly #meta: MetaTopic;
  readonly #reader: PartitionReader;
  readonly #producer: IdempotentProducer;
  readonly #feed: AppendFeed;
  readonly #groups: ConsumerGroups;
  readonly #metaTopic: string;
  readonly #metaProducer: Producer;
  readonly #stop = new AbortController();
  readonly #gone = new Set<string>();
  #lookout: Promise<void> | undefined;
  #knowing: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(options: KafkaStreamLogOptions) {
    this.#options = options;
    const { topicPrefix, log } = options;
    const { signal } = this.#stop;
    const connection = new KafkaConnection(options);
    this.#connection = connection;
    this.#admin = connection.kafka.admin();
    this.#topics = new Topics(this.#admin, options, log);
    this.#places = new StreamPlaces(topicPrefix);
    this.#metaTopic = `${topicPrefix}${META_TOPIC}`;
    const topic = this.#metaTopic;
    this.#metaProducer = connection.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
    this.#meta = new MetaTopic(
      (fromOffset) => this.#reader.fetchTopic(topic, 0, fromOffset),
      async (key, value) => {
        await this.#metaProducer.send({ topic, acks: ALL_REPLICAS, messages: [{ key, value, partition: 0 }] });
      },
    );
    this.#reader = new PartitionReader({ connection, meta: this.#meta, signal });
    this.#producer = new IdempotentProducer({
      connection,
      log,
      maxPendingBytes: options.maxPendingBytes ?? MAX_PENDING_BYTES,
      appendTimeoutMs: options.appendTimeoutMs ?? 15_000,
      onStored: (lane, baseOffset, records) =>
        this.#feed.stored(this.#places.at(lane.stream, lane.partition), baseOffset, records),
    });
    const openConnection = (until = signal) => this.#open(until);
    const places = this.#places;
    this.#feed = new AppendFeed({ openConnection, places, reader: this.#reader, meta: this.#meta, log });
    this.#groups = new ConsumerGroups({
      connection,
      openConnection,
      places,
      topicPrefix,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 10_000,
      revokeTimeoutMs: options.revokeTimeoutMs ?? 10_000,
      signal,
      log,
    });
  }

  async open(): Promise<void> {
    await this.#connection.open(this.#options.openTimeoutMs ?? 30_000, this.#stop.signal);
    await Promise.all([this.#admin.connect(), this.#metaProducer.connect()]);
    await this.#topics.ensure({ topic: this.#metaTopic, partitions: 1, compacted: true });
    await this.#watch(this.#metaTopic, 1);
    await this.#meta.catchUp();
    for (const stream of this.#meta.streams) await this.#knowExisting(stream);
    this.#lookout = lookOut(
      {
        connection: this.#connection,
        meta: this.#meta,
        places: this.#places,
        reader: this.#reader,
        log: this.#options.log,
        know: (stream) => this.#knowExisting(stream),
      },
      this.#stop.signal,
    );
  }

  async ensureStream(stream: string, { partitions }: { partitions: number }): Promise<void> {
    if (!Number.isInteger(partitions) || partitions < 1)
      throw new RangeError(`partitions must be at least 1, not ${partitions}`);
    this.#mustBeOpen();
    if (this.#places.knows(stream) && this.#places.of(stream).length >= partitions) return;
    await this.#know(stream, partitions);
    try {
      await this.#meta.addStream(stream);
    } catch (error) {
      throw toMooseError(error, `add stream "${stream}"`);
    }
  }

  streams(): readonly string[] {
    return this.#meta.streams.filter((stream) => this.#places.knows(stream));
  }

  partitions(stream: string): number {
    return this.#places.of(stream).length;
  }

  async append(stream: string, records: NewRecords, partition?: number): Promise<readonly AppendResult[]> {
    this.#mustBeOpen();
    const { bytes, ends } = records;
    const places = this.#places.of(stream);
    if (partition !== undefined) this.#places.at(stream, partition);
    if (ends.length === 0) return [];
    if (ends[ends.length - 1]! + 1 !== bytes.length)
      throw new RangeError(
        `rows must end in "\\n": the last ends at ${ends[ends.length - 1]} of ${bytes.length} bytes`,
      );
    this.#producer.mustHaveRoom(bytes.length);
    const shares =
      partition === undefined
        ? splitByPartition(records, places.length, this.#places.nextPartition(stream))
        : [{ partition, records }];
    // Each copies its rows before the first wait, so that the caller can use its buffers again.
    return allSettledOrThrow(
      shares.map((share) => this.#producer.append(places[share.partition]!.lane, share.records)),
    );
  }

  async read(stream: string, partition: number, fromOffset: number, limit: ReadLimit): Promise<readonly RecordBatch[]> {
    const place = this.#places.at(stream, partition);
    this.#mustBeOpen();
    return this.#reader.read(place, fromOffset, limit);
  }

  startOffset(stream: string, partition: number): number {
    return this.#places.at(stream, partition).startOffset;
  }

  endOffset(stream: string, partition: number): number {
    const { toldEnd, endOffset } = this.#places.at(stream, partition);
    return toldEnd ?? endOffset;
  }

  async settle(stream: string): Promise<void> {
    this.#mustBeOpen();
    const places = this.#places.of(stream);
    const limit = AbortSignal.timeout(SETTLE_TIMEOUT_MS);
    const signal = AbortSignal.any([limit, this.#stop.signal]);
    try {
      await Promise.all(places.map(({ lane }) => lane.settled(signal)));
    } catch (error) {
      throw toMooseError(error, `say what became of events of "${stream}"`);
    }
    await this.#reader.locate(places);
  }

  onAppend(listener: (batch: RecordBatch) => void): () => void {
    return this.#feed.listen(listener);
  }

  async progress(group: string, stream: string, partition: number): Promise<GroupProgress> {
    this.#mustBeOpen();
    return this.#groups.progress(group, this.#places.at(stream, partition));
  }

  async saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void> {
    this.#mustBeOpen();
    await this.#groups.saveProgress(group, this.#places.at(stream, partition), progress);
  }

  onProgress(group: string, listener: ProgressListener): () => void {
    return this.#groups.onProgress(group, listener);
  }

  async groups(): Promise<readonly string[]> {
    this.#mustBeOpen();
    try {
      const { groups } = await this.#admin.listGroups();
      return this.#groups.namesAmong(groups.map(({ groupId }) => groupId));
    } catch (error) {
      throw toMooseError(error, "list the groups");
    }
  }

  async join(group: string, member: GroupMember): Promise<GroupMembership> {
    this.#mustBeOpen();
    return this.#groups.join(group, member);
  }

  async trim(stream: string, partition: number, beforeOffset: number): Promise<void> {
    this.#mustBeOpen();
    const place = this.#places.at(stream, partition);
    await this.#reader.locate([place]);
    const offset = Math.min(beforeOffset, place.endOffset);
    if (offset <= place.startOffset) return;
    try {
      await this.#admin.deleteTopicRecords({ topic: place.topic, partitions: [{ partition, offset: String(offset) }] });
    } catch (error) {
      throw toMooseError(error, `trim partition ${partition} of "${stream}"`);
    }
    place.startOffset = offset;
  }

  async size(stream: string): Promise<{ readonly bytes: number }> {
    this.#mustBeOpen();
    const byLeader = new Map<number, Place[]>();
    for (const place of this.#places.of(stream)) {
      const leader = this.#connection.leader(place.topic, place.partition);
      if (leader !== undefined) byLeader.set(leader, [...(byLeader.get(leader) ?? []), place]);
    }
    try {
      let bytes = 0;
      for (const [leader, places] of byLeader) {
        const request = logDirsRequest(
          places[0]!.topic,
          places.map(({ partition }) => partition),
        );
        const sizes = await this.#connection.send(await this.#connection.broker(leader), request);
        bytes += sizes.reduce((sum, size) => sum + size.bytes, 0);
      }
      return { bytes };
    } catch (error) {
      throw toMooseError(error, `say how large "${stream}" is`);
    }
  }

  async saveSchema(schemaId: string, spec: string): Promise<void> {
    this.#mustBeOpen();
    try {
      await this.#meta.saveSchema(schemaId, spec);
    } catch (error) {
      throw toMooseError(error, "save a schema");
    }
  }

  schema(schemaId: string): string | undefined {
    return this.#meta.schema(schemaId);
  }

  writable(): boolean {
    return this.#closed === undefined;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#producer.drained();
    await this.#groups.close();
    this.#stop.abort();
    this.#producer.close();
    await Promise.all([this.#feed.close(), this.#lookout]);
    const clients = [this.#admin, this.#metaProducer].map((client) => client.disconnect().catch(() => undefined));
    await Promise.all([...clients, this.#connection.close()]);
  }

  async #open(signal: AbortSignal): Promise<KafkaConnection> {
    const connection = new KafkaConnection(this.#options);
    await connection.open(this.#options.openTimeoutMs ?? 30_000, signal);
    return connection;
  }

  /** A stream that the meta topic tells of. */
  async #knowExisting(stream: string): Promise<void> {
    const topic = this.#places.topicOf(stream);
    if (this.#gone.has(stream)) return;
    if (await this.#topics.exists(topic)) return this.#know(stream, 0);
    this.#gone.add(stream);
    this.#options.log.warn("The topic of a stream is gone: its events are lost", { stream, topic });
  }

  /** One after the other: two might give the same stream its places at once. */
  #know(stream: string, partitions: number): Promise<void> {
    const knowing = this.#knowing.then(() => this.#knowNow(stream, partitions));
    this.#knowing = knowing.catch(() => undefined);
    return knowing;
  }

  /** Makes or checks the topic of a stream, and learns where its partitions are. */
  async #knowNow(stream: string, partitions: number): Promise<void> {
    const topic = this.#places.topicOf(stream);
    const facts = await this.#topics.ensure({ topic, partitions });
    await this.#watch(topic, facts.partitions);
    const grows = this.#places.knows(stream);
    const added = this.#places.grow(stream, facts);
    await this.#reader.locate(added);
    this.#feed.added(added);
    this.#gone.delete(stream);
    if (grows && added.length > 0) this.#groups.grown();
  }

  /** A topic that was just made is not known to all brokers at once. */
  async #watch(topic: string, partitions: number): Promise<void> {
    const deadline = performance.now() + LEADERS_TIMEOUT_MS;
    const { signal } = this.#stop;
    for (;;) {
      try {
        await this.#connection.watch([topic]);
        const led = Array.from({ length: partitions }, (_, partition) => this.#connection.leader(topic, partition));
        if (led.every((leader) => leader !== undefined)) return;
        throw new Error(`topic "${topic}" has partitions without a leader`);
      } catch (error) {
        if (performance.now() > deadline || signal.aborted) throw toMooseError(error, `show topic "${topic}"`);
        await delay(50, undefined, { signal });
        await this.#connection.refresh().catch(() => undefined);
      }
    }
  }

  #mustBeOpen(): void {
    if (this.#closed !== undefined)
      throw new MooseError("log_unavailable", "The log is closed: the server is stopping.");
  }
}

/** The results when all are well; else, when all have settled, the first error: nothing is under way any more then. */
async function allSettledOrThrow(appends: readonly Promise<AppendResult>[]): Promise<readonly AppendResult[]> {
  await Promise.allSettled(appends);
  return Promise.all(appends);
}
