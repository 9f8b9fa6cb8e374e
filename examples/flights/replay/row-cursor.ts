// Takes rows from a source in the numbers that are due, from its beginning again when it is to loop.

export class RowCursor<Row> {
  readonly #open: () => AsyncGenerator<Row[], unknown>;
  readonly #loop: boolean;
  #batches: AsyncGenerator<Row[], unknown>;
  #batch: Row[] = [];
  #next = 0;

  constructor(open: () => AsyncGenerator<Row[], unknown>, loop: boolean) {
    this.#open = open;
    this.#loop = loop;
    this.#batches = open();
  }

  /** Between 1 and `max` rows; none at the end of the data. */
  async take(max: number): Promise<Row[]> {
    if (this.#next === this.#batch.length && !(await this.#readBatch())) return [];
    const rows = this.#batch.slice(this.#next, this.#next + max);
    this.#next += rows.length;
    return rows;
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }

  async #readBatch(): Promise<boolean> {
    let read = await this.#batches.next();
    if (read.done && this.#loop) {
      this.#batches = this.#open();
      read = await this.#batches.next();
    }
    if (read.done) return false;
    this.#batch = read.value;
    this.#next = 0;
    return true;
  }
}
