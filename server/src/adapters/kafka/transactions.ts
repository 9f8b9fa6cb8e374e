// The requests of a transaction: begin under a later epoch, add what it is to hold, end it.
import { setTimeout as delay } from "node:timers/promises";
import type { GroupProgress } from "../../ports/stream-log.ts";
import type { CommitLayout, LaidBatch } from "./commit-layout.ts";
import { decodeProgress, encodeProgress } from "./group-offsets.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { typeOf } from "./kafka-errors.ts";
import { REQUEST_TIMEOUT_MS } from "./kafka-options.ts";
import { type Broker, createErrorFromCode, type TransactionOfProducer } from "./kafkajs-internals.ts";
import { produceRequest } from "./produce-request.ts";
import { stableOffsetRequest } from "./stable-offset-request.ts";
import type { Place } from "./stream-places.ts";

/**
 * The coordinator aborts what is open for longer. Readers of the streams that it writes to wait so long, and up to 10 s more until
 * the coordinator looks, when a process dies in the middle and nobody takes its partition over before.
 */
const TRANSACTION_TIMEOUT_MS = 5_000;
/** The end of one transaction is written to its partitions when the next begins already. */
const BUSY_DELAY_MS = 5;
const BUSY_TRIES = 400;
/** They are 31 bits, and begin again at 0. */
const SEQUENCES = 2 ** 31;

/** What the group's offset says: the progress, and a token of the commit that made it. */
export interface FoundProgress {
  readonly progress: GroupProgress;
  readonly committed: number;
  readonly token: string;
}

/** One epoch of a transactional id. */
export class TransactionSession {
  readonly producer: TransactionOfProducer;
  readonly groupId: string;
  readonly place: Place;
  readonly found: FoundProgress;
  readonly #sequences = new Map<Place, number>();
  #commits = 0;

  constructor(producer: TransactionOfProducer, groupId: string, place: Place, found: FoundProgress) {
    this.producer = producer;
    this.groupId = groupId;
    this.place = place;
    this.found = found;
  }

  /** Unlike any other of the transactional id. */
  nextToken(): string {
    const { producerId, producerEpoch } = this.producer;
    return `${producerId}.${producerEpoch}.${this.#commits++}`;
  }

  /** By which the broker knows a batch that comes twice; each epoch begins at 0. */
  sequenceOf(place: Place): number {
    return this.#sequences.get(place) ?? 0;
  }

  advance(place: Place, count: number): void {
    this.#sequences.set(place, (this.sequenceOf(place) + count) % SEQUENCES);
  }
}

export interface TransactionContent {
  readonly layout: CommitLayout;
  readonly progress: GroupProgress;
  readonly token: string;
}

/** Each method rejects with kafkajs's error; then nothing is certain, and the transaction has to be begun anew. */
export class Transactions {
  readonly #connection: KafkaConnection;
  readonly #watched = new Set<string>();

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** Ends what was open under the id; whoever had it before is refused from now on. Then reads what the group's offset says. */
  async begin(transactionalId: string, groupId: string, place: Place): Promise<TransactionSession> {
    const options = { transactionalId, transactionTimeout: TRANSACTION_TIMEOUT_MS };
    const given = await this.#atCoordinator(transactionalId, (broker) => broker.initProducerId(options));
    const producer = { transactionalId, producerId: given.producerId, producerEpoch: given.producerEpoch };
    return new TransactionSession(producer, groupId, place, await this.stableProgress(groupId, place));
  }

