// Keyed differences: applying them gives the other result, and merging them changes nothing about that.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeltaRing } from "./delta-ring.ts";
import { diffRows, isEmptyChange, type KeyedRows, keyRows, mergeChanges, type RowChanges } from "./diff-rows.ts";

function applied(before: KeyedRows, changes: RowChanges): Map<string, string> {
  const rows = new Map(before);
  for (const key of changes.remove) rows.delete(key);
  for (const [key, row] of changes.upsert) rows.set(key, row);
  return rows;
}
const sorted = (rows: KeyedRows) => [...rows].sort();

const result = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom("a", "b", "c", 'd"', null),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 2 }),
    ),
    {
      selector: ([origin, minute]) => JSON.stringify([origin, minute]),
      maxLength: 12,
    },
  )
  .map((rows) => keyRows(rows, [0, 1]));

describe("diffRows", () => {
  test("leads from any result to any other", () => {
    fc.assert(
      fc.property(result, result, (before, after) => {
        expect(sorted(applied(before, diffRows(before, after)))).toEqual(sorted(after));
        expect(isEmptyChange(diffRows(after, after))).toBe(true);
      }),
    );
  });

  test("names only what differs", () => {
    const before = keyRows(
      [
        ["LAX", 1],
        ["JFK", 2],
        ["SFO", 3],
      ],
      [0],
    );
    const after = keyRows(
      [
        ["LAX", 1],
        ["JFK", 5],
        ["ORD", 4],
      ],
      [0],
    );
    const changes = diffRows(before, after);
    expect([...changes.upsert.values()]).toEqual(['["JFK",5]', '["ORD",4]']);
    expect([...changes.remove]).toEqual(['["SFO"]']);
  });

  test("without dimensions there is one row with the empty key", () => {
    const changes = diffRows(keyRows([["1"]], []), keyRows([["2"]], []));
    expect([...changes.upsert]).toEqual([["[]", '["2"]']]);
    expect(changes.remove.size).toBe(0);
  });
});

describe("mergeChanges", () => {
  test("has the effect of all changes in order", () => {
    fc.assert(
      fc.property(fc.array(result, { minLength: 2, maxLength: 6 }), (states) => {
        const changes = states.slice(1).map((state, index) => diffRows(states[index]!, state));
        expect(sorted(applied(states[0]!, mergeChanges(changes)))).toEqual(sorted(states.at(-1)!));
      }),
    );
  });
});

describe("DeltaRing", () => {
  test("gives exactly what is missing since any held state, and nothing for a state that it dropped", () => {
    fc.assert(
      fc.property(fc.array(result, { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 4 }), (states, size) => {
        const ring = new DeltaRing(size, 1_000_000, 0, "t0");
        for (const [index, state] of states.slice(1).entries())
          ring.push(diffRows(states[index]!, state), `t${index + 1}`);
        const newest = states.length - 1;
        expect(ring.sequence).toBe(newest);
        expect(ring.token).toBe(`t${newest}`);
        for (let sequence = 0; sequence <= newest; sequence++) {
          const held = newest - sequence <= size;
          expect(ring.find(`t${sequence}`)).toBe(held ? sequence : undefined);
          const body = ring.bodySince(sequence);
          if (!held || sequence === newest) {
            expect(body).toBeUndefined();
            continue;
          }
          const delta = JSON.parse(`{${body}`) as { upsert: unknown[][]; remove: unknown[][]; position: string };
          const rows = new Map([...states[sequence]!]);
          for (const key of delta.remove) rows.delete(JSON.stringify(key));
          for (const [key, row] of keyRows(delta.upsert, [0, 1])) rows.set(key, row);
          expect(sorted(rows)).toEqual(sorted(states[newest]!));
          expect(delta.position).toBe(`t${newest}`);
        }
      }),
    );
  });

  test("drops the oldest when the text grows over its bound, but never the newest", () => {
    const ring = new DeltaRing(100, 50, 0, "t0");
    for (let n = 1; n <= 5; n++)
      ring.push({ upsert: new Map([["k", `["${"x".repeat(30)}",${n}]`]]), remove: new Set() }, `t${n}`);
    expect(ring.sequence).toBe(5);
    expect(ring.bodySince(4)).toBeDefined();
    expect(ring.bodySince(3)).toBeUndefined();
  });
});
