// Keeps, across restarts, which event ids were stored, and up to which offsets that is known. Adapter: lmdb-event-ids.
import type { SequenceRanges } from "../model/event-ids.ts";

/** What was stored of one producer and model. */
export interface ProducerRecord {
  readonly ranges: SequenceRanges;
  /** When it last sent something new. */
  readonly atMs: number;
}

/**
 * A checkpoint: the records hold every id of the events below these offsets, and maybe more. What stands above them in the log is read again
 * when the server starts.
 */
export interface EventIdCheckpoint {
  /** By stream, the offset of each partition. */
  readonly applied: ReadonlyMap<string, readonly number[]>;
  /** By producer and model; undefined removes one. */
  readonly producers: ReadonlyMap<string, ProducerRecord | undefined>;
}

export interface EventIdStore {
  /** Undefined when nothing was ever saved. Rejects with MooseError `log_unavailable`. */
  load(): Promise<EventIdCheckpoint | undefined>;
  /** Adds to what was saved, by this process or another, all or nothing: ranges are united, offsets only go up. Durable when it resolves. Rejects with MooseError `log_unavailable`, `disk_full`. */
  save(checkpoint: EventIdCheckpoint): Promise<void>;
  close(): Promise<void>;
}
