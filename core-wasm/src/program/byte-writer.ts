// A growing little-endian byte buffer for programs.

export class ByteWriter {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  /** Appends zeros so that the next section begins at a multiple of `alignment`. */
  align(alignment: number): void {
    this.reserve((alignment - (this.length % alignment)) % alignment);
  }

  /** Appends `count` zeros and returns where they begin. */
  reserve(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    return at;
  }

  append(data: Uint8Array): number {
    const at = this.reserve(data.length);
    this.bytes.set(data, at);
    return at;
  }

  set(at: number, data: Uint8Array): void {
    this.bytes.set(data, at);
  }

  u8(at: number, value: number): void {
    this.view.setUint8(at, value);
  }

  u32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  i32(at: number, value: number): void {
    this.view.setInt32(at, value, true);
  }

  i64(at: number, value: bigint): void {
    this.view.setBigUint64(at, BigInt.asUintN(64, value), true);
  }

  f64(at: number, value: number): void {
    this.view.setFloat64(at, value, true);
  }

  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
