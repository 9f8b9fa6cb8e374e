// Cells of a result as numbers, times and text.
import { describe, expect, it } from "vitest";
import { numberOf, textOf, timeOf } from "./cell-value.ts";

describe("numberOf", () => {
  it("reads numbers, bigints and decimal strings", () => {
    expect([numberOf(1.5), numberOf(12n), numberOf("-3"), numberOf("1e3")]).toEqual([1.5, 12, -3, 1000]);
  });
  it("says null for what is no number", () => {
    expect([numberOf(Number.NaN), numberOf(""), numberOf("SEA"), numberOf(null), numberOf({})]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("timeOf", () => {
  it("reads ClickHouse's notation as UTC, whatever the machine's zone", () => {
    expect(timeOf("2001-01-01 00:01:02")).toBe(Date.UTC(2001, 0, 1, 0, 1, 2));
    expect(timeOf("2001-01-01 00:01:02.250")).toBe(Date.UTC(2001, 0, 1, 0, 1, 2, 250));
    expect(timeOf("2001-01-01")).toBe(Date.UTC(2001, 0, 1));
  });
  it("honours an offset in RFC 3339", () => {
    expect(timeOf("2001-01-01T02:00:00+02:00")).toBe(Date.UTC(2001, 0, 1));
  });
  it("says null for a category or a number", () => {
    expect([timeOf("SEA"), timeOf(12), timeOf("2001"), timeOf(new Date(Number.NaN))]).toEqual([null, null, null, null]);
  });
});

describe("textOf", () => {
  it("names an absent value", () => {
    expect([textOf(null), textOf("SEA"), textOf(12n)]).toEqual(["none", "SEA", "12"]);
  });
});
