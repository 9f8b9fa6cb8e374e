// Memory that is used again and again: given out in pieces, taken back as a whole. Fresh buffers of megabytes make the garbage collector run.

const ALIGNMENT = 8;

export class ByteArena {
  readonly #capacityBytes: number;
  #buffer: Buffer | undefined;
  #usedBytes = 0;
  #lent = false;

  /** The memory is asked for when it is first used, and only what was touched is resident. */
  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  /** The arena for one user, whose pieces are good until `giveBack`; undefined while somebody else has it. */
  borrow(): ByteArena | undefined {
    if (this.#lent) return undefined;
    this.#lent = true;
    return this;
  }

  giveBack(): void {
    this.#lent = false;
    this.#usedBytes = 0;
  }

  /** A piece, aligned to 8 bytes, of undefined content. Where the arena has no room: memory of the piece's own. */
  take(bytes: number): Buffer {
    const begin = this.#usedBytes;
    if (begin + bytes > this.#capacityBytes) return Buffer.allocUnsafeSlow(bytes);
    this.#buffer ??= Buffer.allocUnsafeSlow(this.#capacityBytes);
    this.#usedBytes = (begin + bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    return this.#buffer.subarray(begin, begin + bytes);
  }
}
