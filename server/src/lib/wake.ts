// One sleeper that is woken, or wakes up by itself: how a loop waits without polling.
import type { Clock } from "./clock.ts";

export class Wake {
  #wake: (() => void) | undefined;
  #pending = false;

  /** Wakes the sleeper; if there is none, the next sleep ends at once. */
  notify(): void {
    this.#pending = true;
    this.#wake?.();
  }

  /** Resolves on `notify`, after `ms` (infinite: never), or when the signal ends; never rejects. */
  async sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#pending && !signal.aborted) {
      const alarm = new AbortController();
      const end = (): void => alarm.abort();
      signal.addEventListener("abort", end);
      this.#wake = end;
      if (ms === Number.POSITIVE_INFINITY) {
        await new Promise<void>((resolve) => alarm.signal.addEventListener("abort", () => resolve()));
      } else {
        await clock.wait(ms, alarm.signal);
      }
      this.#wake = undefined;
      signal.removeEventListener("abort", end);
    }
    this.#pending = false;
  }
}
