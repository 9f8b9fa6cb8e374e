// Hands values from callbacks to one `for await` loop: `take` builds the next value when the reader asks.
import { ConsumptionError } from "./errors.ts";

type Next<T> = IteratorResult<T, undefined>;

/** Holds nothing itself: the owner keeps what is pending, bounded, and calls `wake` when there is something to take. */
export class Mailbox<T> implements AsyncIterator<T, undefined> {
  readonly #take: () => T | undefined;
  readonly #onReturn: () => void;
  #waiting: { resolve: (next: Next<T>) => void; reject: (error: unknown) => void } | undefined;
  #ended = false;
  #error: ConsumptionError | undefined;

  constructor(take: () => T | undefined, onReturn: () => void) {
    this.#take = take;
    this.#onReturn = onReturn;
  }

  wake(): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    const value = this.#take();
    if (value === undefined) return;
    this.#waiting = undefined;
    waiting.resolve({ done: false, value });
  }

  /** What is pending is still handed out; then the loop ends, or throws the error. */
  end(error?: ConsumptionError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!waiting) return;
    if (error) {
      this.#error = undefined;
      waiting.reject(error);
    } else waiting.resolve({ done: true, value: undefined });
  }

  async next(): Promise<Next<T>> {
    const value = this.#take();
    if (value !== undefined) return { done: false, value };
    if (this.#error) {
      const error = this.#error;
      this.#error = undefined;
      throw error;
    }
    if (this.#ended) return { done: true, value: undefined };
    if (this.#waiting) throw new ConsumptionError("closed", "Only one loop may read a subscription at a time.");
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  async return(): Promise<Next<T>> {
    this.#onReturn();
    return { done: true, value: undefined };
  }
}
