// The error of bytes that are no Native block, or hold a type that is not read.

/** Says what is wrong, at which byte, and what to do. */
export class NativeError extends Error {
  override readonly name = "NativeError";
  readonly code: "invalid_native" | "unsupported_type";
  /** Byte at which reading stopped. */
  readonly offset: number;

  constructor(code: "invalid_native" | "unsupported_type", problem: string, offset: number) {
    super(`${problem} (at byte ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}
