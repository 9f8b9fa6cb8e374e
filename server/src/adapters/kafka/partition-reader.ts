// Hot path: reads a partition by offset, by fetch requests of its own: kafkajs's consumers read for a group only, and from one place on.
import { setTimeout as delay } from "node:timers/promises";
import { MooseError } from "../../model/errors.ts";
import type { RecordBatch } from "../../model/record-batch.ts";
import type { ReadLimit } from "../../ports/stream-log.ts";
import { BatchCollector } from "./collect-batches.ts";
import { type FetchedPartition, fetchRequest } from "./fetch-request.ts";
import { findEventEnd } from "./find-event-end.ts";
import { keyOf, type TopicPartition } from "./group-protocol.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError, typeOf } from "./kafka-errors.ts";
import { createErrorFromCode } from "./kafkajs-internals.ts";
import type { MetaTopic } from "./meta-topic.ts";
import { decompressed, openRecordSet, type RecordSet } from "./record-set-cursor.ts";
import type { Place } from "./stream-places.ts";

const READ_TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 100;
const LOOK_EVERY_MS = 20;
const MIN_FETCH_BYTES = 64 * 1024;
const MAX_FETCH_BYTES = 4 * 1024 * 1024;
const EARLIEST = -2;
const LATEST = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;

export interface PartitionReaderOptions {
  readonly connection: KafkaConnection;
  readonly meta: MetaTopic;
  readonly signal: AbortSignal;
}

interface FetchedSet {
  readonly place: Place;
  readonly fromOffset: number;
  readonly set: RecordSet;
  /** Of the partition, when it was fetched. */
  readonly endOffset: number;
}

export class PartitionReader {
  readonly #options: PartitionReaderOptions;
  #fetched: FetchedSet | undefined;

  constructor(options: PartitionReaderOptions) {
    this.#options = options;
  }

  /** As `StreamLog.read` says. Learns where the partition begins and ends. */
  async read(place: Place, fromOffset: number, limit: ReadLimit): Promise<readonly RecordBatch[]> {
    const { meta } = this.#options;
    const { stream, partition } = place;
    const foreignSchemaId = () => meta.newestSchema(stream) ?? "";
    const collector = new BatchCollector({ stream, partition, foreignSchemaId }, fromOffset, limit);
    if (meta.newestSchema(stream) === undefined) await meta.catchUp();
    let left = limit.maxBytes;
    while (!collector.full) {
      const before = collector.nextOffset;
      const leftOver = this.#leftOver(place, before);
      const fetched = leftOver ?? (await this.#fetchSet(place, before, clamp(left * 2)));
      if (fetched === undefined) break;
      const { set, endOffset } = fetched;
      collector.add(set);
      // What a small read leaves is where the next one goes on.
      this.#fetched = collector.nextOffset < set.nextOffset ? fetched : undefined;
      left -= set.batches.reduce((sum, { records }) => sum + records.length, 0);
      // What is left over may be of a time when the end was another.
      if (leftOver === undefined && (collector.nextOffset >= endOffset || collector.nextOffset === before)) break;
    }
    const batches = collector.finish();
    const last = batches.at(-1);
    if (last !== undefined) place.endOffset = Math.max(place.endOffset, last.baseOffset + last.ends.length);
    // Another process may have saved a schema since.
    if (batches.some(({ schemaId }) => meta.schema(schemaId) === undefined)) await meta.catchUp();
    return batches;
  }

  /** Of the last fetch, if the offset is in it. */
  #leftOver(place: Place, fromOffset: number): FetchedSet | undefined {
    const fetched = this.#fetched;
    if (fetched?.place !== place || fromOffset < place.startOffset) return undefined;
    return fromOffset >= fetched.fromOffset && fromOffset < fetched.set.nextOffset ? fetched : undefined;
  }

