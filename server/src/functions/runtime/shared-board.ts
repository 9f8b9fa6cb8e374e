// What runs at this moment, in memory that the watching thread sees, also while the running one hangs.
import type { RunBoard } from "./prepared-function.ts";

/**
 *   Int32  | slice | (event+2, turn) of slot 0 | (event+2, turn) of slot 1 | …
 *
 * `slice` numbers the slice under way (0: none). event+2: 0 is an empty slot, 1 the slice as a whole. `turn` counts up with every
 * beginning, so that the watcher can tell one long attempt from many short ones.
 */
export class SharedBoard implements RunBoard {
  readonly #cells: Int32Array;
  readonly #free: number[];

  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
    const slots = (this.#cells.length - 1) >> 1;
    this.#free = Array.from({ length: slots }, (_, slot) => slots - 1 - slot);
  }

  static bufferFor(slots: number): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * (1 + 2 * slots));
  }

  open(slice: number): void {
    Atomics.store(this.#cells, 0, slice);
  }

  close(): void {
    Atomics.store(this.#cells, 0, 0);
  }

  begin(event: number): number {
    const slot = this.#free.pop()!;
    Atomics.add(this.#cells, 2 + 2 * slot, 1);
    Atomics.store(this.#cells, 1 + 2 * slot, event + 2);
    return slot;
  }

  end(slot: number): void {
    Atomics.store(this.#cells, 1 + 2 * slot, 0);
    this.#free.push(slot);
  }

  /** The slice under way, 0 for none. */
  get slice(): number {
    return Atomics.load(this.#cells, 0);
  }

  /** What runs: slots that are taken, with their event (-1: the slice as a whole) and turn. */
  running(): { slot: number; event: number; turn: number }[] {
    const running = [];
    for (let slot = 0; 2 + 2 * slot < this.#cells.length; slot++) {
      const event = Atomics.load(this.#cells, 1 + 2 * slot);
      if (event > 0) running.push({ slot, event: event - 2, turn: Atomics.load(this.#cells, 2 + 2 * slot) });
    }
    return running;
  }
}
