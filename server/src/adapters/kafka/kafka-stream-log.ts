// The stream on Kafka or Redpanda: a topic for each stream, a record for each event; the embedded log's contract, shared by processes.
import type { Admin, Producer } from "kafkajs";
import { MooseError } from "../../model/errors.ts";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";
import type { ClaimedRows, RowClaim } from "../../model/row-claim.ts";
import { splitByPartition } from "../../model/split-by-partition.ts";
import type {
  AppendResult,
  GroupMember,
  GroupMembership,
  GroupProgress,
  JoinOptions,
  ProgressCommit,
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
import { lookOut } from "./lookout.ts";
import { MetaTopic } from "./meta-topic.ts";
import { PartitionReader } from "./partition-reader.ts";
import { bytesOf } from "./stream-bytes.ts";
import { StreamClaims } from "./stream-claims.ts";
import { StreamPlaces } from "./stream-places.ts";
import { StreamTopics } from "./stream-topics.ts";
import { Topics } from "./topics.ts";
import { TransactionalCommits } from "./transactional-commits.ts";

/** Schemas, and the order of streams: after the prefix of the installation. */
const META_TOPIC = "_moose.meta";
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
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
  readonly #streamTopics: StreamTopics;
  readonly #producer: IdempotentProducer;
  readonly #claims: StreamClaims;
  readonly #feed: AppendFeed;
  readonly #groups: ConsumerGroups;
  readonly #commits: TransactionalCommits;
  readonly #metaTopic: string;
  readonly #metaProducer: Producer;
  readonly #stop = new AbortController();
  #lookout: Promise<void> | undefined;
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
    this.#streamTopics = new StreamTopics({
      connection,
      topics: this.#topics,
      places: this.#places,
      reader: this.#reader,
      onAdded: (places, grown) => {
        this.#feed.added(places);
        if (grown && places.length > 0) this.#groups.grown();
      },
      signal,
      log,
    });
    this.#producer = new IdempotentProducer({
      connection,
      log,
      maxPendingBytes: options.maxPendingBytes ?? MAX_PENDING_BYTES,
      appendTimeoutMs: options.appendTimeoutMs ?? 15_000,
      onStored: ({ stream, partition }, baseOffset, records) => {
        if (this.#places.knows(stream)) this.#feed.stored(this.#places.at(stream, partition), baseOffset, records);
      },
    });
    this.#claims = new StreamClaims({
      connection,
      topics: this.#topics,
      places: this.#places,
      reader: this.#reader,
      producer: this.#producer,
      watch: (topic, partitions) => this.#streamTopics.watch(topic, partitions),
      know: (stream) => this.#streamTopics.know(stream, 0),
      signal,
      log,
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
    this.#commits = new TransactionalCommits({
      openConnection,
      places,
      mustHold: (group, place) => this.#groups.mustHold(group, place),
      idOf: (group) => this.#groups.idOf(group),
      signal,
    });
  }

  async open(): Promise<void> {
    await this.#connection.open(this.#options.openTimeoutMs ?? 30_000, this.#stop.signal);
    await Promise.all([this.#admin.connect(), this.#metaProducer.connect()]);
    await this.#topics.ensure({ topic: this.#metaTopic, partitions: 1, compacted: true });
    await this.#streamTopics.watch(this.#metaTopic, 1);
    await this.#meta.catchUp();
    for (const stream of this.#meta.streams) await this.#streamTopics.knowExisting(stream);
    this.#lookout = lookOut(
      {
        connection: this.#connection,
        meta: this.#meta,
        places: this.#places,
        reader: this.#reader,
        claims: this.#claims,
        log: this.#options.log,
        know: (stream) => this.#streamTopics.knowExisting(stream),
      },
      this.#stop.signal,
    );
  }

  async ensureStream(stream: string, { partitions }: { partitions: number }): Promise<void> {
    if (!Number.isInteger(partitions) || partitions < 1)
      throw new RangeError(`partitions must be at least 1, not ${partitions}`);
    this.#mustBeOpen();
    if (this.#places.knows(stream) && this.#places.of(stream).length >= partitions) return;
    await this.#streamTopics.know(stream, partitions);
    try {
      await this.#meta.addStream(stream);
    } catch (error) {
      throw toMooseError(error, `add stream "${stream}"`);
    }
  }

  /** The markers of transactions. */
  leavesGaps(): boolean {
    return true;
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
    await this.#reader.locateAll(places);
  }

  async claim(rows: ClaimedRows): Promise<RowClaim> {
    this.#mustBeOpen();
    this.#places.of(rows.stream);
    return this.#claims.claim(rows);
  }

  onAppend(listener: (batch: RecordBatch) => void): () => void {
    return this.#feed.listen(listener);
  }

  async progress(group: string, stream: string, partition: number): Promise<GroupProgress> {
    this.#mustBeOpen();
    const place = this.#places.at(stream, partition);
    const assignment = this.#groups.assignmentOf(group, place);
    return assignment === undefined
      ? this.#groups.progress(group, place)
      : this.#commits.progress(group, place, assignment);
  }

  async saveProgress(group: string, stream: string, partition: number, progress: GroupProgress): Promise<void> {
    this.#mustBeOpen();
    await this.#groups.saveProgress(group, this.#places.at(stream, partition), progress);
  }

  async commit(group: string, commit: ProgressCommit): Promise<readonly (readonly AppendResult[])[]> {
    this.#mustBeOpen();
    const place = this.#places.at(commit.stream, commit.partition);
    const results = await this.#commits.commit(group, place, commit);
    this.#groups.advanced(group, place, commit.progress.committed);
    return results;
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

  async join(group: string, member: GroupMember, options: JoinOptions = {}): Promise<GroupMembership> {
    this.#mustBeOpen();
    return this.#groups.join(group, member, options);
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

  async size(stream: string): Promise<{ bytes: number }> {
    this.#mustBeOpen();
    try {
      return { bytes: await bytesOf(this.#connection, this.#places.of(stream)) };
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
    await this.#commits.close();
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
