// The default colours can be told from what they stand on, in light and in dark.
import { describe, expect, it } from "vitest";
import { SERIES_COLORS, tokens } from "./tokens.ts";

function colorsOf(token: string): [light: string, dark: string] {
  const match = new RegExp(
    `--_${token}: var\\(--moose-${token}, light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)\\)`,
  ).exec(tokens.cssText);
  if (!match?.[1] || !match[2]) throw new Error(`There is no token --moose-${token} with a light and a dark colour.`);
  return [match[1], match[2]];
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe("default colours", () => {
  const surface = colorsOf("surface");

  it.each(Array.from({ length: SERIES_COLORS }, (_, index) => `color-${index + 1}`))("%s has at least 3:1", (token) => {
    colorsOf(token).forEach((color, scheme) => {
      expect(contrast(color, surface[scheme as 0 | 1])).toBeGreaterThanOrEqual(3);
    });
  });

  it.each(["text", "text-muted", "danger", "live", "warning"])("%s has at least 4.5:1", (token) => {
    colorsOf(token).forEach((color, scheme) => {
      expect(contrast(color, surface[scheme as 0 | 1])).toBeGreaterThanOrEqual(4.5);
    });
  });
});