  async #fetchSet(place: Place, fromOffset: number, maxPartitionBytes: number): Promise<FetchedSet | undefined> {
    const fetched = await this.#fetch(place, fromOffset, maxPartitionBytes);
    if (fetched === undefined) return undefined;
    const set = await decompressed(openRecordSet(fetched.records, fromOffset, fetched.aborted));
    return { place, fromOffset, set, endOffset: fetched.endOffset };
  }

  /** One answer, at once. undefined: the offset is behind the end. Rejects with MooseError `offset_trimmed` or `log_unavailable`. */
  async #fetch(place: Place, fromOffset: number, maxPartitionBytes: number): Promise<FetchedPartition | undefined> {
    const { topic, partition } = place;
    const limits = { maxWaitMs: 0, maxBytes: MAX_FETCH_BYTES, maxPartitionBytes };
    const request = () => fetchRequest([{ topic, partition, fromOffset }], limits);
    const doing = `read partition ${partition} of "${place.stream}"`;
    const fetched = await this.#persist(doing, async () => {
      const [answer] = await this.#options.connection.sendToLeader(topic, partition, request());
      const code = answer?.errorCode ?? -1;
      const error = createErrorFromCode(code);
      if (code !== 0 && typeOf(error) !== "OFFSET_OUT_OF_RANGE") throw error;
      return answer!;
    });
    if (fetched.errorCode !== 0) {
      await this.locate([place]);
      if (fromOffset >= place.startOffset) return undefined;
      throw new MooseError(
        "offset_trimmed",
        `Partition ${partition} of "${place.stream}" begins at offset ${place.startOffset}: ${fromOffset} is not kept any more.`,
        { extra: { startOffset: place.startOffset } },
      );
    }
    place.startOffset = Math.max(place.startOffset, fetched.startOffset);
    return fetched;
  }

  /** Reads a partition that is no stream's. Rejects with MooseError `log_unavailable`. */
  fetchTopic(topic: string, partition: number, fromOffset: number): Promise<FetchedPartition> {
    const limits = { maxWaitMs: 0, maxBytes: MAX_FETCH_BYTES, maxPartitionBytes: MAX_FETCH_BYTES };
    return this.#persist(`read topic "${topic}"`, async () => {
      const request = fetchRequest([{ topic, partition, fromOffset }], limits);
      const [answer] = await this.#options.connection.sendToLeader(topic, partition, request);
      if (answer === undefined || answer.errorCode !== 0) throw createErrorFromCode(answer?.errorCode ?? -1);
      return answer;
    });
  }

  /** Asks where partitions begin and end. Rejects with MooseError `log_unavailable`. */
  async locate(places: readonly Place[]): Promise<void> {
    await this.#persist("say where topics begin and end", () =>
      this.#eachLeader(places, async (leader, led) => {
        const starts = await this.#offsets(leader, led, { timestamp: EARLIEST });
        const ends = await this.#offsets(leader, led, { timestamp: LATEST });
        for (const place of led) {
          place.startOffset = Math.max(place.startOffset, starts.get(keyOf(place)) ?? 0);
          await this.#knowEnd(place, ends.get(keyOf(place)) ?? 0);
        }
      }),
    );
  }

  /** The same, once no transaction holds back anything of what is stored by now. */
  async locateAll(places: readonly Place[]): Promise<void> {
    await this.#persist("show all that is stored", () =>
      this.#eachLeader(places, async (leader, led) => {
        const stored = await this.#offsets(leader, led, { timestamp: LATEST, isolationLevel: READ_UNCOMMITTED });
        for (const deadline = performance.now() + READ_TIMEOUT_MS; ; ) {
          const ends = await this.#offsets(leader, led, { timestamp: LATEST });
          if (led.every((place) => ends.get(keyOf(place))! >= stored.get(keyOf(place))!)) break;
          if (performance.now() > deadline) throw heldBack(led[0]!.stream);
          await delay(LOOK_EVERY_MS, undefined, { signal: this.#options.signal });
        }
      }),
    );
    await this.locate(places);
  }

  /** The first offset that was stored then or later; the end where there is none. Rejects with MooseError `log_unavailable`. */
  offsetSince(topic: string, partition: number, timestampMs: number): Promise<number> {
    return this.#persist(`read topic "${topic}"`, async () => {
      const leader = this.#options.connection.leader(topic, partition);
      if (leader === undefined)
        throw new Error(`partition ${partition} of topic "${topic}" has no leader at the moment`);
      const at = { topic, partition };
      const found = (await this.#offsets(leader, [at], { timestamp: timestampMs })).get(keyOf(at)) ?? -1;
      return found >= 0 ? found : (await this.#offsets(leader, [at], { timestamp: LATEST })).get(keyOf(at))!;
    });
  }

  async #eachLeader(
    places: readonly Place[],
    ask: (leader: number, led: readonly Place[]) => Promise<void>,
  ): Promise<void> {
    const byLeader = new Map<number, Place[]>();
    for (const place of places) {
      const leader = this.#options.connection.leader(place.topic, place.partition);
      if (leader === undefined)
        throw new Error(`partition ${place.partition} of topic "${place.topic}" has no leader at the moment`);
      byLeader.set(leader, [...(byLeader.get(leader) ?? []), place]);
    }
    for (const [leader, led] of byLeader) await ask(leader, led);
  }

  async #knowEnd(place: Place, stableEnd: number): Promise<void> {
    if (stableEnd > place.scannedTo) {
      const { topic, partition } = place;
      const limits = { maxWaitMs: 0, maxBytes: 1, maxPartitionBytes: 1 };
      const end = await findEventEnd(Math.max(place.startOffset, place.endOffset), stableEnd, async (fromOffset) => {
        const request = fetchRequest([{ topic, partition, fromOffset }], limits);
        const [answer] = await this.#options.connection.sendToLeader(topic, partition, request);
        if (answer === undefined || answer.errorCode !== 0) throw createErrorFromCode(answer?.errorCode ?? -1);
        return answer;
      });
      place.endOffset = Math.max(place.endOffset, end);
      place.scannedTo = Math.max(place.scannedTo, stableEnd);
    }
    place.endOffset = Math.max(place.endOffset, place.startOffset);
  }

  async #offsets(
    leader: number,
    places: readonly TopicPartition[],
    { timestamp, isolationLevel = READ_COMMITTED }: { timestamp: number; isolationLevel?: number },
  ): Promise<ReadonlyMap<string, number>> {
    const topics = new Map<string, { partition: number; timestamp: number }[]>();
    for (const { topic, partition } of places)
      topics.set(topic, [...(topics.get(topic) ?? []), { partition, timestamp }]);
    const broker = await this.#options.connection.broker(leader);
    const { responses } = await broker.listOffsets({
      isolationLevel,
      topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    });
    return new Map(
      responses.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [keyOf({ topic, partition }), Number(offset)] as const),
      ),
    );
  }

  /** Tries until it works, for as long as a read may take. */
  async #persist<T>(doing: string, work: () => Promise<T>): Promise<T> {
    const { connection, signal } = this.#options;
    const deadline = performance.now() + READ_TIMEOUT_MS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof MooseError || isRefusal(error) || signal.aborted || performance.now() > deadline)
          throw toMooseError(error, doing);
        await delay(RETRY_DELAY_MS, undefined, { signal }).catch(() => undefined);
        await connection.refresh().catch(() => undefined);
      }
    }
  }
}

const clamp = (bytes: number): number => Math.min(MAX_FETCH_BYTES, Math.max(MIN_FETCH_BYTES, bytes));

const heldBack = (stream: string): MooseError =>
  new MooseError("log_unavailable", `A transaction of another producer holds back the end of "${stream}".`, {
    retryAfterSeconds: 2,
  });