  /** Stores everything, seen by nobody yet; says where each batch begins. */
  async fill(session: TransactionSession, content: TransactionContent): Promise<ReadonlyMap<LaidBatch, number>> {
    const { layout } = content;
    const topics = new Map<string, number[]>();
    for (const { topic, partition } of layout.batches.keys())
      topics.set(topic, [...(topics.get(topic) ?? []), partition]);
    if (topics.size > 0) {
      const added = [...topics].map(([topic, partitions]) => ({ topic, partitions }));
      const { producer } = session;
      await this.#atCoordinator(producer.transactionalId, (broker) =>
        broker.addPartitionsToTxn({ ...producer, topics: added }),
      );
      await this.#watch([...topics.keys()]);
    }
    const [stored, saved] = await Promise.allSettled([this.#produce(session, layout), this.#save(session, content)]);
    if (stored.status === "rejected") throw stored.reason;
    if (saved.status === "rejected") throw saved.reason;
    return stored.value;
  }

  /** Everything is there once this resolves; readers see it a moment later. */
  async end({ producer }: TransactionSession): Promise<void> {
    const coordinator = await this.#connection.transactionCoordinator(producer.transactionalId);
    try {
      await coordinator.endTxn({ ...producer, transactionResult: true });
    } catch (error) {
      this.#connection.forgetCoordinator(producer.transactionalId);
      throw error;
    }
  }

  /** After a failure: partitions and coordinators may have moved. */
  async lookAgain(): Promise<void> {
    await this.#connection.refresh().catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** The batches of a partition follow each other, those of all partitions go at the same time. */
  async #produce(session: TransactionSession, { batches }: CommitLayout): Promise<ReadonlyMap<LaidBatch, number>> {
    const baseOffsets = new Map<LaidBatch, number>();
    const most = Math.max(0, ...[...batches.values()].map(({ length }) => length));
    for (let round = 0; round < most; round++) {
      const byLeader = new Map<number, LaidBatch[]>();
      for (const [{ topic, partition }, laid] of batches) {
        const batch = laid[round];
        if (batch === undefined) continue;
        const leader = this.#connection.leader(topic, partition);
        if (leader === undefined) throw new Error(`partition ${partition} of topic "${topic}" has no leader`);
        byLeader.set(leader, [...(byLeader.get(leader) ?? []), batch]);
      }
      const sent = [...byLeader].map(([leader, laid]) => this.#send(session, leader, laid, baseOffsets));
      const outcomes = await Promise.allSettled(sent);
      for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    }
    return baseOffsets;
  }

  async #send(
    session: TransactionSession,
    leader: number,
    laid: readonly LaidBatch[],
    baseOffsets: Map<LaidBatch, number>,
  ): Promise<void> {
    const timestampMs = Date.now();
    const producerId = BigInt(session.producer.producerId);
    const { producerEpoch } = session.producer;
    const targets = laid.map(({ place, builder }) => {
      const seal = { producerId, producerEpoch, timestampMs, transactional: true as const };
      return {
        topic: place.topic,
        partition: place.partition,
        records: builder.seal({ ...seal, baseSequence: session.sequenceOf(place) }),
      };
    });
    const request = produceRequest(targets, REQUEST_TIMEOUT_MS, session.producer.transactionalId);
    const produced = await this.#connection.send(await this.#connection.broker(leader), request);
    for (const batch of laid) {
      const { topic, partition } = batch.place;
      const result = produced.find((found) => found.topic === topic && found.partition === partition);
      if (result === undefined || result.errorCode !== 0) throw createErrorFromCode(result?.errorCode ?? -1);
      session.advance(batch.place, batch.builder.count);
      baseOffsets.set(batch, result.baseOffset);
    }
  }

  /** The group's offset, in the same transaction. */
  async #save(session: TransactionSession, { progress, token }: TransactionContent): Promise<void> {
    const { producer, groupId, place } = session;
    await this.#atCoordinator(producer.transactionalId, (broker) => broker.addOffsetsToTxn({ ...producer, groupId }));
    const { topic, partition } = place;
    const saved = { partition, offset: String(progress.committed), metadata: encodeProgress(progress, token) };
    try {
      const coordinator = await this.#connection.coordinator(groupId);
      await coordinator.txnOffsetCommit({ ...producer, groupId, topics: [{ topic, partitions: [saved] }] });
    } catch (error) {
      this.#connection.forgetCoordinator(groupId);
      throw error;
    }
  }

  /** What the group's offset says, once no transaction can change it any more. */
  async stableProgress(groupId: string, place: Place): Promise<FoundProgress> {
    const found = await this.#whileBusy(async () => {
      try {
        const coordinator = await this.#connection.coordinator(groupId);
        return await this.#connection.send(coordinator, stableOffsetRequest(groupId, place));
      } catch (error) {
        if (typeOf(error) !== "UNSTABLE_OFFSET_COMMIT") this.#connection.forgetCoordinator(groupId);
        throw error;
      }
    });
    if (found.offset < 0) return { progress: { committed: 0 }, committed: 0, token: "" };
    const { token, ...rest } = decodeProgress(found.metadata);
    return { progress: { committed: found.offset, ...rest }, committed: found.offset, token: token ?? "" };
  }

  #atCoordinator<T>(transactionalId: string, request: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#whileBusy(async () => {
      try {
        return await request(await this.#connection.transactionCoordinator(transactionalId));
      } catch (error) {
        if (!isBusy(error)) this.#connection.forgetCoordinator(transactionalId);
        throw error;
      }
    });
  }

  /** Asks again, within a limit, while a transaction of the id is being ended. */
  async #whileBusy<T>(request: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await request();
      } catch (error) {
        if (!isBusy(error) || tries === BUSY_TRIES) throw error;
        await delay(BUSY_DELAY_MS);
      }
    }
  }

  async #watch(topics: readonly string[]): Promise<void> {
    const fresh = topics.filter((topic) => !this.#watched.has(topic));
    if (fresh.length === 0) return;
    await this.#connection.watch(fresh);
    for (const topic of fresh) this.#watched.add(topic);
  }
}

const busy = new Set(["CONCURRENT_TRANSACTIONS", "UNSTABLE_OFFSET_COMMIT"]);
const isBusy = (error: unknown): boolean => busy.has(typeOf(error) ?? "");
