// The account of stream functions: what each says it made of its events, held against the stream, its targets and quarantine.
import { decodeAccount, type FunctionAccount, newAccount } from "../model/function-account.ts";
import type { FunctionSpec } from "../model/function-spec.ts";
import { functionGroup, functionOfGroup, modelOfStream } from "../model/manifest.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { FunctionAudit } from "./audit-report.ts";

export interface FunctionPlace {
  readonly name: string;
  readonly stream: string;
  readonly partition: number;
}

/** Where a function stands in one partition, and what it says about it. */
export interface FunctionStand extends FunctionPlace {
  readonly committed: number;
  readonly account: FunctionAccount;
}

const QUERY_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Of every function that ever ran, each partition in which it has made progress. */
export async function functionStands(log: StreamLog): Promise<FunctionStand[]> {
  const stands: FunctionStand[] = [];
  for (const group of await log.groups()) {
    const name = functionOfGroup(group);
    if (name === undefined) continue;
    for (const stream of log.streams()) {
      for (let partition = 0; partition < log.partitions(stream); partition++) {
        const { committed, account } = await log.progress(group, stream, partition);
        const decoded = decodeAccount(account);
        if (committed > 0 || decoded !== undefined)
          stands.push({ name, stream, partition, committed, account: decoded ?? newAccount(committed, 0) });
      }
    }
  }
  return stands;
}

/** Resolves once the functions have taken all below `ends`, or when the signal ends. */
export async function untilTaken(
  log: StreamLog,
  functions: readonly FunctionSpec[],
  ends: ReadonlyMap<string, readonly number[]>,
  signal: AbortSignal,
): Promise<void> {
  for (const { name, from } of functions) {
    for (const [stream, offsets] of ends) {
      if (!from.some(({ model }) => model === modelOfStream(stream))) continue;
      for (const [partition, end] of offsets.entries()) {
        while (!signal.aborted && (await log.progress(functionGroup(name), stream, partition)).committed < end)
          await pause(signal);
      }
    }
  }
}

/** What quarantine holds of a partition's events as refused by the function. */
export async function auditFunction(
  database: Database,
  { name, stream, partition, committed, account }: FunctionStand,
  end: number,
  signal: AbortSignal,
): Promise<FunctionAudit> {
  const { begin, taken, emitting, filtered, failed, unreadable, absent, refused, emitted } = account;
  const { rows } = await database.query(
    `SELECT count(), uniqExact(offset) FROM _quarantine WHERE source = 'function' AND by = {name:String} AND stream = {stream:String}
       AND partition = {partition:UInt32} AND offset >= {begin:UInt64} AND offset < {committed:UInt64}`,
    { params: { name, stream, partition, begin, committed }, signal, timeoutMs: QUERY_LIMIT_MS },
  );
  const [count, inQuarantine] = rows[0]!.map(Number) as [number, number];
  return {
    function: name,
    stream,
    partition,
    begin,
    committed,
    waiting: Math.max(0, end - committed),
    taken,
    emitting,
    filtered,
    quarantined: failed,
    unreadable,
    absent,
    refused,
    emitted: Object.fromEntries(emitted),
    inQuarantine,
    doubledInQuarantine: count - inQuarantine,
  };
}

/** Outputs that quarantine holds as refused, by function: they stand at no offset. */
export async function refusedInQuarantine(
  database: Database,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await database.query(
    "SELECT by, count() FROM _quarantine WHERE source = 'function' AND offset IS NULL GROUP BY by",
    { signal, timeoutMs: QUERY_LIMIT_MS },
  );
  return new Map(rows.map(([name, count]) => [String(name), Number(count)]));
}

/** Until the next look, or until the signal ends. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_EVERY_MS);
    signal.addEventListener("abort", done);
  });
}
