// Page views that differ from each other as real ones do, and are the same in every run.

const pages = ["running-shoes", "rain-jackets", "coffee-makers", "desk-lamps", "travel-bags", "garden-chairs"];
const countries = ["DE", "US", "FR", "GB", "BR", "JP", "NL", "IN"];
const devices = ["mobile", "desktop", "mobile", "tablet"];
const tags = [["sale"], ["new", "summer"], [], ["returning", "newsletter"]];
const referrers = ["https://www.google.com/", "https://news.ycombinator.com/item?id=40417", undefined];

const pick = <Value>(values: readonly Value[], seed: number): Value => values[seed % values.length]!;

/** The view with this number; numbers are spread so that neighbours have little in common. */
export function pageView(index: number, viewedAt: Date): Record<string, unknown> {
  const seed = Math.imul(index + 1, 2654435761) >>> 0;
  const hex = seed.toString(16).padStart(8, "0");
  return {
    viewedAt,
    viewId: `${hex}-${hex.slice(0, 4)}-4${hex.slice(4, 7)}-a${hex.slice(1, 4)}-${hex}${hex.slice(2, 6)}`,
    userId: `user_${seed % 900_000}`,
    path: `/products/${pick(pages, seed >>> 3)}/${seed % 10_000}`,
    referrer: pick(referrers, seed >>> 5),
    device: pick(devices, seed >>> 7),
    country: pick(countries, seed >>> 9),
    durationMs: seed % 180_000,
    scrollDepth: (seed % 1000) / 1000,
    tags: pick(tags, seed >>> 11),
    campaign: seed % 4 === 0 ? "spring-2026" : undefined,
  };
}
