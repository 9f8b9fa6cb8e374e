// An error in ClickHouse's own terms: what the HTTP interface answers with.

export class EngineError extends Error {
  /** ClickHouse exception code; https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
  readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** `Code: 62. DB::Exception: …`, which clients parse. */
  get text(): string {
    return /^Code: \d+\./.test(this.message) ? this.message : `Code: ${this.code}. DB::Exception: ${this.message}`;
  }
}

/** The engine's errors say their code in their text. */
export function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const raw = error instanceof Error ? error.message : String(error);
  const message = raw
    .replace(/^Query failed: /, "")
    .replace(/^(Code: \d+\. DB::Exception: )Code: \d+\. DB::Exception: /, "$1");
  const code = Number(/^Code: (\d+)\./.exec(message)?.[1] ?? 1002);
  return new EngineError(code, message, error);
}

export const codes = {
  badArguments: 36,
  syntaxError: 62,
  notImplemented: 48,
  authenticationFailed: 516,
  tooManyQueries: 202,
  queryTooLarge: 66,
  noSpace: 243,
} as const;
