// What a function with a state keeps of one partition while its process lives.
import type { OpenWindows } from "./open-windows.ts";
import { StateEntries } from "./state-entries.ts";

export interface PartitionState {
  readonly entries: StateEntries;
  /** Made from the entries when it is first needed. */
  windows?: OpenWindows;
}

export const partitionState = (entries: Iterable<readonly [string, string]> = []): PartitionState => ({
  entries: new StateEntries(entries),
});
