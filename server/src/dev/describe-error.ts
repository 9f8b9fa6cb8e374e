// A failure as the terminal shows it: place, sentence, and the lines of the file around it.
import { MooseError } from "../model/errors.ts";
import type { ProjectErrorExtra } from "../project/project-error.ts";
import type { Paint } from "./terminal.ts";

/** For a MooseError the sentence and, if it has one, the place; for anything else, a bug, the stack. */
export function describeError(error: unknown, paint: Paint): string {
  if (!(error instanceof MooseError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { file, line, column, frame } = error.extra as ProjectErrorExtra;
  const lines: string[] = [];
  if (file !== undefined) lines.push(paint.cyan([file, line, column].filter((part) => part !== undefined).join(":")));
  lines.push(paint.bold(error.message));
  if (frame)
    lines.push("", ...frame.split("\n").map((text) => (text.startsWith(">") ? paint.red(text) : paint.dim(text))));
  return lines.join("\n");
}
