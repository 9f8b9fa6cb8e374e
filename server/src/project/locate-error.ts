// Turns what the user's code threw into an error that points at the user's line, by way of the bundle's source map.
import { SourceMap, type SourceMapPayload } from "node:module";
import { relative, resolve, sep } from "node:path";
import type { MooseError } from "../model/errors.ts";
import type { ProjectBundle } from "./bundle-project.ts";
import type { ThrownError } from "./evaluate-bundle.ts";
import { type LanguageNames, nearestLanguageName } from "./language-names.ts";
import { findKey, projectError, type SourcePlace } from "./project-error.ts";

export interface ThrownContext {
  readonly projectDir: string;
  readonly bundle: ProjectBundle;
  readonly language: LanguageNames;
}

export function locateError(thrown: ThrownError, { projectDir, bundle, language }: ThrownContext): MooseError {
  const message = describe(thrown, language);
  const thrownAt = placeOfThrow(thrown.stack, projectDir, bundle);
  const place = thrownAt === undefined ? undefined : placeOfField(projectDir, thrownAt, thrown.field);
  return projectError(projectDir, message, place, { cause: thrown.stack });
}

/** The language checks a definition as a whole, at its first line; the field that it names stands further down. */
function placeOfField(projectDir: string, thrownAt: SourcePlace, field: string | undefined): SourcePlace {
  if (typeof field !== "string" || thrownAt.line === undefined) return thrownAt;
  const found = findKey(projectDir, thrownAt.file, thrownAt.line, field);
  return found ?? thrownAt;
}

/** The innermost call that stands in one of the user's files: errors of the language are thrown inside it, by a mistake outside. */
function placeOfThrow(stack: string, projectDir: string, bundle: ProjectBundle): SourcePlace | undefined {
  const map = new SourceMap(JSON.parse(bundle.sourceMap) as SourceMapPayload);
  const userFiles = new Set(bundle.inputs);
  for (const [, line, column] of stack.matchAll(/project-\d+-\d+\.mjs:(\d+):(\d+)/g)) {
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) continue;
    const path = resolve(bundle.directory, entry.originalSource);
    if (!userFiles.has(path)) continue;
    const file = relative(projectDir, path).split(sep).join("/");
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
  return undefined;
}

function describe({ name, message }: ThrownError, language: LanguageNames): string {
  // V8 prints an imported binding that is called as "(0 , t.strng)".
  const text = message.replace(/\(0 ?, ?([\w$.]+)\)/g, "$1");
  const called = name === "TypeError" ? /(?:^|[.\s])([\w$]+) is not a function/.exec(text)?.[1] : undefined;
  const nearest = called === undefined ? undefined : nearestLanguageName(called, /^t\.\w+ /.test(text), language);
  const sentence = nearest === undefined ? text : `${text}: did you mean "${nearest}"?`;
  // The language's own errors are sentences; a plain Error's class says nothing either.
  return ["TypeError", "ReferenceError", "SyntaxError", "RangeError"].includes(name) && nearest === undefined
    ? `${name}: ${sentence}`
    : sentence;
}
