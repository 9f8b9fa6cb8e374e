// Asks where a group stands once no transaction can change it any more (KIP-447): a version of the request that kafkajs does not have.

import type { TopicPartition } from "./group-protocol.ts";
import { createErrorFromCode, Encoder, type ProtocolRequest } from "./kafkajs-internals.ts";
import { PayloadReader } from "./payload-reader.ts";

const OFFSET_FETCH = 9;
/** Kafka 2.5, and every Redpanda: the first that can wait for transactions. */
const VERSION = 7;

export interface StableOffset {
  /** -1: nothing was ever committed. */
  readonly offset: number;
  readonly metadata: string;
}

/** Rejects with UNSTABLE_OFFSET_COMMIT while a transaction with an offset of the partition is neither committed nor aborted. */
export function stableOffsetRequest(groupId: string, at: TopicPartition): ProtocolRequest<StableOffset> {
  return {
    request: {
      apiKey: OFFSET_FETCH,
      apiVersion: VERSION,
      apiName: "OffsetFetch",
      encode: async () => encode(groupId, at),
    },
    logResponseError: false,
    response: {
      decode: async (payload) => payload,
      parse: async (payload) => readOffset(payload as Buffer),
    },
  };
}

/** Lengths and counts are one more than they are, as unsigned varints; each structure ends with its tagged fields: none. */
function encode(groupId: string, { topic, partition }: TopicPartition) {
  const bytes = Buffer.alloc(groupId.length * 3 + topic.length * 3 + 64);
  let at = 1; // of the request's header: no tagged fields
  const unsigned = (value: number): void => {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
  };
  const text = (value: string): void => {
    unsigned(Buffer.byteLength(value) + 1);
    at += bytes.write(value, at);
  };
  text(groupId);
  unsigned(1 + 1);
  text(topic);
  unsigned(1 + 1);
  at = bytes.writeInt32BE(partition, at);
  unsigned(0);
  bytes[at++] = 1; // require stable
  unsigned(0);
  const encoder = new Encoder(at);
  for (const byte of bytes.subarray(0, at)) encoder.writeInt8(byte > 0x7f ? byte - 0x100 : byte);
  return encoder;
}

/**
 * tagged fields of the header, throttle time (int32), topics: name, partitions: number (int32), offset (int64), leader epoch (int32),
 * metadata, error (int16), tagged fields; tagged fields; error (int16), tagged fields.
 */
function readOffset(payload: Buffer): StableOffset {
  const reader = new PayloadReader(payload);
  skipTags(reader);
  reader.skip(4);
  let found: StableOffset | undefined;
  for (let topics = reader.unsigned() - 1; topics > 0; topics--) {
    reader.take(reader.unsigned() - 1);
    for (let partitions = reader.unsigned() - 1; partitions > 0; partitions--) {
      reader.skip(4);
      const offset = reader.int64();
      reader.skip(4);
      const metadata = reader.take(reader.unsigned() - 1).toString("utf8");
      mustBeWell(reader.int16());
      skipTags(reader);
      found = { offset, metadata };
    }
    skipTags(reader);
  }
  mustBeWell(reader.int16());
  return found ?? { offset: -1, metadata: "" };
}

function skipTags(reader: PayloadReader): void {
  for (let fields = reader.unsigned(); fields > 0; fields--) {
    reader.unsigned();
    reader.skip(reader.unsigned());
  }
}

function mustBeWell(code: number): void {
  if (code !== 0) throw createErrorFromCode(code);
}
