// What is known of claims: which rows they name, in what order, whether they are settled; and no more of them than the limits say.
import { expect, it } from "vitest";
import type { SequenceRanges } from "../../model/event-ids.ts";
import { KnownClaims, type LedgerEntry } from "./known-claims.ts";

const claim = (number: number, name: string, ranges: SequenceRanges): LedgerEntry => ({
  id: ["process", number],
  name,
  ranges,
  stream: "Flight.1.0",
  fromOffsets: [0],
  producer: ["7", 0],
});

it("names earlier claims on the same rows, and whether they are settled", () => {
  const known = new KnownClaims({ windowMs: 1_000, maxClaims: 100 });
  known.apply(claim(0, "a", [[0, 9]]), 10, 1);
  known.apply(
    claim(1, "a", [
      [20, 29],
      [40, 49],
    ]),
    11,
    2,
  );
  known.apply(claim(2, "b", [[0, 99]]), 12, 3);
  known.apply(claim(3, "a", [[5, 44]]), 13, 4);
  known.apply({ settled: [["process", 1]] }, 14, 5);
  const before = known.before(13, { name: "a", ranges: [[9, 40]], stream: "Flight.1.0" });
  expect(before.map(({ id, settled }) => [id[1], settled])).toEqual([
    [0, false],
    [1, true],
  ]);
  expect(known.before(13, { name: "a", ranges: [[30, 39]], stream: "Flight.1.0" })).toEqual([]);
  known.apply({ settled: [["another process", 0]] }, 15, 6);
  expect(known.before(13, { name: "a", ranges: [[0, 0]], stream: "Flight.1.0" })[0]).toMatchObject({ settled: false });
});

it("forgets what is older than the window, and the oldest over the bound", () => {
  const known = new KnownClaims({ windowMs: 1_000, maxClaims: 3 });
  for (let number = 0; number < 5; number++) known.apply(claim(number, `${number}`, [[0, 0]]), number, number);
  expect(known.size).toBe(3);
  expect(known.before(9, { name: "1", ranges: [[0, 0]], stream: "Flight.1.0" })).toEqual([]);
  known.apply(claim(5, "5", [[0, 0]]), 5, 1_004);
  expect(known.size).toBe(2);
});
