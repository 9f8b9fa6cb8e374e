// How far the tables have come, partition by partition, and who waits for it.
import { MooseError } from "../model/errors.ts";
import { covers, type Position } from "../model/position.ts";

interface Waiter {
  readonly wanted: Position;
  resolve(): void;
}

export class TablePosition {
  readonly #committed = new Map<string, number[]>();
  readonly #waiters = new Set<Waiter>();

  current(): Position {
    return new Map([...this.#committed].map(([stream, offsets]) => [stream, [...offsets]]));
  }

  /** Everything below `committed` is visible. False when that was known already: a position never goes back. */
  advance(stream: string, partition: number, committed: number): boolean {
    let offsets = this.#committed.get(stream);
    if (offsets === undefined) {
      offsets = [];
      this.#committed.set(stream, offsets);
    }
    while (offsets.length <= partition) offsets.push(0);
    if (committed <= offsets[partition]!) return false;
    offsets[partition] = committed;
    for (const waiter of this.#waiters) if (covers(this.#committed, waiter.wanted)) waiter.resolve();
    return true;
  }

  /** Rejects with MooseError `after_timeout` when the signal ends first. */
  waitFor(wanted: Position, signal: AbortSignal): Promise<void> {
    if (covers(this.#committed, wanted)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        wanted,
        resolve: () => {
          this.#waiters.delete(waiter);
          signal.removeEventListener("abort", giveUp);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiters.delete(waiter);
        reject(notYet());
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      this.#waiters.add(waiter);
    });
  }
}

const notYet = (): MooseError =>
  new MooseError("after_timeout", "The events that the position names are not in the table yet. Try again shortly.", {
    retryAfterSeconds: 1,
  });
