// Whether what a table and its views were handed outlives a power cut as soon as the insert is answered.
import type { Database } from "../ports/database.ts";

const SETTINGS = [/\bfsync_after_insert\s*=\s*1\b/, /\bfsync_part_directory\s*=\s*1\b/];

/**
 * True when ClickHouse syncs each inserted part of the table. (What a merge makes of parts is not synced, but ClickHouse keeps the parts that
 * went into it for `old_parts_lifetime`, eight minutes, which the operating system's own writing back does not take.)
 */
export async function isDurable(database: Database, table: string): Promise<boolean> {
  const sql = "SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = {table:String}";
  const { rows } = await database.query(sql, { params: { table } });
  const engine = String(rows[0]?.[0] ?? "");
  return SETTINGS.every((setting) => setting.test(engine));
}
