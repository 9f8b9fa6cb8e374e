// A bound on the bytes that are held at one time; who would go over it is told to come back later.
import { MooseError } from "./errors.ts";

export class ByteBudget {
  #held = 0;
  readonly #maxBytes: number;
  readonly #what: string;

  /** `what` completes the sentence "Too many bytes of … are held." */
  constructor(maxBytes: number, what: string) {
    this.#maxBytes = maxBytes;
    this.#what = what;
  }

  get held(): number {
    return this.#held;
  }

  /** Throws `overloaded`, and takes nothing, when the bound would be passed. Each take is given back once. */
  take(bytes: number): void {
    if (this.#held + bytes > this.#maxBytes) {
      throw new MooseError("overloaded", `Too many bytes of ${this.#what} are held. Retry after a second.`, {
        retryAfterSeconds: 1,
      });
    }
    this.#held += bytes;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
