// Says in a sentence what the Prisma parser could not read, with its place.
import { nearestName } from "../../lib/nearest-name.ts";
import { SchemaMistake } from "./schema-mistake.ts";

/** A token of the parser: offsets are inclusive. */
export interface SyntaxToken {
  readonly image: string;
  readonly startOffset: number;
  readonly endOffset?: number;
}

/** What the parser throws. At the end of the file, `token` has no offset. */
export interface SyntaxFailure {
  readonly message: string;
  readonly token: SyntaxToken;
}

const KEYWORDS = ["model", "enum", "type", "view", "datasource", "generator"];

/** The parser takes any name for the kind of a block, and settings (`a = 1`) in every kind. */
export function findMisplaced(source: string, file: string, tokens: readonly SyntaxToken[]): SchemaMistake | undefined {
  let depth = 0;
  let startsLine = true;
  let kind: string | undefined;
  for (const { image, startOffset } of tokens) {
    if (depth === 0 && startsLine && /^\w/.test(image)) {
      if (!KEYWORDS.includes(image)) return describeUnread(source, file, startOffset);
      kind = image;
    }
    if (image === "=" && kind !== "datasource" && kind !== "generator") {
      return describeUnread(source, file, startOffset);
    }
    if (image === "{") depth++;
    if (image === "}") depth--;
    startsLine = /^\s/.test(image);
  }
  return undefined;
}

/** The parser passes over characters that begin no token: a text without its end, a letter outside ASCII. */
export function findUnread(source: string, file: string, tokens: readonly SyntaxToken[]): SchemaMistake | undefined {
  let from = 0;
  for (const { startOffset, endOffset } of [...tokens, { startOffset: source.length, endOffset: source.length }]) {
    const unread = source.slice(from, startOffset).search(/[^\s\uFEFF]/);
    if (unread >= 0) return describeUnread(source, file, from + unread);
    from = (endOffset ?? startOffset) + 1;
  }
  return undefined;
}

function describeUnread(source: string, file: string, offset: number): SchemaMistake {
  if (source[offset] === '"') {
    return mistake(
      source,
      file,
      offset,
      1,
      'This text does not end in its line, or has an unknown escape: close it with "',
    );
  }
  const word = /^[\p{L}_]\w*/u.exec(source.slice(offset))?.[0] ?? String.fromCodePoint(source.codePointAt(offset)!);
  const nearest = nearestName(word, KEYWORDS);
  const hint = nearest === undefined ? "" : `: did you mean "${nearest}"?`;
  return mistake(source, file, offset, word.length, `"${word}" cannot stand here${hint}`);
}

export function describeSyntax(source: string, file: string, { message, token }: SyntaxFailure): SchemaMistake {
  const expected = /^Expecting --> (.+?) <--/.exec(message)?.[1];
  if (!Number.isFinite(token.startOffset)) {
    const end = Math.max(0, source.trimEnd().length - 1);
    return mistake(source, file, end, 1, "The file ends inside a block: close it with }");
  }
  const found = /^\s*$/.test(token.image) ? "The line ends too early" : `"${token.image}" cannot stand here`;
  const wanted = expected === undefined ? "" : `: ${expected === "LineBreak" ? "a new line" : expected} is expected`;
  return mistake(source, file, token.startOffset, token.image.trimEnd().length, `${found}${wanted}`);
}

function mistake(source: string, file: string, offset: number, length: number, message: string): SchemaMistake {
  const before = source.slice(0, offset).split(/\r?\n/);
  const place = { file, line: before.length, column: before.at(-1)!.length + 1, length: Math.max(1, length) };
  return new SchemaMistake(message, place);
}
