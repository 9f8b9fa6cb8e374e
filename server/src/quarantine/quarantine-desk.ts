// Lists and finds entries in the table, and puts them back through ingest, each once.
import { recordsOf } from "../model/record-rows.ts";
import type { Database } from "../ports/database.ts";
import type { EventError } from "../ports/quarantine.ts";
import type { EntryPage, QuarantineDesk, QuarantineEntry, ReplayResult } from "../ports/quarantine-desk.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import { countQuery, cursorOf, findQuery, listQuery, readEntry, readSummary } from "./entry-queries.ts";
import { decodeEvent } from "./entry-rows.ts";
import { QUARANTINE_STREAM, REPLAY_STREAM } from "./quarantine-models.ts";

/** An event on its way back. */
export interface ReturningEvent {
  /** The same for every try: it is stored once under it. */
  readonly key: string;
  readonly model: string;
  readonly stream: string;
  /** The function whose input it goes to; absent: the model's own stream. */
  readonly by?: string;
  readonly event: Uint8Array;
  /** Judge only. */
  readonly dryRun: boolean;
}

export type Readmission =
  | { readonly outcome: "accepted" /** Where it is now. */; readonly stream: string }
  | { readonly outcome: "refused"; readonly errors: readonly EventError[]; readonly reason: string }
  | { readonly outcome: "unknown_function" };

/** Puts one event back. A refused one leaves no trace, so that it can be tried again after the next fix. */
export type Readmit = (returning: ReturningEvent) => Promise<Readmission>;

export interface QuarantineDeskOptions {
  readonly database: Database;
  readonly stream: StreamLog;
  readonly progress: TableProgress;
  readonly readmit: Readmit;
  /** Of the model `_quarantine_replay`. */
  readonly replaySchemaId: string;
  readonly now?: () => number;
}

/** How long a reader waits for the table to have the newest entries. */
const BEHIND_LIMIT_MS = 3_000;
/** Events that are in memory and go back at the same time; they share the log's commits. */
const AT_ONCE = 32;

export function createQuarantineDesk(options: QuarantineDeskOptions): QuarantineDesk {
  const { database, stream, progress, readmit, replaySchemaId, now = Date.now } = options;

  /** Resolves false when the table does not have everything yet that the streams have now. */
  async function caughtUp(signal?: AbortSignal): Promise<boolean> {
    const limit = AbortSignal.timeout(BEHIND_LIMIT_MS);
    const wanted = new Map(
      [QUARANTINE_STREAM, REPLAY_STREAM]
        .filter((name) => stream.streams().includes(name))
        .map((name): [string, number[]] => [
          name,
          Array.from({ length: stream.partitions(name) }, (_, partition) => stream.endOffset(name, partition)),
        ]),
    );
    try {
      await progress.waitFor(wanted, signal === undefined ? limit : AbortSignal.any([limit, signal]));
      return true;
    } catch {
      signal?.throwIfAborted();
      return false;
    }
  }

  async function entriesOf(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, QuarantineEntry>> {
    const { sql, params } = findQuery(ids);
    const { rows } = await database.query(sql, { params, ...(signal === undefined ? {} : { signal }) });
    return new Map(rows.map(readEntry).map((entry) => [entry.id, entry]));
  }

  async function replayOne(id: string, entry: QuarantineEntry | undefined, dryRun: boolean): Promise<ReplayResult> {
    if (entry === undefined) return { id, outcome: "not_found" };
    if (entry.replayedAt !== null) return { id, outcome: "already_replayed" };
    const event = decodeEvent(entry.encoding, entry.event);
    if (event === undefined) return { id, outcome: "lost", reason: entry.reason };
    const { model, source } = entry;
    // One without an offset is an output of the function that its model refused: it is on its way to the model's own stream.
    const by = source === "function" && entry.offset !== null ? { by: entry.by } : {};
    const back = await readmit({ key: `replay-${id}`, model, stream: entry.stream, ...by, event, dryRun });
    if (back.outcome === "refused") return { id, outcome: "refused", errors: back.errors, reason: back.reason };
    if (back.outcome === "unknown_function") {
      return {
        id,
        outcome: "unknown_function",
        reason: `The project has no function ${entry.by} for ${entry.stream}.`,
      };
    }
    if (dryRun) return { id, outcome: "valid" };
    const mark = JSON.stringify({ id, replayedAt: new Date(now()).toISOString(), stream: back.stream });
    await stream.append(REPLAY_STREAM, recordsOf([mark], replaySchemaId, now()), 0);
    return { id, outcome: "replayed" };
  }

  return {
    async list(filter, page, signal) {
      const query = listQuery(filter, page);
      const behind = !(await caughtUp(signal));
      const more = signal === undefined ? {} : { signal };
      const { rows } = await database.query(query.sql, { params: query.params, ...more });
      const entries = rows.slice(0, page.limit).map(readSummary);
      let result: EntryPage = { entries, behind };
      if (rows.length > page.limit) result = { ...result, next: cursorOf(entries.at(-1)!) };
      if (page.after !== undefined) return result;
      const count = countQuery(filter);
      const counted = await database.query(count.sql, { params: count.params, ...more });
      return { ...result, total: Number(counted.rows[0]![0]) };
    },

    async find(id, signal) {
      await caughtUp(signal);
      return (await entriesOf([id], signal)).get(id);
    },

    async replay(ids, { dryRun }) {
      await caughtUp();
      const results: ReplayResult[] = [];
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const some = ids.slice(at, at + AT_ONCE);
        const entries = await entriesOf(some);
        results.push(...(await Promise.all(some.map((id) => replayOne(id, entries.get(id), dryRun)))));
      }
      return results;
    },
  };
}
