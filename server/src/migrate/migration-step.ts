// One statement of a migration, and how far a migration may go.

export interface Step {
  readonly sql: string;
  /** What it is for, in the words of an error message: "table Flight". */
  readonly subject: string;
  /** Run in its place when ClickHouse refuses it. */
  readonly otherwise?: readonly Step[];
}

/**
 * "dev" follows the models wherever they go. "safe" never drops nor converts stored values. "beside-writers" is as safe, and does only
 * what may be done while other processes insert into the tables: an aggregation of rows that are stored already is not among it.
 */
export type MigrationMode = "dev" | "safe" | "beside-writers";

/** Tables under such a name are being built; one that is found was left by a crash. */
export const rebuildPrefix = "_moose_new_";
