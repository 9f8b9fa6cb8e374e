// What a string's pattern and format mean to the parts of the language: problems, tables and words.
import type { JsonValue, StringFormat } from "../language/model-spec.ts";
import { compilePattern, matchesPattern, type PatternTable } from "./compile-pattern.ts";
import { PatternError } from "./pattern-error.ts";
import { formatPatterns, formatTexts, isStringFormat } from "./string-format.ts";

export interface StringConstraints {
  readonly pattern?: string;
  readonly format?: StringFormat;
}

/** The problem of a definition in words, with what to do; undefined when there is none. */
export function constraintsProblem({ pattern, format }: StringConstraints): string | undefined {
  if (format !== undefined && !isStringFormat(format)) {
    return `a format of ${JSON.stringify(format)} is not known: use one of ${Object.keys(formatPatterns).join(", ")}, or .pattern()`;
  }
  if (pattern === undefined) return undefined;
  if (typeof pattern !== "string") return 'its pattern is not a string: write it as in .pattern("^[a-z]+$")';
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return `its pattern ${JSON.stringify(pattern)}: ${error.message}`;
  }
}

/** One table for each constraint; a text must match all. */
export function constraintTables({ pattern, format }: StringConstraints): PatternTable[] {
  return [pattern, format === undefined ? undefined : formatPatterns[format]]
    .filter((source) => source !== undefined)
    .map(compilePattern);
}

/** Why a default does not meet the constraints, or undefined. */
export function unmetConstraint(constraints: StringConstraints, value: JsonValue): string | undefined {
  const met = typeof value !== "string" || constraintTables(constraints).every((table) => matchesPattern(table, value));
  return met ? undefined : `must be ${constraintsText(constraints).replace(/^, /, "")}`;
}

/** What follows "a string" where it is said what is expected. */
export function constraintsText({ pattern, format }: StringConstraints): string {
  return `${pattern === undefined ? "" : `, matching /${pattern}/`}${format === undefined ? "" : `, ${formatTexts[format]}`}`;
}
