// Finds the attempt that has run for longer than its deadline: pure, told what runs and what time it is.

export interface RunningAttempt {
  readonly slot: number;
  /** Index in the slice; -1: the slice as a whole. */
  readonly event: number;
  /** Tells one attempt in a slot from the next. */
  readonly turn: number;
}

export class ThreadWatch {
  readonly #deadlineMs: number;
  readonly #since = new Map<number, { turn: number; sinceMs: number }>();

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  /** The event of an attempt that was seen running for the whole deadline. To be called several times within it. */
  look(running: readonly RunningAttempt[], nowMs: number): number | undefined {
    const taken = new Set(running.map(({ slot }) => slot));
    for (const slot of this.#since.keys()) if (!taken.has(slot)) this.#since.delete(slot);
    let overdue: number | undefined;
    for (const { slot, event, turn } of running) {
      const seen = this.#since.get(slot);
      if (seen?.turn !== turn) this.#since.set(slot, { turn, sinceMs: nowMs });
      else if (nowMs - seen.sinceMs >= this.#deadlineMs) overdue ??= event;
    }
    return overdue;
  }
}
