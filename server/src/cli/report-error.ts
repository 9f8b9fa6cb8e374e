// How the `moose` command ends on an error: a sentence and what to do for a failure, the stack for a bug.
import { describeError } from "../dev/describe-error.ts";
import type { Paint } from "../dev/terminal.ts";
import { type ErrorCode, MooseError } from "../model/errors.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { UsageError } from "./usage-error.ts";

const hints: Partial<Record<ErrorCode, string>> = {
  port_in_use:
    "Choose another port with --port <port> (or --clickhouse-port <port> for ClickHouse), or end what uses it.",
  disk_full: "Free some space on that disk, then start again. Nothing that was acknowledged is lost.",
  database_unavailable: "If clickhouse.url is set in moose.config.ts, check that this ClickHouse runs and answers.",
};

/** Writes to stderr and returns the exit code. */
export function reportError(error: unknown, paint: Paint): ExitCode {
  const write = (text: string): void => void process.stderr.write(`${text}\n`);
  if (error instanceof UsageError) {
    write(error.message);
    return exitCodes.usage;
  }
  if (error instanceof MooseError) {
    write(describeError(error, paint));
    const hint = hints[error.code];
    if (hint !== undefined) write(hint);
    return exitCodeOf(error.code);
  }
  write(`${describeError(error, paint)}\n`);
  write("This is a bug in Moose. Please report it with the lines above and what you did.");
  return exitCodes.bug;
}
