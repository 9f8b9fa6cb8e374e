// The bytes of Native blocks while they are read: every step is checked before anything is allocated.
import { NativeError } from "./native-error.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class NativeBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Steps over `count` elements of `width` bytes and returns where they begin. */
  take(count: number, width = 1): number {
    // Both are at most 2^53 and 2^24, so that the product may be inexact but never small.
    if (count * width > this.left) {
      throw this.error(`the block ends too early: ${count * width} bytes are needed, ${this.left} are left`);
    }
    const begin = this.at;
    this.at += count * width;
    return begin;
  }

  /** LEB128, up to 2^53. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = this.bytes[this.take(1)]!;
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    throw this.error("a length is above 2^53: these are not the bytes of FORMAT Native");
  }

  /** An unsigned integer of 64 bits that counts something. */
  count(): number {
    const value = this.view.getBigUint64(this.take(1, 8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.error(`${value} is no count`);
    return Number(value);
  }

  /** Its length, then UTF-8; bytes that are none become U+FFFD. */
  text(): string {
    const length = this.varint();
    const begin = this.take(length);
    return decoder.decode(this.bytes.subarray(begin, begin + length));
  }

  error(problem: string): NativeError {
    return new NativeError("invalid_native", problem, this.at);
  }
}
