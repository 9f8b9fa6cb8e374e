// Hot path: fetches record batches as they are stored; kafkajs's own reading makes several objects of each record.
import type { ProtocolRequest } from "./kafkajs-internals.ts";
import { requestDefinitions } from "./kafkajs-internals.ts";
import { PayloadReader } from "./payload-reader.ts";
import type { AbortedTransaction } from "./record-set-cursor.ts";

export interface FetchTarget {
  readonly topic: string;
  readonly partition: number;
  readonly fromOffset: number;
}

export interface FetchLimits {
  /** How long the broker may wait for new records; 0: it answers at once. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /** 0: well. */
  readonly errorCode: number;
  /** Records below are committed, and of transactions that have ended. */
  readonly endOffset: number;
  readonly startOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches; the last may be cut off. */
  readonly records: Buffer;
}

/** Kafka 2.3, and every Redpanda. */
const VERSION = 11;

export function fetchRequest(
  targets: readonly FetchTarget[],
  { maxWaitMs, maxBytes, maxPartitionBytes }: FetchLimits,
): ProtocolRequest<readonly FetchedPartition[]> {
  const byTopic = new Map<string, { partition: number; fetchOffset: number; maxBytes: number }[]>();
  for (const { topic, partition, fromOffset } of targets) {
    const partitions = byTopic.get(topic) ?? [];
    partitions.push({ partition, fetchOffset: fromOffset, maxBytes: maxPartitionBytes });
    byTopic.set(topic, partitions);
  }
  const topics = [...byTopic].map(([topic, partitions]) => ({ topic, partitions }));
  const { request, requestTimeout } = requestDefinitions.Fetch.protocol({ version: VERSION })({
    maxWaitTime: maxWaitMs,
    minBytes: 1,
    maxBytes,
    topics,
  });
  return {
    request,
    ...(requestTimeout === undefined ? {} : { requestTimeout }),
    logResponseError: false,
    response: {
      decode: async (payload) => readFetched(payload),
      parse: async (decoded) => decoded as FetchedPartition[],
    },
  };
}

/**
 * throttle time (int32), error (int16), session (int32), topics: name, partitions: number (int32), error (int16), high watermark,
 * last stable offset, start offset (int64 each), aborted: producer id, first offset (int64 each); preferred replica (int32), records.
 */
function readFetched(payload: Buffer): FetchedPartition[] {
  const fetched: FetchedPartition[] = [];
  const reader = new PayloadReader(payload);
  reader.skip(4 + 2 + 4);
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topic = reader.text();
    for (let partitions = reader.int32(); partitions > 0; partitions--) {
      const partition = reader.int32();
      const errorCode = reader.int16();
      reader.skip(8);
      const endOffset = reader.int64();
      const startOffset = reader.int64();
      const aborted: AbortedTransaction[] = [];
      for (let count = reader.int32(); count > 0; count--)
        aborted.push({ producerId: reader.bigInt64(), firstOffset: reader.int64() });
      reader.skip(4);
      const records = reader.take(reader.int32());
      fetched.push({ topic, partition, errorCode, endOffset, startOffset, aborted, records });
    }
  }
  return fetched;
}
