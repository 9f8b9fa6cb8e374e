// Reads the fields of a response of Kafka's protocol, one after the other.

export class PayloadReader {
  readonly bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  int8(): number {
    this.#at += 1;
    return this.bytes.readInt8(this.#at - 1);
  }

  int16(): number {
    this.#at += 2;
    return this.bytes.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.bytes.readInt32BE(this.#at - 4);
  }

  bigInt64(): bigint {
    this.#at += 8;
    return this.bytes.readBigInt64BE(this.#at - 8);
  }

  /** For offsets and sizes: exact up to 2^53. */
  int64(): number {
    return Number(this.bigInt64());
  }

  /** An unsigned varint of at most 31 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.#at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  text(): string {
    return this.take(this.int16()).toString("utf8");
  }

  /** A view of the next bytes; none for a length below 0, which stands for null. */
  take(length: number): Buffer {
    const begin = this.#at;
    this.#at += Math.max(0, length);
    return this.bytes.subarray(begin, this.#at);
  }
}
