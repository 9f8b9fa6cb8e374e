// Numbers and times as a reader expects to see them.
import { describe, expect, it } from "vitest";
import { formatAlike, formatCell, formatNumber, formatStep, formatTick, formatTime, labelOf } from "./format-value.ts";

const english = { locale: "en-US" };

describe("formatNumber", () => {
  it("keeps every digit of 64-bit integers, as bigint or text", () => {
    expect(formatNumber(18446744073709551615n, "auto", english)).toBe("18,446,744,073,709,551,615");
    expect(formatNumber("18446744073709551615", "auto", english)).toBe("18,446,744,073,709,551,615");
  });
  it("gives small numbers the digits that matter", () => {
    expect([0.1234, 12.345, 1234.5].map((value) => formatNumber(value, "auto", english))).toEqual([
      "0.12",
      "12.3",
      "1,235",
    ]);
    expect(formatNumber(null, "auto", english)).toBe("–");
    expect(formatNumber(1_234_567, "compact", english)).toBe("1.2M");
  });
  it("uses the reader's separators", () => {
    expect(formatNumber(1234.5, "integer", { locale: "de-DE" })).toBe("1.235");
  });
});

describe("numbers side by side", () => {
  it("have the same decimals", () => {
    expect(formatAlike([22.4, 4, -0.61], english)).toEqual(["22.4", "4.0", "-0.6"]);
    expect(formatAlike([3n, "12", null], english)).toEqual(["3", "12", "–"]);
    expect(formatAlike([1234.5, 4.2], english)).toEqual(["1,235", "4"]);
  });
  it("have the decimals of an axis's step", () => {
    expect([0, 2.5, 5].map((tick) => formatStep(tick, 2.5, english))).toEqual(["0.0", "2.5", "5.0"]);
    expect([formatStep(0.25, 0.25, english), formatStep(800, 200, english), formatStep(20_000, 5000, english)]).toEqual(
      ["0.25", "800", "20K"],
    );
  });
});

describe("times", () => {
  const timeMs = Date.UTC(2001, 0, 2, 3, 4, 5);
  it("shows as much as the step needs", () => {
    expect(formatTime(timeMs, 1000, english)).toBe("Jan 2, 03:04:05");
    expect(formatTick(timeMs, 60_000, english)).toBe("03:04");
    expect(formatTick(timeMs, 1000, { ...english, timeZone: "Asia/Tokyo" })).toBe("12:04:05");
  });
  it("tells a time from a name", () => {
    expect(formatCell("2001-01-02 03:04:05", english)).toBe("Jan 2, 03:04:05");
    expect(formatCell("SEA", english)).toBe("SEA");
  });
});

it("reads a label from a column name", () => {
  expect([labelOf("averageDelay"), labelOf("max_delay")]).toEqual(["Average delay", "Max delay"]);
});
