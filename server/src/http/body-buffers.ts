// Hot path: buffers of request bodies, used again by the next request, so that large bodies do not keep the garbage collector busy.

/** Smaller ones come cheaply from the garbage-collected heap. */
const LEAST_BYTES = 32 * 1024;
const LARGEST_BYTES = 1024 * 1024;
/** Kept while nobody uses them: what 16 connections with bodies of 200 kB need. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

export class BodyBuffers {
  readonly #free = new Map<number, Buffer[]>();
  #keptBytes = 0;

  /** At least `bytes` long, with any content. */
  take(bytes: number): Buffer {
    if (bytes < LEAST_BYTES || bytes > LARGEST_BYTES) return Buffer.allocUnsafe(bytes);
    const size = sizeFor(bytes);
    const buffer = this.#free.get(size)?.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
    this.#keptBytes -= size;
    return buffer;
  }

  /** A buffer from `take` that nobody reads any more. */
  giveBack(buffer: Buffer): void {
    const size = buffer.length;
    if (size < LEAST_BYTES || size > LARGEST_BYTES || size !== sizeFor(size)) return;
    if (this.#keptBytes + size > MAX_KEPT_BYTES) return;
    this.#keptBytes += size;
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [buffer]);
    else free.push(buffer);
  }
}

/** A few sizes only, four to each power of two, so that bodies of about the same length share them. */
function sizeFor(bytes: number): number {
  const step = 1 << (29 - Math.clz32(bytes - 1));
  return Math.ceil(bytes / step) * step;
}
