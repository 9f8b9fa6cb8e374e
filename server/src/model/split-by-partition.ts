// Hot path: sorts the rows of an append into partitions by their keys; nothing is copied when all go to one.
import type { NewRecords, RowKeys } from "./record-batch.ts";
import { NO_KEY } from "./record-batch.ts";

export interface PartitionShare {
  readonly partition: number;
  /** In the order in which they came. */
  readonly records: NewRecords;
}

/** Rows without a key go to `spare`. Shares ascend by partition; a partition without rows has none. */
export function splitByPartition(records: NewRecords, partitions: number, spare: number): readonly PartitionShare[] {
  const { keys, ends } = records;
  if (ends.length === 0) return [];
  if (partitions === 1) return [{ partition: 0, records }];
  if (keys === undefined) return [{ partition: spare, records }];
  const target = new Uint32Array(ends.length);
  const rows = new Uint32Array(partitions);
  const bytes = new Uint32Array(partitions);
  for (let row = 0, begin = 0; row < ends.length; row++) {
    const partition = partitionOf(keys, row, partitions, spare);
    target[row] = partition;
    rows[partition]!++;
    bytes[partition]! += ends[row]! + 1 - begin;
    begin = ends[row]! + 1;
  }
  if (rows[target[0]!] === ends.length) return [{ partition: target[0]!, records }];
  return copyShares(records, keys, target, { rows, bytes });
}

function partitionOf({ hashes, bounds }: RowKeys, row: number, partitions: number, spare: number): number {
  const hash = hashes[row]!;
  return hash === 0 && bounds[row * 2] === NO_KEY ? spare : (hash & 0x7fffffff) % partitions;
}

function copyShares(
  records: NewRecords,
  keys: RowKeys,
  target: Uint32Array,
  sizes: { rows: Uint32Array; bytes: Uint32Array },
): PartitionShare[] {
  const shares = Array.from(sizes.rows, (count, partition) => ({
    bytes: new Uint8Array(sizes.bytes[partition]!),
    ends: new Uint32Array(count),
    hashes: new Uint32Array(count),
    bounds: new Uint32Array(count * 2),
    sequences: new Float64Array(records.eventIds === undefined ? 0 : count),
    row: 0,
    at: 0,
  }));
  for (let row = 0, begin = 0; row < target.length; row++) {
    const share = shares[target[row]!]!;
    const end = records.ends[row]! + 1;
    share.bytes.set(records.bytes.subarray(begin, end), share.at);
    const keyBegin = keys.bounds[row * 2]!;
    const held = keyBegin !== NO_KEY;
    share.bounds[share.row * 2] = held ? keyBegin - begin + share.at : NO_KEY;
    share.bounds[share.row * 2 + 1] = held ? keys.bounds[row * 2 + 1]! - begin + share.at : NO_KEY;
    share.hashes[share.row] = keys.hashes[row]!;
    if (records.eventIds !== undefined) share.sequences[share.row] = records.eventIds.sequences[row]!;
    share.at += end - begin;
    share.ends[share.row++] = share.at - 1;
    begin = end;
  }
  const { schemaId, receivedAtMs, eventIds, claim } = records;
  return shares.flatMap(({ bytes, ends, hashes, bounds, sequences }, partition) => {
    if (ends.length === 0) return [];
    const share = { bytes, ends, schemaId, receivedAtMs, keys: { hashes, bounds } };
    const ids = eventIds && { eventIds: { producer: eventIds.producer, sequences } };
    return [{ partition, records: { ...share, ...ids, ...(claim && { claim }) } }];
  });
}
