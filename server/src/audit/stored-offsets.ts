// Which offsets of a partition ClickHouse holds, in the model's table and in quarantine. Values travel as bound parameters.
import { quoteIdentifier } from "../model/sql-text.ts";
import type { Database } from "../ports/database.ts";
import type { OffsetRange } from "./audit-report.ts";

export interface StoredPartition {
  readonly table: string;
  /** What the table's `_partition` says. */
  readonly tablePartition: number;
  readonly stream: string;
  readonly partition: number;
  /** Only offsets below count. */
  readonly end: number;
}

export interface StoredOffsets {
  readonly rows: number;
  readonly inTable: number;
  /** In the table or in quarantine. */
  readonly covered: number;
  /** One more than the largest offset in the table, whatever `end` is. */
  readonly tableEnd: number;
}

const QUERY_LIMIT_MS = 60_000;

const ofTable = ({ table }: StoredPartition): string =>
  `SELECT _offset AS o FROM ${quoteIdentifier(table)} WHERE _partition = {tablePartition:UInt32} AND _offset < {end:UInt64}`;

/** Entries that the log lost are one row for a range. */
const ofQuarantine = `SELECT arrayJoin(range(assumeNotNull(offset), ifNull(lastOffset, assumeNotNull(offset) + 1))) AS o
  FROM _quarantine WHERE stream = {stream:String} AND partition = {partition:UInt32} AND offset < {end:UInt64} AND source IN ('table', 'log')`;

/** Bitmaps, not sets of hashes: offsets are dense, so a thousand million of them take megabytes. */
export async function storedOffsets(
  database: Database,
  stored: StoredPartition,
  signal: AbortSignal,
): Promise<StoredOffsets> {
  const options = { params: paramsOf(stored), signal, timeoutMs: QUERY_LIMIT_MS };
  const { rows } = await database.query(
    `SELECT countIf(_offset < {end:UInt64}), groupBitmapIf(_offset, _offset < {end:UInt64}), if(count() = 0, 0, max(_offset) + 1)
     FROM ${quoteIdentifier(stored.table)} WHERE _partition = {tablePartition:UInt32}`,
    options,
  );
  const [count, inTable, tableEnd] = rows[0]!.map(Number) as [number, number, number];
  if (inTable === stored.end) return { rows: count, inTable, covered: inTable, tableEnd };
  const all = await database.query(
    `SELECT groupBitmap(o) FROM (${ofTable(stored)} UNION ALL ${ofQuarantine})`,
    options,
  );
  return { rows: count, inTable, covered: Number(all.rows[0]![0]), tableEnd };
}

/** The ranges below `end` that neither the table nor quarantine holds. */
export async function missingRanges(
  database: Database,
  stored: StoredPartition,
  signal: AbortSignal,
): Promise<OffsetRange[]> {
  const { rows } = await database.query(
    `SELECT before + 1, here FROM (
       SELECT here, lagInFrame(here, 1, toInt64(-1)) OVER (ORDER BY here ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS before
       FROM (SELECT DISTINCT toInt64(o) AS here FROM (${ofTable(stored)} UNION ALL ${ofQuarantine} UNION ALL SELECT {end:UInt64} AS o)))
     WHERE here > before + 1 ORDER BY here`,
    { params: paramsOf(stored), signal, timeoutMs: QUERY_LIMIT_MS },
  );
  return rows.map(([first, last]) => ({ first: Number(first), last: Number(last) }));
}

const paramsOf = ({ tablePartition, stream, partition, end }: StoredPartition) => ({
  tablePartition,
  stream,
  partition,
  end,
});
