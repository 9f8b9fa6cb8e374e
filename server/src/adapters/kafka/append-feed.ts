// Tells listeners of appends, in offset order for each partition: this process's own at once, those of others by long-polling the brokers.
import { setTimeout as delay } from "node:timers/promises";
import type { RecordBatch } from "../../model/record-batch.ts";
import type { Log } from "../../telemetry/log.ts";
import { BatchCollector } from "./collect-batches.ts";
import { type FetchedPartition, fetchRequest } from "./fetch-request.ts";
import { keyOf } from "./group-protocol.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { createErrorFromCode } from "./kafkajs-internals.ts";
import type { MetaTopic } from "./meta-topic.ts";
import type { PartitionReader } from "./partition-reader.ts";
import { decompressed, openRecordSet, type RecordSet } from "./record-set-cursor.ts";
import type { Place, StreamPlaces } from "./stream-places.ts";

const LIMITS = { maxWaitMs: 500, maxBytes: 8 * 1024 * 1024, maxPartitionBytes: 1024 * 1024 };
const EVERYTHING = { maxBytes: Number.MAX_SAFE_INTEGER, maxRecords: Number.MAX_SAFE_INTEGER };
const LOOK_EVERY_MS = 250;

export interface AppendFeedOptions {
  /** A connection of the feed's own: a broker answers one request of a connection at a time, and these wait. */
  openConnection(signal: AbortSignal): Promise<KafkaConnection>;
  readonly places: StreamPlaces;
  readonly reader: PartitionReader;
  readonly meta: MetaTopic;
  readonly log: Log;
}

type Listener = (batch: RecordBatch) => void;

export class AppendFeed {
  readonly #options: AppendFeedOptions;
  readonly #listeners = new Set<Listener>();
  /** The next offset to tell of, by partition. */
  readonly #told = new Map<string, number>();
  readonly #fetching = new Map<number, Promise<void>>();
  #stop: AbortController | undefined;
  #running: Promise<void> | undefined;

  constructor(options: AppendFeedOptions) {
    this.#options = options;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#stop === undefined) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) void this.close();
    };
  }

  /** These are known from now on, and told of from where they end. */
  added(places: readonly Place[]): void {
    for (const place of places) this.#told.set(keyOf(place), place.endOffset);
  }

  /** This process has stored a record batch. `records` is read during the call only. */
  stored(place: Place, baseOffset: number, records: Buffer): void {
    records.writeBigInt64BE(BigInt(baseOffset), 0);
    const set = openRecordSet(records, baseOffset);
    // Of what another process has put in between, the fetch tells first.
    if (this.#listeners.size > 0 && this.#told.get(keyOf(place)) === baseOffset) this.#tell(place, set, true);
    place.endOffset = Math.max(place.endOffset, set.nextOffset);
  }

  async close(): Promise<void> {
    this.#stop?.abort();
    this.#stop = undefined;
    await this.#running;
  }

  #start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    this.added(this.#options.places.all());
    const before = this.#running ?? Promise.resolve();
    this.#running = before.then(() => this.#run(stop.signal));
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { log, openConnection } = this.#options;
    let connection: KafkaConnection | undefined;
    while (!signal.aborted) {
      try {
        connection ??= await openConnection(signal);
        await this.#follow(connection, signal);
      } catch (error) {
        if (!signal.aborted)
          log.debug("The appends of other processes could not be looked up", { reason: (error as Error).message });
      }
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    await connection?.close();
    await Promise.all(this.#fetching.values());
  }

  /** A fetch that waits at each broker that leads a partition. */
  async #follow(connection: KafkaConnection, signal: AbortSignal): Promise<void> {
    const places = this.#options.places.all();
    await connection.watch(places.map(({ topic }) => topic));
    for (const { topic, partition } of places) {
      const leader = connection.leader(topic, partition);
      if (leader === undefined || this.#fetching.has(leader)) continue;
      const fetching = this.#fetchFrom(connection, leader, signal).finally(() => this.#fetching.delete(leader));
      this.#fetching.set(leader, fetching);
    }
  }

  /** Until it fails, or the broker leads nothing any more. */
  async #fetchFrom(connection: KafkaConnection, leader: number, signal: AbortSignal): Promise<void> {
    const { places, log } = this.#options;
    try {
      while (!signal.aborted) {
        const led = places.all().filter(({ topic, partition }) => connection.leader(topic, partition) === leader);
        const targets = led.flatMap((place) => {
          const fromOffset = this.#told.get(keyOf(place));
          return fromOffset === undefined ? [] : [{ topic: place.topic, partition: place.partition, fromOffset }];
        });
        if (targets.length === 0) return;
        const fetched = await connection.send(await connection.broker(leader), fetchRequest(targets, LIMITS));
        for (const answer of fetched) if (!signal.aborted) await this.#receive(answer);
      }
    } catch (error) {
      log.debug("A fetch of appends failed", { reason: (error as Error).message });
      await connection.refresh().catch(() => undefined);
    }
  }

  async #receive(fetched: FetchedPartition): Promise<void> {
    const { places, reader, log } = this.#options;
    const place = places.at(places.streamOf(fetched.topic), fetched.partition);
    const key = keyOf(place);
    const code = fetched.errorCode;
    if (code !== 0) {
      const error = createErrorFromCode(code) as Error & { type?: string };
      if (error.type !== "OFFSET_OUT_OF_RANGE") throw error;
      await reader.locate([place]);
      log.warn("Events were deleted before this process saw them: the topic's retention is short", {
        stream: place.stream,
      });
      this.#told.set(key, Math.max(place.startOffset, Math.min(this.#told.get(key)!, place.endOffset)));
      return;
    }
    const set = await decompressed(openRecordSet(fetched.records, this.#told.get(key)!, fetched.aborted));
    if (!this.#tell(place, set, false)) {
      await this.#options.meta.catchUp();
      this.#tell(place, set, true);
    }
    place.scannedTo = Math.max(place.scannedTo, this.#told.get(key)!);
  }

  /**
   * From the next offset on: what lies below was told already. Nothing is awaited, so that nothing comes in between. False, with
   * nothing told, when a schema is not known here, unless that is all right.
   */
  #tell(place: Place, set: RecordSet, anySchema: boolean): boolean {
    const { stream, partition } = place;
    const { meta } = this.#options;
    const foreignSchemaId = () => meta.newestSchema(stream) ?? "";
    const collector = new BatchCollector(
      { stream, partition, foreignSchemaId },
      this.#told.get(keyOf(place))!,
      EVERYTHING,
    );
    collector.add(set);
    const batches = collector.finish();
    if (!anySchema && batches.some(({ schemaId }) => meta.schema(schemaId) === undefined)) return false;
    this.#told.set(keyOf(place), collector.nextOffset);
    for (const batch of batches) {
      place.toldEnd = batch.baseOffset + batch.ends.length;
      place.endOffset = Math.max(place.endOffset, place.toldEnd);
      for (const listener of this.#listeners) {
        try {
          listener(batch);
        } catch (error) {
          this.#options.log.error("A listener of the stream threw", { stream, reason: (error as Error).message });
        }
      }
    }
    place.toldEnd = undefined;
    return true;
  }
}
