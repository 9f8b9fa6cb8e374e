// Ends what a producer may store: a record of the next epoch, in each partition, after which the broker refuses those of before.
import { setTimeout as delay } from "node:timers/promises";
import { crc32c } from "./crc32c.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError, typeOf } from "./kafka-errors.ts";
import { REQUEST_TIMEOUT_MS } from "./kafka-options.ts";
import { createErrorFromCode } from "./kafkajs-internals.ts";
import { produceRequest } from "./produce-request.ts";
import type { ProducerIdentity } from "./producer-session.ts";
import * as layout from "./record-batch-layout.ts";

const RETRY_DELAY_MS = 100;
const FENCE_TIMEOUT_MS = 10_000;

export interface FencedPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Resolves when what the producer has sent is in these partitions, or never will be. The record has no value: it is no event. A producer
 * without transactions raises its epoch by itself (KIP-360), so anybody who knows it may. Rejects with MooseError `log_unavailable`.
 */
export async function fenceProducer(
  connection: KafkaConnection,
  { producerId, producerEpoch }: ProducerIdentity,
  partitions: readonly FencedPartition[],
  signal: AbortSignal,
): Promise<void> {
  const records = fenceRecord({ producerId, producerEpoch: producerEpoch + 1 });
  await Promise.all(partitions.map((target) => fence(connection, { ...target, records }, signal)));
}

async function fence(
  connection: KafkaConnection,
  target: FencedPartition & { readonly records: Buffer },
  signal: AbortSignal,
): Promise<void> {
  const { topic, partition } = target;
  for (const deadline = performance.now() + FENCE_TIMEOUT_MS; ; ) {
    try {
      const request = produceRequest([target], REQUEST_TIMEOUT_MS);
      const [produced] = await connection.sendToLeader(topic, partition, request);
      const code = produced?.errorCode ?? -1;
      if (code === 0) return;
      const error = createErrorFromCode(code);
      // Somebody has fenced it before, and the same record or a later epoch is there.
      if (typeOf(error) === "DUPLICATE_SEQUENCE_NUMBER" || typeOf(error) === "INVALID_PRODUCER_EPOCH") return;
      throw error;
    } catch (error) {
      if (isRefusal(error) || signal.aborted || performance.now() > deadline)
        throw toMooseError(error, `fence a producer of topic "${topic}"`);
      await delay(RETRY_DELAY_MS, undefined, { signal }).catch(() => undefined);
      await connection.refresh().catch(() => undefined);
    }
  }
}

/** Key and value null, no headers: length 6, attributes, time and offset deltas, -1, -1, 0. */
const RECORD = [12, 0, 0, 0, 1, 1, 0];

function fenceRecord({ producerId, producerEpoch }: ProducerIdentity): Buffer {
  const bytes = Buffer.alloc(layout.RECORDS_AT + RECORD.length);
  bytes.set(RECORD, layout.RECORDS_AT);
  bytes.writeInt32BE(bytes.length - layout.LENGTH_FROM, layout.LENGTH_AT);
  bytes.writeInt8(layout.MAGIC, layout.MAGIC_AT);
  const nowMs = BigInt(Date.now());
  bytes.writeBigInt64BE(nowMs, layout.BASE_TIMESTAMP_AT);
  bytes.writeBigInt64BE(nowMs, layout.MAX_TIMESTAMP_AT);
  bytes.writeBigInt64BE(producerId, layout.PRODUCER_ID_AT);
  bytes.writeInt16BE(producerEpoch, layout.PRODUCER_EPOCH_AT);
  bytes.writeInt32BE(1, layout.COUNT_AT);
  bytes.writeUInt32BE(crc32c(bytes, layout.ATTRIBUTES_AT, bytes.length), layout.CRC_AT);
  return bytes;
}
