// Puts entries back page by page, oldest first, and counts what became of them.
import type { EntryFilter, ReplayOutcome, ReplayResult } from "../ports/quarantine-desk.ts";
import type { QuarantineClient } from "./quarantine-client.ts";

export interface ReplayReport {
  /** How many entries had each outcome. */
  readonly outcomes: Partial<Record<ReplayOutcome, number>>;
  /** The first of those that neither went back nor had: why. */
  readonly stayed: readonly ReplayResult[];
  readonly stayedCount: number;
}

export interface ReplayEntriesOptions {
  readonly dryRun: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

const PAGE = 500;
const MAX_STAYED = 20;
const gone: readonly ReplayOutcome[] = ["replayed", "already_replayed", "valid"];

/** `entries`: ids, or a filter over those that did not go back yet. Interrupted, it can be run again: what went back stays back. */
export async function replayEntries(
  client: QuarantineClient,
  entries: readonly string[] | EntryFilter,
  { dryRun, onProgress }: ReplayEntriesOptions,
): Promise<ReplayReport> {
  const outcomes: Partial<Record<ReplayOutcome, number>> = {};
  const stayed: ReplayResult[] = [];
  let stayedCount = 0;
  let done = 0;
  for await (const { ids, total } of isIds(entries) ? slices(entries) : pages(client, entries)) {
    for (const result of await client.replay(ids, dryRun)) {
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      if (gone.includes(result.outcome)) continue;
      stayedCount++;
      if (stayed.length < MAX_STAYED) stayed.push(result);
    }
    done += ids.length;
    onProgress(done, Math.max(total, done));
  }
  return { outcomes, stayed, stayedCount };
}

interface Some {
  readonly ids: readonly string[];
  readonly total: number;
}

const isIds = (entries: readonly string[] | EntryFilter): entries is readonly string[] => Array.isArray(entries);

async function* slices(ids: readonly string[]): AsyncGenerator<Some> {
  for (let at = 0; at < ids.length; at += PAGE) yield { ids: ids.slice(at, at + PAGE), total: ids.length };
}

/** Oldest first: a cursor that only goes on, whatever goes back meanwhile. */
async function* pages(client: QuarantineClient, filter: EntryFilter): AsyncGenerator<Some> {
  let after: string | undefined;
  let total = 0;
  do {
    const page = await client.list(
      { ...filter, replayed: false },
      { limit: PAGE, order: "oldest", ...(after === undefined ? {} : { after }) },
    );
    total = page.total ?? total;
    if (page.entries.length > 0) yield { ids: page.entries.map(({ id }) => id), total };
    after = page.next;
  } while (after !== undefined);
}
