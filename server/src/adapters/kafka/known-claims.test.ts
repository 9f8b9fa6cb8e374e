// What is known of claims: which rows they name, in what order, whether they are settled; and no more of them than the limits say.
import { expect, it } from "vitest";
import type { SequenceRanges } from "../../model/event-ids.ts";
import { KnownClaims, type LedgerEntry } from "./known-claims.ts";

const STREAM = "Flight.1.0";
const LIMITS = { windowMs: 1_000, maxNames: 100 };

const claim = (number: number, name: string, ranges: SequenceRanges, process = "other"): LedgerEntry => ({
  id: [process, number],
  name,
  ranges,
  stream: STREAM,
  fromOffsets: [number * 10, 1_000 - number],
  producer: ["7", 0],
});
const rows = (name: string, ...ranges: [number, number][]) => ({ name, ranges, stream: STREAM });

it("names earlier claims on the same rows that are open, and where those lie that others settled", () => {
  const known = new KnownClaims("own", LIMITS);
  known.apply(claim(0, "a", [[0, 9]]), 10, 1);
  known.apply(claim(1, "a", [[20, 29]]), 11, 2);
  known.apply(claim(2, "a", [[30, 39]]), 12, 2);
  known.apply(claim(3, "b", [[0, 99]]), 13, 3);
  known.apply(claim(4, "a", [[5, 44]]), 14, 4);
  known.apply(
    {
      settled: [
        ["other", 2],
        ["other", 1],
      ],
    },
    15,
    5,
  );
  const { open, settled } = known.before(14, rows("a", [9, 25]));
  expect(open.map(({ id }) => id[1])).toEqual([0]);
  expect(settled).toEqual([{ stream: STREAM, fromOffsets: [10, 998] }]);
  expect(known.before(14, rows("a", [10, 19], [40, 49]))).toEqual({ open: [], settled: [] });
  known.apply({ settled: [["another", 0]] }, 16, 6);
  expect(known.before(14, rows("a", [0, 0])).open).toMatchObject([{ settled: false }]);
  known.apply({ settled: [["other", 0]] }, 17, 7);
  expect(open).toMatchObject([{ settled: true }]);
  expect(known.before(14, rows("a", [0, 0]))).toMatchObject({ open: [], settled: [{ stream: STREAM }] });
});

it("keeps nothing of what this process has settled itself", () => {
  const known = new KnownClaims("own", LIMITS);
  known.apply(claim(0, "a", [[0, 9]], "own"), 0, 0);
  expect(known.before(1, rows("a", [0, 0])).open).toHaveLength(1);
  known.apply({ settled: [["own", 0]] }, 1, 0);
  expect(known.size).toBe(0);
  expect(known.before(2, rows("a", [0, 0]))).toEqual({ open: [], settled: [] });
});

it("forgets names older than the window, and the oldest over the bound", () => {
  const known = new KnownClaims("own", { windowMs: 1_000, maxNames: 3 });
  for (let number = 0; number < 5; number++) known.apply(claim(number, `${number}`, [[0, 0]]), number, number);
  expect(known.size).toBe(3);
  expect(known.before(9, rows("1", [0, 0])).open).toEqual([]);
  known.apply(claim(5, "2", [[5, 5]]), 5, 1_003);
  expect(known.before(9, rows("2", [0, 0])).open).toHaveLength(1);
  known.apply(claim(6, "6", [[0, 0]]), 6, 1_005);
  expect(known.size).toBe(2);
});
