// How many events are due: keeps a rate over time, whatever the timers do.

/** Events that may be due at once after a stall: a replay does not make up for a server that was away. */
const MAX_CATCH_UP_MS = 250;

export class Pace {
  readonly #eventsPerMs: number;
  #credit = 0;
  #lastMs: number;

  /** `ratePerSecond` 0 means no pace: everything is due. */
  constructor(ratePerSecond: number, nowMs: number) {
    this.#eventsPerMs = ratePerSecond / 1000;
    this.#lastMs = nowMs;
  }

  /** Events due since the last call; fractions are carried on. */
  due(nowMs: number): number {
    if (this.#eventsPerMs === 0) return Number.POSITIVE_INFINITY;
    this.#credit += Math.min(MAX_CATCH_UP_MS, nowMs - this.#lastMs) * this.#eventsPerMs;
    this.#lastMs = nowMs;
    const due = Math.floor(this.#credit);
    this.#credit -= due;
    return due;
  }
}
