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
  it("lays labels flat when they fit and slants them when not", () => {
    const inputs = Array.from({ length: 8 }, (_, index) => ({
      label: `Airport ${index}`,
      value: index,
      valueText: String(index),
    }));
    expect(layoutVerticalBars(inputs, 1200, 300, measure).bars[0]?.label?.rotate).toBe(0);
    expect(layoutVerticalBars(inputs, 300, 300, measure).bars[0]?.label?.rotate).toBe(-45);
  });

  it("leaves out values and labels that would collide", () => {
    const inputs = Array.from({ length: 60 }, (_, index) => ({
      label: `Airport ${index}`,
      value: 1000,
      valueText: "1,000",
    }));
    const { bars } = layoutVerticalBars(inputs, 320, 300, measure);
    expect(bars.filter((place) => place.value)).toHaveLength(0);
    expect(bars.filter((place) => place.label).length).toBeLessThanOrEqual(20);
  });
});
