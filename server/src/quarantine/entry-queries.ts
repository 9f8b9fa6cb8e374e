// The SQL that reads entries. Pure: every value is a bound parameter.
import { MooseError } from "../model/errors.ts";
import type { EntryFilter, EntrySummary, PageRequest, QuarantineEntry } from "../ports/quarantine-desk.ts";

export interface EntryQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const summaryColumns =
  "id, model, version, stream, source, `by`, code, reason, `partition`, toString(`offset`), " +
  "if(encoding = 'base64', length(base64Decode(event)), length(event)), " +
  "toString(toUnixTimestamp64Milli(receivedAt)), toString(toUnixTimestamp64Milli(quarantinedAt)), replayedMs";

const fullColumns = `${summaryColumns}, errors.path, errors.code, errors.expected, errors.got, stack, toString(lastOffset), encoding, event`;

const replays =
  "(SELECT id AS replayedId, toString(toUnixTimestamp64Milli(min(replayedAt))) AS replayedMs FROM _quarantine_replay GROUP BY id)";
const from = `FROM _quarantine LEFT JOIN ${replays} AS replays ON id = replayedId`;

export function listQuery(filter: EntryFilter, page: PageRequest): EntryQuery {
  const { conditions, params } = conditionsOf(filter);
  const newest = page.order === "newest";
  if (page.after !== undefined) {
    const cursor = readCursor(page.after);
    conditions.push(
      `(toUnixTimestamp64Milli(quarantinedAt), id) ${newest ? "<" : ">"} ({cursorMs:Int64}, {cursorId:String})`,
    );
    Object.assign(params, cursor);
  }
  const direction = newest ? "DESC" : "ASC";
  // An entry that was made twice, around a crash, is shown once; one more than the page tells whether there is a next.
  const sql = `SELECT ${summaryColumns} ${from} ${whereOf(conditions)} ORDER BY quarantinedAt ${direction}, id ${direction} LIMIT 1 BY id LIMIT {limit:UInt32}`;
  return { sql, params: { ...params, limit: page.limit + 1 } };
}

export function countQuery(filter: EntryFilter): EntryQuery {
  const { conditions, params } = conditionsOf(filter);
  return { sql: `SELECT uniqExact(id) FROM _quarantine ${whereOf(conditions)}`, params };
}

/** The entries that have one of these ids, in no order. */
export function findQuery(ids: readonly string[]): EntryQuery {
  return { sql: `SELECT ${fullColumns} ${from} WHERE id IN {ids:Array(String)} LIMIT 1 BY id`, params: { ids } };
}

export function readSummary(row: readonly unknown[]): EntrySummary {
  const [id, model, version, stream, source, by, code, reason, partition, offset, bytes, received, made, replayed] =
    row as string[];
  return {
    id: id!,
    model: model!,
    version: version!,
    stream: stream!,
    source: source as EntrySummary["source"],
    by: by!,
    code: code!,
    reason: reason!,
    partition: partition === null ? null : Number(partition),
    offset: offset ?? null,
    bytes: Number(bytes),
    receivedAt: timeOf(received!),
    quarantinedAt: timeOf(made!),
    replayedAt: replayed === "" ? null : timeOf(replayed!),
  };
}

const SUMMARY_COLUMNS = 14;

export function readEntry(row: readonly unknown[]): QuarantineEntry {
  const [paths, codes, expected, got, stack, lastOffset, encoding, event] = row.slice(SUMMARY_COLUMNS) as [
    ...texts: [string[], string[], string[], string[]],
    ...rest: [string, string | null, QuarantineEntry["encoding"], string],
  ];
  const errors = paths.map((path, at) => ({ path, code: codes[at]!, expected: expected[at]!, got: got[at]! }));
  return { ...readSummary(row), errors, stack, lastOffset, encoding, event };
}

export const cursorOf = (entry: EntrySummary): string => `${Date.parse(entry.quarantinedAt)}-${entry.id}`;

function readCursor(text: string): { cursorMs: string; cursorId: string } {
  const match = /^(\d{1,15})-([0-9a-f]{24})$/.exec(text);
  if (match === null) {
    throw new MooseError("invalid_parameter", `after is "${text.slice(0, 100)}". Use the next of the page before.`, {
      extra: { parameter: "after" },
    });
  }
  // ClickHouse reads no number with a zero before it.
  return { cursorMs: String(Number(match[1])), cursorId: match[2]! };
}

function conditionsOf(filter: EntryFilter): { conditions: string[]; params: Record<string, unknown> } {
  const conditions: string[] = [];
  const params: Record<string, unknown> = {};
  for (const name of ["model", "source", "code", "by"] as const) {
    if (filter[name] === undefined) continue;
    conditions.push(`\`${name}\` = {${name}:String}`);
    params[name] = filter[name];
  }
  if (filter.sinceMs !== undefined) conditions.push("quarantinedAt >= fromUnixTimestamp64Milli({sinceMs:Int64})");
  if (filter.untilMs !== undefined) conditions.push("quarantinedAt < fromUnixTimestamp64Milli({untilMs:Int64})");
  for (const name of ["sinceMs", "untilMs"] as const) if (filter[name] !== undefined) params[name] = filter[name];
  if (filter.replayed !== undefined) {
    conditions.push(`id ${filter.replayed ? "" : "NOT "}IN (SELECT id FROM _quarantine_replay)`);
  }
  return { conditions, params };
}

const whereOf = (conditions: readonly string[]): string =>
  conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;

const timeOf = (ms: string): string => new Date(Number(ms)).toISOString();
