// What an element needs from a client: the one place that says how rows and their freshness arrive.
import type { ChartRow } from "../data/cell-value.ts";
import type { ElementQueryParams } from "../data/query-attributes.ts";

export type RowSourceStatus = "connecting" | "live" | "reconnecting";

export interface RowSnapshot {
  readonly rows: readonly ChartRow[];
  readonly status: RowSourceStatus;
  /** False until the first answer: rows are empty because nothing is known yet. */
  readonly answered: boolean;
}

export interface RowSource {
  /** One answer. */
  query(name: string, params: ElementQueryParams, signal: AbortSignal): Promise<readonly ChartRow[]>;
  /** The whole result after each step, until the signal ends it or an error that trying again does not mend. */
  live(name: string, params: ElementQueryParams, signal: AbortSignal): AsyncIterable<RowSnapshot>;
  /** Ends every connection. */
  close(): Promise<void>;
}
