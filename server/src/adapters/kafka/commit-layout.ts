// Lays the rows of one commit into record batches by partition, and says afterwards where each append came to lie.
import type { NewRecords } from "../../model/record-batch.ts";
import { splitByPartition } from "../../model/split-by-partition.ts";
import type { AppendResult } from "../../ports/stream-log.ts";
import { mustFit } from "./event-size.ts";
import { RecordSetBuilder } from "./record-set-builder.ts";
import type { Place, StreamPlaces } from "./stream-places.ts";

export interface CommitAppend {
  readonly stream: string;
  readonly records: NewRecords;
  readonly partition?: number;
}

export interface LaidBatch {
  readonly place: Place;
  readonly builder: RecordSetBuilder;
}

interface Ending {
  readonly append: number;
  readonly batch: LaidBatch;
  /** Index in the batch of the row after the append's last. */
  readonly endRow: number;
  readonly count: number;
}

export class CommitLayout {
  /** By partition, in the order in which they are to be stored. */
  readonly batches: ReadonlyMap<Place, readonly LaidBatch[]>;
  readonly #endings: readonly Ending[];
  readonly #appends: number;

  /** Copies the rows. Throws MooseError `body_too_large` or `unknown_stream`. */
  constructor(appends: readonly CommitAppend[], places: StreamPlaces) {
    const batches = new Map<Place, LaidBatch[]>();
    const endings: Ending[] = [];
    for (const [append, { stream, records, partition }] of appends.entries()) {
      if (records.ends.length === 0) continue;
      const all = places.of(stream);
      const shares =
        partition === undefined
          ? splitByPartition(records, all.length, places.nextPartition(stream))
          : [{ partition: places.at(stream, partition).partition, records }];
      for (const share of shares) {
        const place = all[share.partition]!;
        mustFit(place.lane, share.records);
        const laid = batches.get(place) ?? [];
        batches.set(place, laid);
        endings.push({ append, count: share.records.ends.length, ...lay(place, laid, share.records) });
      }
    }
    this.batches = batches;
    this.#endings = endings;
    this.#appends = appends.length;
  }

  /** For each append as `StreamLog.append` says, once every batch is stored. */
  results(baseOffsets: ReadonlyMap<LaidBatch, number>): readonly (readonly AppendResult[])[] {
    const results: AppendResult[][] = Array.from({ length: this.#appends }, () => []);
    for (const { append, batch, endRow, count } of this.#endings) {
      const baseOffset = baseOffsets.get(batch)! + endRow - count;
      results[append]!.push({ partition: batch.place.partition, baseOffset, count });
    }
    return results;
  }
}

/** Puts rows behind those that lie there already. */
function lay(place: Place, laid: LaidBatch[], records: NewRecords): { batch: LaidBatch; endRow: number } {
  const { maxBatchBytes } = place.lane;
  for (let row = 0; ; ) {
    let batch = laid.at(-1);
    if (batch === undefined || row > 0 || batch.builder.bytes >= maxBatchBytes) {
      const firstBytes = Math.min(records.bytes.length * 2, maxBatchBytes);
      batch = { place, builder: new RecordSetBuilder(place.stream, maxBatchBytes, firstBytes) };
      laid.push(batch);
    }
    const taken = batch.builder.add(records, row);
    if (taken === records.ends.length) return { batch, endRow: batch.builder.count };
    if (taken === row) laid.push({ place, builder: new RecordSetBuilder(place.stream, maxBatchBytes, maxBatchBytes) });
    row = taken;
  }
}
