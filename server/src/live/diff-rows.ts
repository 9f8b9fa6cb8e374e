// Keyed differences between two results of one query. Pure; rows and keys are their JSON text, so that each is encoded once.

/** Key text (a JSON array of the key's values) → row text (a JSON array of all values), in the order of the result. */
export type KeyedRows = ReadonlyMap<string, string>;

export interface RowChanges {
  /** Key text → row text of rows that are new or differ. */
  readonly upsert: KeyedRows;
  /** Key texts of rows that are gone. */
  readonly remove: ReadonlySet<string>;
}

/** `keyIndexes`: where the key's columns stand in a row. */
export function keyRows(rows: readonly (readonly unknown[])[], keyIndexes: readonly number[]): KeyedRows {
  const keyed = new Map<string, string>();
  for (const row of rows) keyed.set(JSON.stringify(keyIndexes.map((index) => row[index] ?? null)), JSON.stringify(row));
  return keyed;
}

export function diffRows(before: KeyedRows, after: KeyedRows): RowChanges {
  const upsert = new Map<string, string>();
  for (const [key, row] of after) if (before.get(key) !== row) upsert.set(key, row);
  const remove = new Set<string>();
  for (const key of before.keys()) if (!after.has(key)) remove.add(key);
  return { upsert, remove };
}

export const isEmptyChange = (changes: RowChanges): boolean => changes.upsert.size === 0 && changes.remove.size === 0;

/** One change that has the effect of all, in order: the latest for each key. */
export function mergeChanges(all: readonly RowChanges[]): RowChanges {
  if (all.length === 1) return all[0]!;
  const upsert = new Map<string, string>();
  const remove = new Set<string>();
  for (const changes of all) {
    for (const [key, row] of changes.upsert) {
      remove.delete(key);
      upsert.set(key, row);
    }
    for (const key of changes.remove) {
      upsert.delete(key);
      remove.add(key);
    }
  }
  return { upsert, remove };
}
