// Rows that one process is about to store, claimed against all others that share the log.
import type { SequenceRanges } from "./event-ids.ts";

export interface ClaimedRows {
  /** Whose numbers they are: claims under other names have nothing to do with each other. */
  readonly name: string;
  /** Not empty. */
  readonly ranges: SequenceRanges;
  /** Where they will be appended. */
  readonly stream: string;
}

export interface RowClaim {
  /** Where others that claimed some of the rows may have stored them, from which offsets on. Read there before you append. */
  readonly earlier: readonly EarlierClaim[];
  /** To be called when the rows are stored, or are known not to be: who waits for them goes on. Not while that is in doubt. */
  settle(): void;
}

export interface EarlierClaim {
  readonly stream: string;
  /** Of each partition; of those that are missing from 0. */
  readonly fromOffsets: readonly number[];
}
