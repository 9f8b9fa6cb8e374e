// The last minute of a value, as a stat shows it: bounded, one point a quarter of a second at most.

export interface HistoryPoint {
  readonly atMs: number;
  readonly value: number;
}

const KEEP_MS = 60_000;
const STEP_MS = 250;

export class ValueHistory {
  #points: HistoryPoint[] = [];

  get points(): readonly HistoryPoint[] {
    return this.#points;
  }

  /** A value within the same quarter of a second replaces the one before, except the very first. */
  add(atMs: number, value: number): void {
    const points = this.#points;
    const last = points.at(-1);
    if (last && points.length > 1 && atMs - last.atMs < STEP_MS) points[points.length - 1] = { atMs: last.atMs, value };
    else points.push({ atMs, value });
    let expired = 0;
    // One point before the window stays: it is the value at the window's beginning.
    while (expired + 1 < points.length && atMs - (points[expired + 1]?.atMs ?? atMs) >= KEEP_MS) expired++;
    if (expired > 0) this.#points = points.slice(expired);
  }

  /** The newest value less the one that stood this long ago; undefined while the history is shorter. */
  changeOver(nowMs: number, overMs: number): number | undefined {
    const newest = this.#points.at(-1);
    if (!newest) return undefined;
    for (let index = this.#points.length - 1; index >= 0; index--) {
      const point = this.#points[index] as HistoryPoint;
      if (nowMs - point.atMs >= overMs) return newest.value - point.value;
    }
    return undefined;
  }

  clear(): void {
    this.#points = [];
  }
}
