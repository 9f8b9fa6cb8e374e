// Hot path: produces finished record batches; kafkajs's own writing makes several buffers of each record, and sorts them in quadratic time.
import { Encoder, type ProtocolRequest, requestDefinitions } from "./kafkajs-internals.ts";

export interface ProduceTarget {
  readonly topic: string;
  readonly partition: number;
  /** One record batch. */
  readonly records: Buffer;
}

export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  /** 0: well. */
  readonly errorCode: number;
  readonly baseOffset: number;
}

/** Kafka 2.1, and every Redpanda. */
const VERSION = 7;
const ALL_REPLICAS = -1;

interface DecodedProduce {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly baseOffset: string;
    }[];
  }[];
}

/** Each partition at most once. An error of one partition is in its result; it does not reject. */
export function produceRequest(
  targets: readonly ProduceTarget[],
  timeoutMs: number,
  transactionalId: string | null = null,
): ProtocolRequest<readonly ProducedPartition[]> {
  const options = { acks: ALL_REPLICAS, timeout: timeoutMs, topicData: [] };
  const { request, response } = requestDefinitions.Produce.protocol({ version: VERSION })(options);
  return {
    request: { ...request, encode: async () => encode(targets, timeoutMs, transactionalId) },
    logResponseError: false,
    response: {
      decode: (payload) => response.decode(payload),
      parse: async (decoded) =>
        (decoded as DecodedProduce).topics.flatMap(({ topicName, partitions }) =>
          partitions.map(({ partition, errorCode, baseOffset }) => ({
            topic: topicName,
            partition,
            errorCode,
            baseOffset: Number(baseOffset),
          })),
        ),
    },
  };
}

/** transactional id, acks (int16), time limit (int32), topics: name, partitions: number (int32), record batch. */
function encode(targets: readonly ProduceTarget[], timeoutMs: number, transactionalId: string | null) {
  const byTopic = new Map<string, ProduceTarget[]>();
  let bytes = 64;
  for (const target of targets) {
    const partitions = byTopic.get(target.topic);
    if (partitions === undefined) byTopic.set(target.topic, [target]);
    else partitions.push(target);
    bytes += target.records.length + target.topic.length + 16;
  }
  const encoder = new Encoder(bytes).writeString(transactionalId).writeInt16(ALL_REPLICAS).writeInt32(timeoutMs);
  encoder.writeInt32(byTopic.size);
  for (const [topic, partitions] of byTopic) {
    encoder.writeString(topic).writeInt32(partitions.length);
    for (const { partition, records } of partitions) encoder.writeInt32(partition).writeBytes(records);
  }
  return encoder;
}
