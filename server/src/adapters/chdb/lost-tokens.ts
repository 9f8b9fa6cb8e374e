// Which deduplication tokens stand for a part that never came to be: ClickHouse writes a token before it commits the part. Pure.

/** Of a part of the table, whether it is active or was merged into another. */
export interface PartRange {
  readonly partition: string;
  readonly firstBlock: number;
  readonly lastBlock: number;
}

/**
 * ClickHouse's `deduplication_logs/deduplication_log_N.txt`, a record a line (MergeTreeDeduplicationLog.cpp, seen in 26.7):
 *
 *   1 TAB part TAB token     a block with the token went into the part
 *   2 TAB part TAB token     the part was dropped: the token is forgotten
 *
 * `log` holds all files in their order. Returns the records by which the tokens are forgotten that no part covers; only among the newest
 * `newest` tokens, since an older one was looked at when the engine was opened before.
 */
export function recordsOfLostTokens(log: string, parts: readonly PartRange[], newest: number): string[] {
  const partOf = new Map<string, string>();
  // What follows the last line end was being written when the power went.
  for (const line of log.slice(0, log.lastIndexOf("\n") + 1).split("\n")) {
    const [operation, part, token] = line.split("\t");
    if (part === undefined || token === undefined) continue;
    partOf.delete(token);
    if (operation === "1") partOf.set(token, part);
  }
  return [...partOf]
    .slice(-newest)
    .filter(([, part]) => !isCovered(part, parts))
    .map(([token, part]) => `2\t${part}\t${token}\n`);
}

/** A name that is none of ours to read counts as covered: its token stays. */
function isCovered(part: string, parts: readonly PartRange[]): boolean {
  const [, partition, first, last] = /^(.+?)_(\d+)_(\d+)_\d+(?:_\d+)?$/.exec(part) ?? [];
  if (partition === undefined) return true;
  return parts.some(
    (range) => range.partition === partition && range.firstBlock <= Number(first) && Number(last) <= range.lastBlock,
  );
}
