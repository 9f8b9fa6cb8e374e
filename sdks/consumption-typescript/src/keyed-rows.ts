// The rows of a live query by key: takes snapshots and deltas, gives the whole result in the order of the request.

/** How two rows compare when the request says nothing: by the key, ascending. */
export interface RowOrder {
  /** Columns that name a row. */
  readonly key: readonly string[];
  /** As in the request: `"column"` or `"-column"`. */
  readonly orderBy?: readonly string[];
}

interface Entry<Row> {
  readonly key: string;
  readonly row: Row;
}

export class KeyedRows<Row extends object = Record<string, unknown>> {
  readonly #key: readonly string[];
  readonly #compare: (a: Row, b: Row) => number;
  readonly #byKey = new Map<string, Row>();
  readonly #changed = new Set<string>();
  #sorted: readonly Entry<Row>[] = [];
  #rows: readonly Row[] | undefined = [];

  constructor(order: RowOrder) {
    this.#key = order.key;
    this.#compare = comparator([...(order.orderBy ?? []), ...order.key]);
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Text that is equal for rows with the same key columns. */
  keyOf(row: Partial<Row>): string {
    const values = this.#key.map((name) => (row as Record<string, unknown>)[name] ?? null);
    return JSON.stringify(values, (_, value) => (typeof value === "bigint" ? String(value) : value));
  }

  /** Replaces everything. */
  reset(rows: readonly Row[]): void {
    for (const key of this.#byKey.keys()) this.#changed.add(key);
    this.#byKey.clear();
    this.apply(rows, []);
    this.#rows = undefined;
  }

  /** Adds or replaces rows, and removes those whose key columns are given. Unknown keys are ignored. */
  apply(upsert: readonly Row[], remove: readonly Partial<Row>[]): void {
    for (const row of upsert) {
      const key = this.keyOf(row);
      this.#byKey.set(key, row);
      this.#changed.add(key);
    }
    for (const row of remove) {
      const key = this.keyOf(row);
      if (this.#byKey.delete(key)) this.#changed.add(key);
    }
    if (this.#changed.size > 0) this.#rows = undefined;
  }

  /** The whole result, sorted. The same array until something changes; never changed afterwards. */
  rows(): readonly Row[] {
    if (this.#rows) return this.#rows;
    const kept = this.#sorted.filter((entry) => !this.#changed.has(entry.key));
    const fresh: Entry<Row>[] = [];
    for (const key of this.#changed) {
      const row = this.#byKey.get(key);
      if (row) fresh.push({ key, row });
    }
    fresh.sort((a, b) => this.#compare(a.row, b.row));
    this.#changed.clear();
    this.#sorted = merge(kept, fresh, (a, b) => this.#compare(a.row, b.row));
    this.#rows = this.#sorted.map((entry) => entry.row);
    return this.#rows;
  }
}

function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  if (b.length === 0) return a;
  const merged: T[] = [];
  let next = 0;
  for (const item of a) {
    while (next < b.length && compare(b[next]!, item) < 0) merged.push(b[next++]!);
    merged.push(item);
  }
  while (next < b.length) merged.push(b[next++]!);
  return merged;
}

/** As ClickHouse orders: null and NaN last, whatever the direction. */
function comparator<Row>(orderBy: readonly string[]): (a: Row, b: Row) => number {
  const columns = orderBy.map((text) =>
    text.startsWith("-") ? { name: text.slice(1), sign: -1 } : { name: text, sign: 1 },
  );
  return (a, b) => {
    for (const { name, sign } of columns) {
      const left = (a as Record<string, unknown>)[name] as number | null;
      const right = (b as Record<string, unknown>)[name] as number | null;
      const leftMissing = left === null || left === undefined || Number.isNaN(left);
      const rightMissing = right === null || right === undefined || Number.isNaN(right);
      if (leftMissing || rightMissing) {
        if (leftMissing !== rightMissing) return leftMissing ? 1 : -1;
      } else if (left < right) return -sign;
      else if (left > right) return sign;
    }
    return 0;
  };
}
