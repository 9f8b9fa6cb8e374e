// Where events go that ingest, a function or a table refused: kept with their original bytes and the reason, until they are replayed.

import type { NewRecords } from "../model/record-batch.ts";

export const quarantineSources = ["ingest", "function", "table", "log"] as const;

/** Who refused: ingest's validation, a stream function, the model's table, or the log that lost them to damage. */
export type QuarantineSource = (typeof quarantineSources)[number];

/** One violation of one event: RowError without its row. */
export interface EventError {
  /** JSON Pointer into the event. */
  readonly path: string;
  readonly code: string;
  readonly expected: string;
  readonly got: string;
}

/** Events of one stream that were refused together, for one reason. */
export interface QuarantinedEvents {
  readonly source: QuarantineSource;
  readonly model: string;
  readonly version: string;
  readonly stream: string;
  /** The function's name; "" for the other sources. */
  readonly by: string;
  /** For people; cut to 1,000 characters. */
  readonly reason: string;
  /** One word for machines, such as `wrong_type`, `table_refused`, `function_threw`. */
  readonly code: string;
  /** Where the first event stands; event i stands at firstOffset + i. Absent for events that never reached a stream. */
  readonly partition?: number;
  readonly firstOffset?: number;
  /** Original bytes of each, whatever they are. Empty when the log lost them: `lastOffset` says up to where. */
  readonly events: readonly Uint8Array[];
  /** Exclusive; for events that the log lost. */
  readonly lastOffset?: number;
  /** Violations of each event, where they are known one by one: an entry's code and reason are then those of its own. Index = event. */
  readonly errors?: readonly (readonly EventError[])[];
  /** Names each event that has no offset: the same name, of the same source and stream, is the same entry. Index = event. */
  readonly names?: readonly string[];
  readonly receivedAtMs: number;
  /** Cut to 8,000 characters. */
  readonly stack?: string;
}

export interface Quarantine {
  /**
   * Durable when it resolves. Events that have an offset may be put again, after a crash: the same (source, by, stream, partition, offset)
   * has the same id, and readers see it once. Rejects with MooseError `log_unavailable`, `disk_full`; then put again.
   */
  put(events: QuarantinedEvents): Promise<void>;
  /**
   * The same as rows, for one who appends them together with the progress that they belong to. The stream is there and knows the schema.
   * Says that the events are in quarantine, so the append must follow.
   */
  records(events: QuarantinedEvents): Promise<{ readonly stream: string; readonly records: NewRecords }>;
}
