// Bars and labels stay inside the chart and in proportion.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BarInput, ellipsize, layoutHorizontalBars, layoutVerticalBars } from "./bar-layout.ts";

const measure = (text: string) => text.length * 7;
const bar = fc
  .record({ label: fc.string({ minLength: 1, maxLength: 30 }), value: fc.integer({ min: -500, max: 5000 }) })
  .map(({ label, value }): BarInput => ({ label, value, valueText: String(value) }));

describe("ellipsize", () => {
  it("keeps what fits and cuts the rest", () => {
    expect(ellipsize("SEA", 21, measure)).toBe("SEA");
    expect(ellipsize("Seattle", 28, measure)).toBe("Sea…");
    expect(ellipsize("Seattle", 6, measure)).toBe("");
  });
});

describe("layoutHorizontalBars", () => {
  it("keeps labels and values inside the chart, negative values too", () => {
    fc.assert(
      fc.property(
        fc.array(bar, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 280, max: 1200 }),
        (bars, width) => {
          const layout = layoutHorizontalBars(bars, width, 320, measure);
          for (const place of layout.bars) {
            expect(place.x).toBeGreaterThanOrEqual(0);
            expect(place.x + place.width).toBeLessThanOrEqual(width + 0.001);
            const value = place.value;
            if (!value) continue;
            const from = value.anchor === "end" ? value.x - measure(value.text) : value.x;
            expect(from).toBeGreaterThanOrEqual(-0.001);
            expect(from + measure(value.text)).toBeLessThanOrEqual(width + 0.001);
            if (place.label) expect(measure(place.label.text)).toBeLessThanOrEqual(place.label.x + 0.001);
          }
        },
      ),
    );
  });

  it("draws lengths in proportion from zero", () => {
    const inputs = [10, -5].map((value) => ({ label: "a", value, valueText: "x" }));
    const [up, down] = layoutHorizontalBars(inputs, 400, 100, measure).bars;
    expect(up?.width).toBeCloseTo(2 * (down?.width ?? 0));
    expect((down?.x ?? 0) + (down?.width ?? 0)).toBeCloseTo(up?.x ?? -1);
  });
});

describe("layoutVerticalBars", () => {
  const airports = (count: number, valueText: string) =>
    Array.from({ length: count }, (_, index) => ({ label: `Airport ${index}`, value: index, valueText }));

  it("lays labels flat when they fit and slants them when not", () => {
    expect(layoutVerticalBars(airports(8, "1"), 1200, 300, measure, String).bars[0]?.label?.rotate).toBe(0);
    expect(layoutVerticalBars(airports(8, "1"), 300, 300, measure, String).bars[0]?.label?.rotate).toBe(-45);
  });

  it("lays short labels flat, every n-th of them", () => {
    const hours = Array.from({ length: 24 }, (_, hour) => ({ label: String(hour), value: hour, valueText: "12.5" }));
    const labels = layoutVerticalBars(hours, 320, 300, measure, String).bars.map((place) => place.label);
    expect(labels.filter((label) => label).every((label) => label?.rotate === 0)).toBe(true);
    expect(labels.filter((label) => label).map((label) => label?.text)).toEqual([
      "0",
      "2",
      "4",
      "6",
      "8",
      "10",
      "12",
      "14",
      "16",
      "18",
      "20",
      "22",
    ]);
  });

  it("says values above the bars or, where they would collide, at the grid lines", () => {
    const wide = layoutVerticalBars(airports(8, "1,000"), 800, 300, measure, String);
    expect([wide.bars.filter((place) => place.value).length, wide.gridLabels.length]).toEqual([8, 0]);
    const narrow = layoutVerticalBars(airports(60, "1,000"), 320, 300, measure, String);
    expect(narrow.bars.filter((place) => place.value)).toHaveLength(0);
    expect(narrow.gridLabels.length).toBeGreaterThan(1);
    expect(narrow.bars.filter((place) => place.label).length).toBeLessThanOrEqual(20);
  });

  it("keeps bars inside the chart, negative ones too", () => {
    fc.assert(
      fc.property(
        fc.array(bar, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 280, max: 1200 }),
        (bars, width) => {
          for (const place of layoutVerticalBars(bars, width, 320, measure, String).bars) {
            expect(place.x).toBeGreaterThanOrEqual(0);
            expect(place.x + place.width).toBeLessThanOrEqual(width + 0.001);
            expect(place.y).toBeGreaterThanOrEqual(-0.001);
            expect(place.y + place.height).toBeLessThanOrEqual(320.001);
          }
        },
      ),
    );
  });
});
