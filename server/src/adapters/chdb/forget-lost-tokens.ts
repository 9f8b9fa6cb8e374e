// Mends what a death of the engine in the middle of an insert leaves: a token without its part, for which the block would never be taken again.
import { appendFile, readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Session } from "chdb";
import { quoteIdentifier, quoteString } from "../../model/sql-text.ts";
import type { EngineSessions } from "./engine-sessions.ts";
import { type PartRange, recordsOfLostTokens } from "./lost-tokens.ts";

/** More than inserts of one table can have been under way. */
const NEWEST = 1_000;

interface Table {
  readonly database: string;
  readonly name: string;
  readonly path: string;
}

/**
 * To be called when the engine has opened its folder and nobody inserts yet. Resolves to how many tokens were forgotten. When it rejects
 * the engine has to be started again: a table may be detached until then.
 */
export async function forgetLostTokens(sessions: EngineSessions): Promise<number> {
  const session = await sessions.open({ database: undefined, settings: new Map(), params: new Map(), readonly: false });
  try {
    const tables = await select<Table>(
      session,
      `SELECT database, name, data_paths[1] AS path FROM system.tables
       WHERE engine LIKE '%MergeTree' AND engine_full LIKE '%non_replicated_deduplication_window%'`,
    );
    let forgotten = 0;
    for (const table of tables) forgotten += await forgetTokensOf(table, session);
    return forgotten;
  } finally {
    session.close();
  }
}

async function forgetTokensOf({ database, name, path }: Table, session: Session): Promise<number> {
  const folder = join(path, "deduplication_logs");
  const files = (await readdir(folder).catch(() => [])).sort((a, b) => numberOf(a) - numberOf(b));
  const newest = files.at(-1);
  if (newest === undefined) return 0;
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  await endWithLine(join(folder, newest), texts.at(-1)!);
  const parts = await select<PartRange>(
    session,
    `SELECT partition_id AS partition, toInt64(min_block_number) AS firstBlock, toInt64(max_block_number) AS lastBlock
     FROM system.parts WHERE database = ${quoteString(database)} AND table = ${quoteString(name)}`,
  );
  const records = recordsOfLostTokens(texts.join(""), parts, NEWEST);
  if (records.length === 0) return 0;
  await appendFile(join(folder, newest), records.join(""));
  // ClickHouse reads the log when it attaches the table.
  const table = `${quoteIdentifier(database)}.${quoteIdentifier(name)}`;
  await session.queryAsync(`DETACH TABLE ${table}`);
  await session.queryAsync(`ATTACH TABLE ${table}`);
  return records.length;
}

const numberOf = (file: string): number => Number(/\d+/.exec(file)?.[0] ?? 0);

/** A record that follows half a record could not be read. */
async function endWithLine(file: string, text: string): Promise<void> {
  const whole = text.lastIndexOf("\n") + 1;
  if (whole < text.length) await truncate(file, Buffer.byteLength(text.slice(0, whole)));
}

async function select<Row>(session: Session, sql: string): Promise<Row[]> {
  const settings = "SETTINGS output_format_json_quote_64bit_integers = 0";
  const result = await session.queryAsync(`${sql} ${settings}`, { format: "JSONEachRow" });
  return result
    .text()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}
