// One slice, ready to be run.
import type { DecodedSlice } from "./decode-events.ts";
import type { PartitionState } from "./partition-state.ts";
import type { PreparedFunction, RunEnvironment } from "./prepared-function.ts";

export interface SliceRun {
  readonly prepared: PreparedFunction;
  readonly environment: RunEnvironment;
  readonly slice: DecodedSlice;
  /** Needed by functions with a state. */
  readonly state?: PartitionState;
  /** Time without an event, for windows. */
  readonly idleMs?: number;
}
