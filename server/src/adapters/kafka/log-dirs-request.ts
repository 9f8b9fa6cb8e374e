// Asks a broker how many bytes its partitions take on disk: a request that kafkajs does not have.
import { Encoder, type ProtocolRequest } from "./kafkajs-internals.ts";
import { PayloadReader } from "./payload-reader.ts";

const DESCRIBE_LOG_DIRS = 35;
const VERSION = 1;

export interface PartitionSize {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: number;
}

/** Of the replicas that the broker itself holds. */
export function logDirsRequest(
  topic: string,
  partitions: readonly number[],
): ProtocolRequest<readonly PartitionSize[]> {
  return {
    request: {
      apiKey: DESCRIBE_LOG_DIRS,
      apiVersion: VERSION,
      apiName: "DescribeLogDirs",
      encode: async () => {
        const encoder = new Encoder().writeInt32(1).writeString(topic).writeInt32(partitions.length);
        for (const partition of partitions) encoder.writeInt32(partition);
        return encoder;
      },
    },
    response: { decode: async (payload) => readSizes(payload), parse: async (decoded) => decoded as PartitionSize[] },
  };
}

/** throttle time (int32), folders: error (int16), path, topics: name, partitions: number (int32), bytes, lag (int64 each), future (int8). */
function readSizes(payload: Buffer): PartitionSize[] {
  const sizes: PartitionSize[] = [];
  const reader = new PayloadReader(payload);
  reader.skip(4);
  for (let folders = reader.int32(); folders > 0; folders--) {
    reader.skip(2);
    reader.text();
    for (let topics = reader.int32(); topics > 0; topics--) {
      const topic = reader.text();
      for (let partitions = reader.int32(); partitions > 0; partitions--) {
        const size = { topic, partition: reader.int32(), bytes: reader.int64() };
        reader.skip(8);
        // A future replica is a copy that is being moved to another disk.
        if (reader.int8() === 0) sizes.push(size);
      }
    }
  }
  return sizes;
}
