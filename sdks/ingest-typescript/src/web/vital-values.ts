// Web vitals from the browser's entries, as web.dev defines them: pure.
import type { PerformanceEntryLike } from "./page.ts";

/** A session window of layout shifts ends after a second without one, and after five seconds. */
const SHIFT_GAP_MS = 1000;
const SHIFT_WINDOW_MS = 5000;
/** One of so many interactions, the slowest, may be left out of account. */
const INTERACTIONS_FOR_ONE_OUTLIER = 50;

/** Cumulative layout shift: the largest window of shifts that the visitor did not cause. */
export class LayoutShifts {
  value = 0;
  #window = 0;
  #firstMs = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  add({ startTime, value = 0, hadRecentInput }: PerformanceEntryLike): void {
    if (hadRecentInput) return;
    const isNew = startTime - this.#lastMs >= SHIFT_GAP_MS || startTime - this.#firstMs >= SHIFT_WINDOW_MS;
    if (isNew) this.#firstMs = startTime;
    this.#window = isNew ? value : this.#window + value;
    this.#lastMs = startTime;
    this.value = Math.max(this.value, this.#window);
  }
}

/** Interaction to next paint: the slowest interaction, or of many the 98th percentile. */
export class Interactions {
  readonly #slowestMs = new Map<number, number>();

  add({ interactionId, duration }: PerformanceEntryLike): void {
    if (!interactionId) return;
    this.#slowestMs.set(interactionId, Math.max(duration, this.#slowestMs.get(interactionId) ?? 0));
  }

  /** Undefined when there was none. Milliseconds. */
  get value(): number | undefined {
    const sorted = [...this.#slowestMs.values()].sort((a, b) => b - a);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length / INTERACTIONS_FOR_ONE_OUTLIER))];
  }
}
