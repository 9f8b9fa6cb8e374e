// The error that a wrong definition throws: it names the model, the field and what to do.

/** Thrown by `model()`, `aggregation()` and `Core.load` when a definition cannot work. The caller mends the definition. */
export class DefinitionError extends Error {
  override readonly name = "DefinitionError";
  readonly code = "invalid_definition";
  /** Model or aggregation. */
  readonly definition: string;
  readonly field: string | undefined;

  constructor(definition: string, field: string | undefined, problem: string) {
    super(field === undefined ? `${definition}: ${problem}` : `${definition}.${field}: ${problem}`);
    this.definition = definition;
    this.field = field;
  }
}
