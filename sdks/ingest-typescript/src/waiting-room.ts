// Those who wait for a condition that others bring about: each has a limit and may be called off by a signal.
import type { Clock } from "./clock.ts";
import { IngestError, type IngestErrorCode } from "./errors.ts";

export interface WaitLimit {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The code and the sentence of the error when the time is up. */
  readonly code: IngestErrorCode;
  readonly message: string;
}

interface Waiter {
  readonly isMet: () => boolean;
  readonly resolve: () => void;
}

export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets those go whose condition holds now. One of them may undo it for the next, so whoever waits asks again. */
  wake(): void {
    for (const waiter of [...this.#waiters]) if (waiter.isMet()) waiter.resolve();
  }

  async until(isMet: () => boolean, limit: WaitLimit): Promise<void> {
    const { signal } = limit;
    const aborted = (): IngestError =>
      new IngestError("aborted", "The wait was aborted.", { cause: signal?.reason, retryable: true });
    if (signal?.aborted) throw aborted();
    if (isMet()) return;
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
        timer.cancel();
      };
      const waiter: Waiter = {
        isMet,
        resolve: () => {
          leave();
          resolve();
        },
      };
      const onAbort = (): void => {
        leave();
        reject(aborted());
      };
      const timer = this.#clock.after(limit.timeoutMs, () => {
        leave();
        reject(new IngestError(limit.code, limit.message, { retryable: true }));
      });
      signal?.addEventListener("abort", onAbort);
      this.#waiters.add(waiter);
    });
  }
}
