// Against JavaScript's own Set: the same members, in as few ranges as there can be.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SequenceSet } from "./sequence-set.ts";

const MOST = 60;
const ascending = fc
  .uniqueArray(fc.nat(MOST), { minLength: 1, maxLength: 20 })
  .map((numbers) => Float64Array.from(numbers.sort((a, b) => a - b)));
const range = fc.tuple(fc.nat(MOST), fc.nat(8)).map(([first, more]): [number, number] => [first, first + more]);

describe("SequenceSet", () => {
  it("holds what a set holds, in the fewest ranges, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(ascending, range), { maxLength: 30 }), (steps) => {
        const model = new Set<number>();
        const set = new SequenceSet();
        for (const step of steps) {
          if (step instanceof Float64Array) {
            for (const number of step) model.add(number);
            for (const number of step) set.addRange(number, number);
          } else {
            for (let number = step[0]; number <= step[1]; number++) model.add(number);
            set.addRange(step[0], step[1]);
          }
          const ranges = set.ranges();
          for (let number = 0; number <= MOST + 10; number++) expect(set.has(number)).toBe(model.has(number));
          for (let at = 1; at < ranges.length; at++) expect(ranges[at]![0]).toBeGreaterThan(ranges[at - 1]![1] + 1);
          expect(set.size).toBe(ranges.length);
          expect(new SequenceSet(ranges).ranges()).toEqual(ranges);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("knows whether a range touches it", () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 10 }), range, (ranges, [first, last]) => {
        const set = new SequenceSet(ranges);
        let touches = false;
        for (let number = first; number <= last; number++) touches ||= set.has(number);
        expect(set.overlaps(first, last)).toBe(touches);
      }),
    );
  });

  it("forgets the lowest first", () => {
    const set = new SequenceSet([[1, 2], [5, 6], [9, 9]]); // biome-ignore format: three ranges
    set.keepHighest(2);
    expect(set.ranges()).toEqual([[5, 6], [9, 9]]); // biome-ignore format: two ranges
    set.keepHighest(5);
    expect(set.size).toBe(2);
  });

  it("stays one range for numbers that come in order", () => {
    const set = new SequenceSet();
    for (let n = 0; n < 1000; n++) set.addRange(n * 10, n * 10 + 9);
    expect(set.ranges()).toEqual([[0, 9999]]);
  });
});
