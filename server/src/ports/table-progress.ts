// How far the tables are: what queries and live subscriptions wait for and wake on. From the table writer of this process, or from the log.
import type { Position } from "../model/position.ts";

/** The consumer group of the table writers. */
export const TABLE_GROUP = "table";

export interface TableCommit {
  readonly model: string;
  readonly table: string;
  /** Everything below is visible in the table and its materialized views. */
  readonly position: Position;
}

export interface TableProgress {
  /** Position of all tables: what a query that starts now is sure to see. */
  position(): Position;
  /** Resolves when `wanted` is visible; rejects with MooseError `after_timeout` when the signal ends first. */
  waitFor(wanted: Position, signal: AbortSignal): Promise<void>;
  /** Called after every committed insert; of other processes, once this one knows of it. */
  onCommit(listener: (commit: TableCommit) => void): () => void;
  /**
   * Runs `read` with a position that its result is sure to include. Where this process alone writes the table, no insert is under way
   * meanwhile, so the result is exact at the position; inserts of that table wait: keep it short. Where others write it, the result may
   * include more than the position says, and the commit of what was more follows.
   */
  atPosition<T>(table: string, read: (position: Position) => Promise<T>): Promise<T>;
}
