// Stores what a slice came to together with the progress over it, so that a crash neither loses nor doubles an output.
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import type { Append } from "./slice-records.ts";

export interface CommitSlice {
  readonly stream: string;
  readonly partition: number;
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  readonly appends: readonly Append[];
}

/** Results in the order of the appends. Rejects as `StreamLog.commit` does. */
export async function commitSlice(
  log: StreamLog,
  group: string,
  { stream, partition, last, appends }: CommitSlice,
): Promise<readonly (readonly AppendResult[])[]> {
  if (log.commit !== undefined) return log.commit(group, { stream, partition, progress: { committed: last }, appends });
  // Such a log stores one stream after the other: a crash in between repeats the slice.
  const results = [];
  for (const append of appends) results.push(await log.append(append.stream, append.records, append.partition));
  await log.saveProgress(group, stream, partition, { committed: last });
  return results;
}
