// The problem of a pattern: what, at which character, what to do.

/** Thrown by `compilePattern`; `model()` adds the name of the field. */
export class PatternError extends Error {
  override readonly name = "PatternError";

  constructor(problem: string, position?: number) {
    super(position === undefined ? problem : `${problem} (at character ${position + 1})`);
  }
}
