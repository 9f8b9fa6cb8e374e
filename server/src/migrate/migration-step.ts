// One statement of a migration, and how far a migration may go.

export interface Step {
  readonly sql: string;
  /** What it is for, in the words of an error message: "table Flight". */
  readonly subject: string;
  /** Run in its place when ClickHouse refuses it. */
  readonly otherwise?: readonly Step[];
}

/** "dev" follows the models wherever they go; "safe" never drops nor converts stored values. */
export type MigrationMode = "dev" | "safe";

/** Tables under such a name are being built; one that is found was left by a crash. */
export const rebuildPrefix = "_moose_new_";
