// What of a stream may go: pure policy.

export interface RetentionLimits {
  /** Events that were received longer ago may go. Absent: age alone removes nothing. */
  readonly hours?: number;
  /** Of one stream: over it the oldest may go. Absent: size alone removes nothing. */
  readonly bytes?: number;
}

export interface PartitionExtent {
  readonly startOffset: number;
  readonly endOffset: number;
  /** What every group has read, and the table holds durably: nothing at or above may go. */
  readonly doneOffset: number;
  /** The first event that is not too old; `endOffset` when all are, `startOffset` when none is. */
  readonly youngOffset: number;
}

/**
 * The offset below which the partition is trimmed. `excess` is the share of the stream's bytes over the limit, in [0, 1]: events of a
 * stream are about of one size, and what is wrong about that is made up for at the next round.
 */
export function trimOffset(extent: PartitionExtent, excess: number): number {
  const { startOffset, endOffset, doneOffset, youngOffset } = extent;
  const bySize = startOffset + Math.ceil((endOffset - startOffset) * excess);
  return Math.max(startOffset, Math.min(doneOffset, Math.max(youngOffset, bySize)));
}

export function excessShare(bytes: number, limit: number | undefined): number {
  return limit === undefined || bytes <= limit ? 0 : (bytes - limit) / bytes;
}
