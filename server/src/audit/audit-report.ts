// What an audit found. No code here.

/** Offsets; `last` is exclusive. */
export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

/** The account of one partition, in events: acknowledged = inTable + quarantined + missing + waiting. */
export interface PartitionAudit {
  readonly stream: string;
  readonly partition: number;
  /** Events that were acknowledged: the stream's end, or what the table or a group has seen beyond it. */
  readonly acknowledged: number;
  /** Oldest offset that the stream still holds; everything below was trimmed after it was in the table. */
  readonly streamStart: number;
  /** After the last event. */
  readonly streamEnd: number;
  /** Offsets below that hold no event: on Kafka each transaction takes one in every partition that it writes to. */
  readonly absent: number;
  /** Offsets from `streamEnd` on that the table holds all the same. */
  readonly unknownToStream: number;
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

/**
 * What a function says it made of one partition, held against the stream and quarantine:
 * committed − begin = taken + unreadable + absent, and taken = emitting + filtered + quarantined.
 */
export interface FunctionAudit {
  readonly function: string;
  readonly stream: string;
  readonly partition: number;
  /** Offset of the first event that it counted, and the one after the last. */
  readonly begin: number;
  readonly committed: number;
  /** Acknowledged when the audit began, and not taken yet when it stopped waiting. */
  readonly waiting: number;
  readonly taken: number;
  /** Events with at least one output, and events with none. */
  readonly emitting: number;
  readonly filtered: number;
  readonly quarantined: number;
  /** Left out: refused by their schema, or not to be read any more. */
  readonly unreadable: number;
  /** Offsets that hold no event. */
  readonly absent: number;
  /** Outputs that went to quarantine instead of their stream. */
  readonly refused: number;
  /** Events emitted, by target stream. */
  readonly emitted: Readonly<Record<string, number>>;
  /** Events of these offsets that quarantine holds as refused by the function, and rows beyond the first of each. */
  readonly inQuarantine: number;
  readonly doubledInQuarantine: number;
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
  readonly functions: readonly FunctionAudit[];
  readonly groups: readonly GroupAudit[];
  /** Each mistake in a sentence. */
  readonly mistakes: readonly string[];
}
