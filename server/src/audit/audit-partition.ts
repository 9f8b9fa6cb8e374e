// The account of one partition of a model's stream: what is in the table, in quarantine, and nowhere.
import { tablePartition } from "../model/table-partition.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { OffsetRange, PartitionAudit } from "./audit-report.ts";
import { missingRanges, storedOffsets } from "./stored-offsets.ts";
import { offsetsIn, streamGaps, withoutGaps } from "./stream-gaps.ts";

export interface AuditedPartition {
  readonly stream: string;
  readonly partition: number;
  readonly table: string;
  /** The stream's end when the audit began. */
  readonly end: number;
  /** Everything below is in the table or in quarantine, by the table writer's word. */
  readonly delivered: number;
}

export interface AccountedPartition {
  readonly audit: PartitionAudit;
  /** Offsets below `delivered` that hold no event; they were looked for where something was missing. */
  readonly gaps: readonly OffsetRange[];
}

const RANGES_SHOWN = 20;
const EVERYTHING = Number.MAX_SAFE_INTEGER;

export async function auditPartition(
  { log, database }: { readonly log: StreamLog; readonly database: Database },
  { stream, partition, table, end, delivered }: AuditedPartition,
  signal: AbortSignal,
): Promise<AccountedPartition> {
  const stored = {
    table,
    tablePartition: tablePartition(log.streams(), stream, partition),
    stream,
    partition,
    end: delivered,
  };
  const found = await storedOffsets(database, stored, signal);
  const streamStart = log.startOffset(stream, partition);
  const streamEnd = log.endOffset(stream, partition);
  let missing: readonly OffsetRange[] = [];
  let gaps: readonly OffsetRange[] = [];
  if (found.covered < delivered) {
    const uncovered = await missingRanges(database, stored, signal);
    gaps = await gapsAmong(log, { stream, partition }, uncovered, { first: streamStart, last: delivered }, signal);
    missing = withoutGaps(uncovered, gaps);
  }
  const absent = offsetsIn(gaps, { first: 0, last: delivered });
  const unknownToStream = Math.max(0, found.tableEnd - streamEnd);
  const audit = {
    stream,
    partition,
    acknowledged: end - absent + unknownToStream,
    streamStart,
    streamEnd,
    absent,
    unknownToStream,
    inTable: found.inTable,
    quarantined: found.covered - found.inTable,
    waiting: end - delivered,
    doubled: found.rows - found.inTable,
    missing: offsetsIn(missing, { first: 0, last: EVERYTHING }),
    missingRanges: missing.slice(0, RANGES_SHOWN),
  };
  return { audit, gaps };
}

/**
 * What the stream still holds is asked. Of what it has trimmed nobody can say more than that a transaction of Kafka takes one offset:
 * single ones are taken for that.
 */
async function gapsAmong(
  log: StreamLog,
  at: { readonly stream: string; readonly partition: number },
  uncovered: readonly OffsetRange[],
  held: OffsetRange,
  signal: AbortSignal,
): Promise<OffsetRange[]> {
  const trimmed = log.leavesGaps?.()
    ? uncovered.filter(({ first, last }) => last <= held.first && last - first === 1)
    : [];
  const from = uncovered.find(({ last }) => last > held.first);
  if (from === undefined) return trimmed;
  const range = { first: Math.max(from.first, held.first), last: held.last };
  return [...trimmed, ...(await streamGaps(log, at, range, signal))];
}
