// Some of the rows that a verdict collected, by their indexes: what is left when those that were stored before are taken out.
import { NO_KEY } from "../model/record-batch.ts";
import type { CollectedRows } from "./judge-body.ts";

/** `rows` ascend. */
export function keepRows({ bytes, ends, keys }: CollectedRows, rows: Uint32Array): CollectedRows {
  const beginOf = (row: number): number => (row === 0 ? 0 : ends[row - 1]! + 1);
  let total = 0;
  for (const row of rows) total += ends[row]! + 1 - beginOf(row);
  const kept = new Uint8Array(total);
  const keptEnds = new Uint32Array(rows.length);
  const bounds = keys && new Uint32Array(rows.length * 2);
  let at = 0;
  for (const [index, row] of rows.entries()) {
    const begin = beginOf(row);
    kept.set(bytes.subarray(begin, ends[row]! + 1), at);
    for (let side = 0; bounds !== undefined && side < 2; side++) {
      const bound = keys!.bounds[row * 2 + side]!;
      bounds[index * 2 + side] = bound === NO_KEY ? NO_KEY : bound - begin + at;
    }
    at += ends[row]! + 1 - begin;
    keptEnds[index] = at - 1;
  }
  const collected = { bytes: kept, ends: keptEnds };
  if (bounds === undefined) return collected;
  return { ...collected, keys: { hashes: Uint32Array.from(rows, (row) => keys!.hashes[row]!), bounds } };
}
