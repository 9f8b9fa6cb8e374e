// Hot path: gathers the events of one model as NDJSON in one growing buffer, written once and sent from where it lies.

const encoder = new TextEncoder();
const NEWLINE = 10;
const INITIAL_BYTES = 4096;

export class BatchBuilder {
  #buffer = new Uint8Array(INITIAL_BYTES);
  #bytes = 0;
  #events = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get events(): number {
    return this.#events;
  }

  /** Writes one event's JSON text and its newline behind the others. It counts from the next `keep` on. Returns its bytes. */
  write(text: string): Uint8Array {
    // UTF-8 takes at most three bytes for one UTF-16 unit.
    this.#reserve(text.length * 3 + 1);
    const { written } = encoder.encodeInto(text, this.#buffer.subarray(this.#bytes));
    return this.#written(written);
  }

  /** The same for events that are NDJSON already; `bytes` ends with a newline. */
  writeBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#bytes);
    this.#bytes += bytes.length;
  }

  /** Counts what was written since the last `keep` or `undo`. */
  keep(events: number): void {
    this.#events += events;
  }

  /** Takes back what was written behind `bytes`. */
  undo(bytes: number): void {
    this.#bytes = bytes;
  }

  /** Takes back what was written behind `bytes` and returns a copy of it. */
  cut(bytes: number): Uint8Array {
    const behind = this.#buffer.slice(bytes, this.#bytes);
    this.#bytes = bytes;
    return behind;
  }

  /** What was gathered; the builder starts afresh. */
  take(): { body: Uint8Array; events: number } {
    const taken = { body: this.#buffer.subarray(0, this.#bytes), events: this.#events };
    // The next batch is likely to be as large as this one.
    this.#buffer = new Uint8Array(Math.max(INITIAL_BYTES, this.#bytes));
    this.#bytes = 0;
    this.#events = 0;
    return taken;
  }

  #written(length: number): Uint8Array {
    const begin = this.#bytes;
    this.#buffer[begin + length] = NEWLINE;
    this.#bytes = begin + length + 1;
    return this.#buffer.subarray(begin, begin + length);
  }

  #reserve(more: number): void {
    if (this.#bytes + more <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#bytes + more));
    grown.set(this.#buffer.subarray(0, this.#bytes));
    this.#buffer = grown;
  }
}
