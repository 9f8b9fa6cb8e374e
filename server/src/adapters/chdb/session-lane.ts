// A bounded number of queries at a time, and a bounded queue before them. A place is held until the engine is really done.
import { codes, EngineError } from "./engine-error.ts";

export interface SessionLaneOptions {
  readonly name: string;
  /** Queries at a time; each takes a thread of libuv's pool for as long as it runs. */
  readonly slots: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

interface Waiter {
  start(): void;
}

export class SessionLane {
  readonly #options: SessionLaneOptions;
  readonly #waiting: Waiter[] = [];
  #running = 0;

  constructor(options: SessionLaneOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  /** Resolves with a function that gives the place back; call it once. Refuses (202) when the queue is full or the wait too long. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#running < this.#options.slots) this.#running++;
    else await this.#wait(signal);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const waiter = this.#waiting.shift();
      if (waiter) waiter.start();
      else this.#running--;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    const { name, maxWaiting, maxWaitMs } = this.#options;
    if (this.#waiting.length >= maxWaiting) {
      throw new EngineError(codes.tooManyQueries, `Too many ${name} are waiting (${maxWaiting}). Try again later.`);
    }
    return new Promise((resolve, reject) => {
      const leave = (error: unknown) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(error);
      };
      const onAbort = () => leave(signal.reason);
      const timer = setTimeout(() => {
        leave(new EngineError(codes.tooManyQueries, `Waited ${maxWaitMs} ms behind other ${name}. Try again later.`));
      }, maxWaitMs);
      const waiter: Waiter = {
        start: () => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }
}
