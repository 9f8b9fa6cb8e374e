// Hot path: the partition keys of a verdict, with their places in the rows as they go to the log.
import type { Validation } from "@moose/core";
import { NO_KEY, type RowKeys } from "./record-batch.ts";

/** `ends` are those of the accepted rows, side by side. Undefined when the model has no partition key. */
export function keysOf({ partitionKeys, bounds }: Validation, ends: Uint32Array): RowKeys | undefined {
  if (partitionKeys === undefined) return undefined;
  const shifted = new Uint32Array(ends.length * 2);
  for (let row = 0, begin = 0; row < ends.length; row++) {
    place(partitionKeys.bounds, row, begin - bounds[row * 2]!, shifted, row);
    begin = ends[row]! + 1;
  }
  return { hashes: partitionKeys.hashes, bounds: shifted };
}

/** The keys of rows whose bytes are joined in this order. All parts are of one model: each has keys, or none. */
export function joinKeys(parts: readonly { bytes: Uint8Array; keys?: RowKeys }[]): RowKeys | undefined {
  if (parts[0]?.keys === undefined) return undefined;
  const rows = parts.reduce((sum, { keys }) => sum + keys!.hashes.length, 0);
  const joined = { hashes: new Uint32Array(rows), bounds: new Uint32Array(rows * 2) };
  let next = 0;
  let byteCount = 0;
  for (const { bytes, keys } of parts) {
    joined.hashes.set(keys!.hashes, next);
    for (let row = 0; row < keys!.hashes.length; row++) place(keys!.bounds, row, byteCount, joined.bounds, next++);
    byteCount += bytes.length;
  }
  return joined;
}

function place(from: Uint32Array, row: number, shift: number, to: Uint32Array, at: number): void {
  const held = from[row * 2] !== NO_KEY;
  to[at * 2] = held ? from[row * 2]! + shift : NO_KEY;
  to[at * 2 + 1] = held ? from[row * 2 + 1]! + shift : NO_KEY;
}
