// Offsets that hold no event, taken from those that are missing.
import { expect, it } from "vitest";
import { offsetsIn, withoutGaps } from "./stream-gaps.ts";

it("leaves of the missing offsets what the stream says are events", () => {
  const missing = [
    { first: 0, last: 3 },
    { first: 10, last: 20 },
    { first: 30, last: 31 },
  ];
  const gaps = [
    { first: 2, last: 5 },
    { first: 10, last: 11 },
    { first: 14, last: 16 },
    { first: 30, last: 31 },
  ];
  expect(withoutGaps(missing, gaps)).toEqual([
    { first: 0, last: 2 },
    { first: 11, last: 14 },
    { first: 16, last: 20 },
  ]);
  expect(withoutGaps(missing, [])).toEqual(missing);
  expect(withoutGaps(missing, [{ first: 0, last: 100 }])).toEqual([]);
});

it("counts the offsets of ranges within another", () => {
  const ranges = [
    { first: 0, last: 5 },
    { first: 8, last: 12 },
  ];
  expect(offsetsIn(ranges, { first: 3, last: 10 })).toBe(4);
  expect(offsetsIn(ranges, { first: 5, last: 8 })).toBe(0);
});
