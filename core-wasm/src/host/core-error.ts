// What the core throws when a call cannot be answered; refused rows are no error but an answer.

/**
 * - `invalid_rows`: rows that were fed to an encoder do not fit its model; the block is as before the call.
 * - `block_too_large`: the columns would grow past the core's limit; feed fewer rows at a time. The block is as before the call.
 * - `out_of_memory`: the host refused more memory. What an encoder held is lost.
 * - `trapped`: the module stopped for another reason, which is a defect of the core (or a program that no compiler wrote). What an
 *   encoder held is lost; the next call has a new instance.
 * - `disposed`: the model was disposed.
 */
export type CoreErrorCode = "invalid_rows" | "block_too_large" | "out_of_memory" | "trapped" | "disposed";

export class CoreError extends Error {
  override readonly name = "CoreError";
  readonly code: CoreErrorCode;
  /** Index of the row among those that were fed. */
  readonly row: number | undefined;

  constructor(code: CoreErrorCode, message: string, detail: { row?: number; cause?: unknown } = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.row = detail.row;
  }
}
