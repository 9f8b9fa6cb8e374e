// An error in ClickHouse's own terms: what the HTTP interface answers with.

export class EngineError extends Error {
  /** ClickHouse exception code; https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
  readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  /** `Code: 62. DB::Exception: … (SYNTAX_ERROR)`, which clients parse. */
  get text(): string {
    if (/^Code: \d+\./.test(this.message)) return this.message;
    return `Code: ${this.code}. DB::Exception: ${this.message} (${names.get(this.code) ?? "STD_EXCEPTION"})`;
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
  notImplemented: 48,
  syntaxError: 62,
  queryTooLarge: 66,
  readonly: 164,
  tooManyQueries: 202,
  queryWasCancelled: 394,
  authenticationFailed: 516,
} as const;

const names: ReadonlyMap<number, string> = new Map([
  [codes.badArguments, "BAD_ARGUMENTS"],
  [codes.notImplemented, "NOT_IMPLEMENTED"],
  [codes.syntaxError, "SYNTAX_ERROR"],
  [codes.queryTooLarge, "QUERY_IS_TOO_LARGE"],
  [codes.readonly, "READONLY"],
  [codes.tooManyQueries, "TOO_MANY_SIMULTANEOUS_QUERIES"],
  [codes.queryWasCancelled, "QUERY_WAS_CANCELLED"],
  [codes.authenticationFailed, "AUTHENTICATION_FAILED"],
]);
