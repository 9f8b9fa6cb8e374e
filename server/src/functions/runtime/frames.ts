// Messages over a byte stream, the same for every language: how the host and a function's process speak.

/**
 *   | u32 length of the rest | u32 length of the head | head: JSON | payload: bytes |      little-endian
 */
const PREFIX_BYTES = 8;
/** A longer frame is a fault: a slice is bounded, and a result holds what a slice came to. */
const MOST_BYTES = 512 * 1024 * 1024;

export function encodeFrame(head: object, payload: Uint8Array = new Uint8Array(0)): Uint8Array[] {
  const text = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32LE(4 + text.length + payload.length, 0);
  prefix.writeUInt32LE(text.length, 4);
  return payload.length === 0 ? [Buffer.concat([prefix, text])] : [Buffer.concat([prefix, text]), payload];
}

/** Cuts what arrives into frames; `onFrame`'s payload is its own copy. Throws RangeError for what cannot be a frame. */
export class FrameReader {
  readonly #onFrame: (head: unknown, payload: Uint8Array) => void;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(onFrame: (head: unknown, payload: Uint8Array) => void) {
    this.#onFrame = onFrame;
  }

  push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#length += part.length;
    while (this.#length >= PREFIX_BYTES) {
      const prefix = this.#joined(PREFIX_BYTES);
      const rest = prefix.readUInt32LE(0);
      const headLength = prefix.readUInt32LE(4);
      if (rest > MOST_BYTES || headLength + 4 > rest)
        throw new RangeError(`a frame of ${rest} bytes with a head of ${headLength}`);
      if (this.#length < 4 + rest) return;
      const bytes = this.#joined(4 + rest);
      const frame = bytes.subarray(0, 4 + rest);
      const left = bytes.subarray(4 + rest);
      this.#parts = left.length === 0 ? [] : [left];
      this.#length = left.length;
      const head: unknown = JSON.parse(frame.toString("utf8", PREFIX_BYTES, PREFIX_BYTES + headLength));
      this.#onFrame(head, Uint8Array.prototype.slice.call(frame, PREFIX_BYTES + headLength));
    }
  }

  /** The first `bytes` in one piece; joined only when that many are there, so that a large frame is copied once. */
  #joined(bytes: number): Buffer {
    if (this.#parts[0]!.length < bytes) this.#parts = [Buffer.concat(this.#parts)];
    const [first] = this.#parts as [Uint8Array];
    return Buffer.from(first.buffer, first.byteOffset, first.length);
  }
}
