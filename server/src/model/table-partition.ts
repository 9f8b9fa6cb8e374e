// What a table's `_partition` says of a stream's partition. Pure.
import { modelOfStream } from "./manifest.ts";

/** Versions of a model have offsets of their own in one table: this many partitions belong to each. */
const PARTITIONS_OF_A_VERSION = 65_536;

/** `streams` are those of the log, oldest first: a version's place among its model's streams never changes. */
export function tablePartition(streams: readonly string[], stream: string, partition: number): number {
  const model = modelOfStream(stream);
  const version = streams.filter((name) => modelOfStream(name) === model).indexOf(stream);
  if (version < 0) throw new RangeError(`${stream} is not a stream of the log`);
  return version * PARTITIONS_OF_A_VERSION + partition;
}
