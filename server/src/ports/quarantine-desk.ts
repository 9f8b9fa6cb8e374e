// Reads what is in quarantine and puts it back: what the routes and the `moose quarantine` command ask for.
import type { EventError, QuarantineSource } from "./quarantine.ts";

/** Every part that is given must hold. */
export interface EntryFilter {
  readonly model?: string;
  readonly source?: QuarantineSource;
  readonly code?: string;
  /** Name of a function. */
  readonly by?: string;
  /** Entries made at or after, and before. */
  readonly sinceMs?: number;
  readonly untilMs?: number;
  readonly replayed?: boolean;
}

export interface PageRequest {
  /** At most 1,000. */
  readonly limit: number;
  readonly order: "newest" | "oldest";
  /** `next` of the page before. */
  readonly after?: string;
}

export interface EntrySummary {
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly stream: string;
  readonly source: QuarantineSource;
  readonly by: string;
  readonly code: string;
  readonly reason: string;
  readonly partition: number | null;
  /** Decimal digits. */
  readonly offset: string | null;
  /** Of the original event. */
  readonly bytes: number;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly quarantinedAt: string;
  readonly replayedAt: string | null;
}

export interface QuarantineEntry extends EntrySummary {
  readonly errors: readonly EventError[];
  readonly stack: string;
  readonly lastOffset: string | null;
  /** `utf8`: `event` is the original text; `base64`: its bytes; `lost`: there is none. */
  readonly encoding: "utf8" | "base64" | "lost";
  readonly event: string;
}

export interface EntryPage {
  readonly entries: readonly EntrySummary[];
  /** Absent on the last page. */
  readonly next?: string;
  /** How many there are on all pages; told on the first. */
  readonly total?: number;
  /** The table does not have the newest entries yet: ask again. */
  readonly behind: boolean;
}

/**
 * `replayed`: it went back now. `already_replayed`: it had. `valid`: a dry run found that it would go back. `refused`: it still does not fit.
 * `lost`: the log lost its bytes. `unknown_function`: the project no longer has the function that refused it. `not_found`: no entry has this id.
 */
export type ReplayOutcome =
  | "replayed"
  | "already_replayed"
  | "valid"
  | "refused"
  | "lost"
  | "unknown_function"
  | "not_found";

export interface ReplayResult {
  readonly id: string;
  readonly outcome: ReplayOutcome;
  /** Why it is still refused. */
  readonly errors?: readonly EventError[];
  readonly reason?: string;
}

export interface QuarantineDesk {
  /** Rejects with MooseError `invalid_parameter` for a cursor that is not one, and with those of the database. */
  list(filter: EntryFilter, page: PageRequest, signal?: AbortSignal): Promise<EntryPage>;
  find(id: string, signal?: AbortSignal): Promise<QuarantineEntry | undefined>;
  /**
   * Results in the order of the ids. An entry goes back once, however often and by however many it is asked for, also after a crash in between.
   * Rejects when the server cannot store now (`overloaded`, `disk_full`, …): some may have gone back; ask again.
   */
  replay(ids: readonly string[], options: { dryRun: boolean }): Promise<readonly ReplayResult[]>;
}
