// The error of a project that cannot be loaded: what is wrong, and the place in the user's files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type ErrorCode, MooseError } from "../model/errors.ts";
import { codeFrame } from "./code-frame.ts";

/** A place in a file of the project. */
export interface SourcePlace {
  /** Relative to the project, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** Characters to mark. */
  readonly length?: number;
}

/** What `extra` of a `project_invalid` or `config_invalid` error holds. */
export interface ProjectErrorExtra {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly frame?: string;
}

export function projectError(
  projectDir: string,
  message: string,
  place: SourcePlace | undefined,
  detail: { readonly code?: ErrorCode; readonly cause?: unknown } = {},
): MooseError {
  const { code = "project_invalid", cause } = detail;
  return new MooseError(code, message, { extra: { ...describePlace(projectDir, place) }, cause });
}

function describePlace(projectDir: string, place: SourcePlace | undefined): ProjectErrorExtra {
  if (place === undefined) return {};
  const { file, line, column = 1, length } = place;
  if (line === undefined) return { file };
  return { file, line, column, frame: codeFrame(readSource(join(projectDir, file)), line, column, length) };
}

function readSource(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The file was removed or renamed meanwhile: the place is still told, only without its lines.
    return "";
  }
}

/** Where `text` first stands in a file, for errors that are found after the code ran. */
export function placeOf(projectDir: string, file: string, text: string): SourcePlace {
  const source = readSource(join(projectDir, file));
  const at = source.indexOf(text);
  if (at < 0) return { file };
  const before = source.slice(0, at);
  const line = before.split("\n").length;
  return { file, line, column: at - (before.lastIndexOf("\n") + 1) + 1, length: text.length };
}

/** Where `key:` first stands at the beginning of an entry, from a line on. */
export function findKey(projectDir: string, file: string, fromLine: number, key: string): SourcePlace | undefined {
  const lines = readSource(join(projectDir, file)).split("\n");
  for (let index = fromLine - 1; index < lines.length; index++) {
    const entry = /(?:^|[{,])\s*["']?([\w$]+)["']?\s*:/g;
    for (const match of lines[index]!.matchAll(entry)) {
      if (match[1] !== key) continue;
      return { file, line: index + 1, column: match.index + match[0].indexOf(key) + 1, length: key.length };
    }
  }
  return undefined;
}
