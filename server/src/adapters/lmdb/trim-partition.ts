// Frees the oldest record batches of a partition, a few at a time, so that appends never wait long for it.

import type { LogVersions } from "./log-versions.ts";
import type { Step } from "./log-writer.ts";
import type { OpenedLog } from "./open-log.ts";
import { startKey } from "./record-key.ts";
import type { RecordReader } from "./record-reader.ts";
import type { Partition } from "./stream-directory.ts";

export interface TrimOptions {
  readonly partition: Partition;
  readonly beforeOffset: number;
  readonly reader: RecordReader;
  readonly opened: OpenedLog;
  readonly versions: LogVersions;
  /** Durable when it resolves. */
  readonly run: (step: Step) => Promise<void>;
}

const BATCHES_AT_A_TIME = 500;

/** The new start is durable before anything is removed: what a crash leaves behind goes with the next trim, and is never read. */
export async function trimPartition({
  partition,
  beforeOffset,
  reader,
  opened,
  versions,
  run,
}: TrimOptions): Promise<void> {
  const { streamId, index } = partition;
  const before = Math.min(beforeOffset, partition.end);
  if (before <= partition.start) return;
  await run(() => {
    if (before > reader.storedStart(streamId, index)) {
      opened.starts.put(startKey(streamId, index), Buffer.from(String(before)));
      versions.bump("starts");
    }
    return undefined;
  });
  partition.start = Math.max(partition.start, before);
  for (let removed = BATCHES_AT_A_TIME; removed === BATCHES_AT_A_TIME; ) {
    await run(() => {
      const keys = reader.keysBelow(partition, before, BATCHES_AT_A_TIME);
      for (const key of keys) opened.records.remove(key);
      removed = keys.length;
      return undefined;
    });
  }
}
