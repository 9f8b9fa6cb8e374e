// What is thrown when a command line or an environment cannot be understood.

/** The message says which argument or variable, and what was probably meant. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
