// How many bytes wait for Kafka, and whether there is room for more.
import { MooseError } from "../../model/errors.ts";

export class PendingBytes {
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Throws MooseError `overloaded` when there is no room for so much more; one append is always taken. */
  mustHaveRoom(bytes: number): void {
    if (this.#bytes === 0 || this.#bytes + bytes <= this.#limit) return;
    throw new MooseError(
      "overloaded",
      `${this.#bytes} bytes wait for Kafka already, the limit is ${this.#limit}. Send again a little later.`,
      { retryAfterSeconds: 1 },
    );
  }

  /** Call the result when they do not wait any more; only its first call counts, since an append that was refused may turn out to be stored. */
  take(bytes: number): () => void {
    this.#bytes += bytes;
    let taken = bytes;
    return () => {
      this.#bytes -= taken;
      taken = 0;
    };
  }
}
