// What a process that reads the tables, and leaves making them to another, finds missing.
import { aggregationTable, type Manifest, tableName } from "../model/manifest.ts";
import type { Database } from "../ports/database.ts";

/** Names of tables that the manifest asks for and the database does not have; empty when all are there. */
export async function missingTables(database: Database, manifest: Manifest): Promise<readonly string[]> {
  const { rows } = await database.query("SELECT name FROM system.tables WHERE database = currentDatabase()", {
    timeoutMs: 2_000,
  });
  const present = new Set(rows.map(([name]) => String(name)));
  const wanted = [
    ...manifest.models.map(tableName),
    ...manifest.aggregations.map(({ name }) => aggregationTable(name)),
  ];
  return wanted.filter((name) => !present.has(name));
}
