// Lets inserts of a table run together, and exact reads run together, but never both; whoever asks first goes first.

export type Side = "insert" | "read";

interface Waiting {
  readonly side: Side;
  admit(): void;
}

/** First in, first out, so that neither side can starve the other. */
export class FairGate {
  #side: Side | undefined;
  #running = 0;
  readonly #queue: Waiting[] = [];

  async run<T>(side: Side, work: () => Promise<T>): Promise<T> {
    await this.#enter(side);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(side: Side): Promise<void> | undefined {
    if (this.#queue.length === 0 && (this.#running === 0 || this.#side === side)) {
      this.#admit(side);
      return undefined;
    }
    return new Promise((admit) => this.#queue.push({ side, admit }));
  }

  #admit(side: Side): void {
    this.#side = side;
    this.#running++;
  }

  #leave(): void {
    this.#running--;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#running > 0 && this.#side !== next.side) return;
      this.#queue.shift();
      this.#admit(next.side);
      next.admit();
    }
  }
}
