// Where groups stand: reads committed offsets with the range that was recorded beside them, and watches them advance.
import { setTimeout as delay } from "node:timers/promises";
import type { GroupProgress, ProgressListener } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { keyOf, type TopicPartition } from "./group-protocol.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError } from "./kafka-errors.ts";

const READ_TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 100;
/** Only while somebody listens: Kafka tells nobody of a commit (decision 0006). */
const WATCH_EVERY_MS = 100;

/** What stands beside an offset. */
interface OffsetMetadata extends Omit<GroupProgress, "committed"> {
  /** Names the transaction that committed the offset. */
  readonly token?: string;
}

/** Everything but the offset travels in the commit's metadata. */
export function encodeProgress({ committed: _, ...rest }: GroupProgress, token?: string): string {
  const metadata: OffsetMetadata = token === undefined ? rest : { ...rest, token };
  return Object.values(metadata).every((value) => value === undefined) ? "" : JSON.stringify(metadata);
}

export function decodeProgress(metadata: string | null | undefined): OffsetMetadata {
  if (metadata === null || metadata === undefined || metadata === "") return {};
  try {
    return JSON.parse(metadata) as OffsetMetadata;
  } catch {
    // Another tool has set the offset by hand.
    return {};
  }
}

export class GroupOffsets {
  readonly #connection: KafkaConnection;
  readonly #signal: AbortSignal;

  constructor(connection: KafkaConnection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  /** By `keyOf`; partitions without a commit are missing. Rejects with MooseError `log_unavailable`. */
  async read(groupId: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, GroupProgress>> {
    const deadline = performance.now() + READ_TIMEOUT_MS;
    for (;;) {
      try {
        return await this.#read(groupId, partitions);
      } catch (error) {
        this.#connection.forgetCoordinator(groupId);
        if (isRefusal(error) || performance.now() > deadline || this.#signal.aborted)
          throw toMooseError(error, `say where group "${groupId}" stands`);
        await delay(RETRY_DELAY_MS, undefined, { signal: this.#signal }).catch(() => undefined);
      }
    }
  }

  async #read(groupId: string, wanted: readonly TopicPartition[]): Promise<ReadonlyMap<string, GroupProgress>> {
    const topics = new Map<string, { partition: number }[]>();
    for (const { topic, partition } of wanted) topics.set(topic, [...(topics.get(topic) ?? []), { partition }]);
    const coordinator = await this.#connection.coordinator(groupId);
    const { responses } = await coordinator.offsetFetch({
      groupId,
      topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    });
    const found = new Map<string, GroupProgress>();
    for (const { topic, partitions } of responses) {
      for (const { partition, offset, metadata } of partitions) {
        if (Number(offset) < 0) continue;
        const { token: _, ...rest } = decodeProgress(metadata);
        found.set(keyOf({ topic, partition }), { committed: Number(offset), ...rest });
      }
    }
    return found;
  }
}

export interface WatchedGroup {
  readonly groupId: string;
  /** All partitions of all streams, as they are now. */
  places(): readonly { readonly stream: string; readonly topic: string; readonly partition: number }[];
}

/** Tells listeners of one group's advances, while there are any. */
export class ProgressWatch {
  readonly #group: WatchedGroup;
  readonly #offsets: GroupOffsets;
  readonly #log: Log;
  readonly #listeners = new Set<ProgressListener>();
  readonly #known = new Map<string, number>();
  #stop: AbortController | undefined;

  constructor(group: WatchedGroup, offsets: GroupOffsets, log: Log) {
    this.#group = group;
    this.#offsets = offsets;
    this.#log = log;
  }

  listen(listener: ProgressListener): () => void {
    this.#listeners.add(listener);
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      void this.#watch(this.#stop.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** This process has committed. */
  advanced(stream: string, at: TopicPartition, committed: number): void {
    if (committed <= (this.#known.get(keyOf(at)) ?? 0)) return;
    this.#known.set(keyOf(at), committed);
    for (const listener of this.#listeners) listener(stream, at.partition, committed);
  }

  close(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const places = this.#group.places();
      try {
        const found = places.length === 0 ? new Map() : await this.#offsets.read(this.#group.groupId, places);
        for (const place of places) {
          const progress = found.get(keyOf(place));
          if (progress !== undefined && !signal.aborted) this.advanced(place.stream, place, progress.committed);
        }
      } catch (error) {
        this.#log.debug("A group's offsets could not be read", { reason: (error as Error).message });
      }
      await delay(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
