// What an audit found. No code here.

/** Offsets; `last` is exclusive. */
export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

/** The account of one partition: acknowledged = inTable + quarantined + missing + waiting. */
export interface PartitionAudit {
  readonly stream: string;
  readonly partition: number;
  /** Events that were acknowledged: the stream's end, or what the table or a group has seen beyond it. */
  readonly acknowledged: number;
  /** Oldest offset that the stream still holds; everything below was trimmed after it was in the table. */
  readonly streamStart: number;
  readonly streamEnd: number;
  /** Different offsets in the table. */
  readonly inTable: number;
  /** In quarantine and not in the table. */
  readonly quarantined: number;
  /** Not delivered yet when the audit stopped waiting. */
  readonly waiting: number;
  /** Rows beyond the first of their offset. */
  readonly doubled: number;
  /** Acknowledged, and neither in the table nor in quarantine nor waiting. */
  readonly missing: number;
  /** Where they are missing: the first ranges. */
  readonly missingRanges: readonly OffsetRange[];
}

export interface ModelAudit {
  readonly model: string;
  readonly table: string;
  /** Why rows may rightly be absent from the table, when they may: then `missing` is no mistake. */
  readonly rowsMayLeave?: string;
  readonly partitions: readonly PartitionAudit[];
}

/** An aggregation against a recomputation from its model's table. */
export interface AggregationAudit {
  readonly aggregation: string;
  readonly rows: number;
  /** Keys whose exact measures (all but those of floating point) differ. */
  readonly different: number;
  /** Why it was not compared. */
  readonly skipped?: string;
}

/** How far a consumer group has come. */
export interface GroupAudit {
  readonly group: string;
  readonly stream: string;
  readonly partition: number;
  readonly committed: number;
  readonly behind: number;
}

export interface AuditReport {
  /** Nothing is missing, doubled, lost by the stream, or different. */
  readonly ok: boolean;
  readonly tookMs: number;
  readonly models: readonly ModelAudit[];
  readonly aggregations: readonly AggregationAudit[];
  readonly groups: readonly GroupAudit[];
  /** Each mistake in a sentence. */
  readonly mistakes: readonly string[];
}
