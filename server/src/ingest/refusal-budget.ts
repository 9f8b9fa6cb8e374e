// How many bytes of refused rows are kept: a bucket that fills up again with time, so that a flood of bad rows cannot fill the disk.

/** What an entry takes beside its event, roughly. */
const ENTRY_BYTES = 600;

export interface RefusalBudgetOptions {
  /** Bytes in an hour, and at once. */
  readonly maxBytesPerHour: number;
  /** Monotonic. */
  readonly nowMs?: () => number;
}

const HOUR_MS = 3_600_000;

export class RefusalBudget {
  readonly #capacity: number;
  readonly #nowMs: () => number;
  #left: number;
  #atMs: number;

  constructor({ maxBytesPerHour, nowMs = () => performance.now() }: RefusalBudgetOptions) {
    this.#capacity = maxBytesPerHour;
    this.#nowMs = nowMs;
    this.#left = maxBytesPerHour;
    this.#atMs = nowMs();
  }

  /** Whether there is room for an event of so many bytes; it is used up then. */
  take(eventBytes: number): boolean {
    const now = this.#nowMs();
    this.#left = Math.min(this.#capacity, this.#left + ((now - this.#atMs) / HOUR_MS) * this.#capacity);
    this.#atMs = now;
    const bytes = eventBytes + ENTRY_BYTES;
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
