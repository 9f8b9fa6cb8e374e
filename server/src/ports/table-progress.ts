// How far the table writer has come: what queries and live subscriptions wait for and wake on.
import type { Position } from "../model/position.ts";

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
  /** Called after every committed insert. */
  onCommit(listener: (commit: TableCommit) => void): () => void;
  /**
   * Runs `read` while no insert into the table is under way, so that its result is exact at the position it is handed.
   * Inserts of that table wait meanwhile: keep it short.
   */
  atPosition<T>(table: string, read: (position: Position) => Promise<T>): Promise<T>;
}
