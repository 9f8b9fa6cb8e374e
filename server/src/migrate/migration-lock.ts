// Lets one process at a time change the tables of a database that several share.
import { randomUUID } from "node:crypto";
import { MooseError } from "../model/errors.ts";
import { quoteIdentifier, quoteString } from "../model/sql-text.ts";
import type { Database } from "../ports/database.ts";

export interface MigrationLockOptions {
  /** A holder that has not renewed its lock for this long is taken for dead. */
  readonly leaseMs?: number;
  /** How long to wait for another's migration. */
  readonly waitLimitMs?: number;
}

interface Claim {
  readonly holder: string;
  /** By the clock of the database; 0: given back. */
  readonly untilMs: number;
}

const PREFIX = "_moose_migration_";
const LEASE_MS = 15_000;
const WAIT_LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 200;

/**
 * ClickHouse has no locks, but of two that create the same table one fails. So each claim is a table with the next number, and the claim
 * is written in its comment; the highest number counts. It stays when it is given back, until a higher one is there: a number is never
 * free again, and who comes late finds a higher one.
 *
 * Rejects with MooseError `database_unavailable` when another process holds it over the limit, and with what `work` rejects with.
 */
export async function withMigrationLock<T>(
  database: Database,
  work: () => Promise<T>,
  options: MigrationLockOptions = {},
): Promise<T> {
  const { leaseMs = LEASE_MS, waitLimitMs = WAIT_LIMIT_MS } = options;
  const holder = randomUUID();
  const table = await claim(database, holder, leaseMs, waitLimitMs);
  const write = async (untilMs: number): Promise<void> =>
    database.command(`ALTER TABLE ${quoteIdentifier(table)} MODIFY COMMENT ${claimText({ holder, untilMs })}`);
  const renewal = setInterval(() => {
    // One that fails is made up for by the next; should all fail, the work does too.
    nowMs(database)
      .then(
        (now) => write(now + leaseMs),
        () => {},
      )
      .catch(() => {});
  }, leaseMs / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    // What cannot be given back runs out.
    await write(0).catch(() => {});
  }
}

async function claim(database: Database, holder: string, leaseMs: number, waitLimitMs: number): Promise<string> {
  const giveUpMs = performance.now() + waitLimitMs;
  for (;;) {
    const { highest, claim: current, now } = await look(database);
    if (current !== undefined && current.untilMs > now) {
      if (performance.now() > giveUpMs) {
        throw new MooseError(
          "database_unavailable",
          `Another process has been changing the tables for over ${Math.round(waitLimitMs / 1000)} s. Start again when it is done.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      continue;
    }
    const number = highest + 1;
    const table = `${PREFIX}${number}`;
    try {
      const text = claimText({ holder, untilMs: now + leaseMs });
      await database.command(`CREATE TABLE ${quoteIdentifier(table)} (nothing UInt8) ENGINE = Null COMMENT ${text}`);
    } catch (error) {
      // Somebody else was quicker, or it is something else that the next look will meet again.
      if ((await look(database)).highest < number) throw error;
      continue;
    }
    const after = await look(database);
    if (after.claim?.holder === holder) {
      for (const lower of after.numbers) {
        if (lower < number) await database.command(`DROP TABLE IF EXISTS ${quoteIdentifier(`${PREFIX}${lower}`)}`);
      }
      return table;
    }
    await database.command(`DROP TABLE IF EXISTS ${quoteIdentifier(table)}`);
  }
}

interface Claims {
  readonly numbers: readonly number[];
  /** 0 when there is none. */
  readonly highest: number;
  /** Of the highest number. */
  readonly claim: Claim | undefined;
  readonly now: number;
}

async function look(database: Database): Promise<Claims> {
  const { rows } = await database.query(
    "SELECT toUInt32OrZero(substring(name, {length:UInt32} + 1)), comment FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {prefix:String})",
    { params: { prefix: PREFIX, length: PREFIX.length } },
  );
  const comments = new Map(rows.map(([number, comment]) => [Number(number), String(comment)]));
  const highest = Math.max(0, ...comments.keys());
  return {
    numbers: [...comments.keys()],
    highest,
    claim: readClaim(comments.get(highest)),
    now: await nowMs(database),
  };
}

async function nowMs(database: Database): Promise<number> {
  const { rows } = await database.query("SELECT toUnixTimestamp64Milli(now64(3))");
  return Number(rows[0]![0]);
}

const claimText = (claim: Claim): string => quoteString(JSON.stringify(claim));

function readClaim(text: string | undefined): Claim | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Claim;
  } catch {
    // A table of that name which nobody here made: it claims nothing.
    return undefined;
  }
}
