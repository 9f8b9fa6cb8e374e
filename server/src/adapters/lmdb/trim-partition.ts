// Frees the oldest record batches of a partition, a few at a time, so that appends never wait long for it.
import type { Put } from "./group-commit.ts";
import type { OpenedLog } from "./open-log.ts";
import { asBuffer, type RecordReader } from "./record-reader.ts";
import type { Partition } from "./stream-directory.ts";

export interface TrimOptions {
  readonly partition: Partition;
  readonly beforeOffset: number;
  readonly reader: RecordReader;
  readonly opened: OpenedLog;
  /** Durable when it resolves. */
  readonly write: (puts: readonly Put[]) => Promise<void>;
}

const BATCHES_AT_A_TIME = 500;

/** The new start is durable before anything is removed: what a crash leaves behind goes with the next trim, and is never read. */
export async function trimPartition({ partition, beforeOffset, reader, opened, write }: TrimOptions): Promise<void> {
  const start = Math.min(beforeOffset, partition.end);
  if (start <= partition.start) return;
  const { streamId, index } = partition;
  await write([{ db: opened.starts, key: startKey(streamId, index), value: Buffer.from(String(start)) }]);
  partition.start = Math.max(partition.start, start);
  for (;;) {
    const keys = reader.keysBelow(partition, start, BATCHES_AT_A_TIME);
    if (keys.length === 0) return;
    await write(keys.map((key) => ({ db: opened.records, key, value: undefined })));
  }
}

/** The start that was saved; 0 when the partition was never trimmed. */
export function trimmedTo(opened: OpenedLog, streamId: number, index: number): number {
  const stored = opened.starts.get(startKey(streamId, index));
  return stored === undefined ? 0 : Number(asBuffer(stored).toString("utf8"));
}

function startKey(streamId: number, index: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(streamId, 0);
  key.writeUInt32BE(index, 4);
  return key;
}
