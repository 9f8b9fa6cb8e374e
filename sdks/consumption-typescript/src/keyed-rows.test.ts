// The keyed store: whatever deltas come, its rows are the sorted result, and earlier arrays stay as they were.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KeyedRows } from "./keyed-rows.ts";

interface Row {
  readonly origin: string;
  readonly flights: bigint;
  readonly delay: number | null;
}
const row = fc.record<Row>({
  origin: fc.constantFrom("A", "B", "C", "D", "E", "F"),
  flights: fc.bigInt({ min: 0n, max: 5n }),
  delay: fc.option(fc.integer({ min: 0, max: 3 })),
});

describe("KeyedRows", () => {
  test("equals sorting the whole after any run of changes", () => {
    const step = fc.record({ upsert: fc.array(row, { maxLength: 4 }), remove: fc.array(row, { maxLength: 2 }) });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        fc.array(step, { maxLength: 8 }),
        fc.boolean(),
        (first, steps, readAlways) => {
          const store = new KeyedRows<Row>({ key: ["origin"], orderBy: ["-flights"] });
          const plain = new Map<string, Row>();
          store.reset(first);
          for (const item of first) plain.set(item.origin, item);
          for (const { upsert, remove } of steps) {
            const before = store.rows();
            const copy = [...before];
            store.apply(upsert, remove);
            for (const item of upsert) plain.set(item.origin, item);
            for (const item of remove) plain.delete(item.origin);
            if (readAlways) store.rows();
            expect(before).toEqual(copy);
          }
          const expected = [...plain.values()].sort((a, b) =>
            a.flights === b.flights ? (a.origin < b.origin ? -1 : 1) : a.flights > b.flights ? -1 : 1,
          );
          expect(store.rows()).toEqual(expected);
          expect(store.size).toBe(expected.length);
          expect(store.rows()).toBe(store.rows());
        },
      ),
    );
  });

  test("puts null last in both directions, as ClickHouse does", () => {
    const rows = [
      { origin: "A", delay: null },
      { origin: "B", delay: 1 },
      { origin: "C", delay: 2 },
    ];
    for (const [orderBy, expected] of [
      ["delay", "BCA"],
      ["-delay", "CBA"],
    ] as const) {
      const store = new KeyedRows({ key: ["origin"], orderBy: [orderBy] });
      store.reset(rows);
      expect(
        store
          .rows()
          .map((item) => item.origin)
          .join(""),
      ).toBe(expected);
    }
  });

  test("reset drops what was there; a key of a row without dimensions is always the same", () => {
    const store = new KeyedRows<{ flights: bigint }>({ key: [] });
    store.reset([{ flights: 1n }]);
    store.apply([{ flights: 2n }], []);
    expect(store.rows()).toEqual([{ flights: 2n }]);
    store.reset([]);
    expect(store.rows()).toEqual([]);
  });
});
