// Reads just enough of an SQL text to run it safely in process: one statement, what kind, and where an INSERT's data begins. Pure.

export type Statement =
  | {
      readonly kind: "insert";
      /** `INSERT INTO t (a, b)`: everything before settings, format and data. */
      readonly target: string;
      /** `SETTINGS …`, or empty. */
      readonly settings: string;
      readonly format: string;
      /** Where the data begins in the text. */
      readonly dataStart: number;
    }
  | {
      readonly kind: "statement";
      /** Without a final semicolon. */
      readonly sql: string;
      /** Begins with SELECT or WITH: what the engine can stream. */
      readonly select: boolean;
      /** From its own FORMAT clause. */
      readonly format?: string;
    };

export class StatementError extends Error {}

interface Token {
  readonly kind: "word" | "quoted" | "other";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Open brackets around it. */
  readonly depth: number;
}

/** Throws StatementError on an empty text, on more than one statement, and on a NUL byte, at which the engine would cut the text. */
export function readStatement(text: string): Statement {
  const tokens = tokenize(text);
  let first = next(tokens);
  while (first?.text === "(") first = next(tokens);
  if (!first) throw new StatementError("Empty query");
  if (isWord(first, "INSERT")) {
    const insert = readInsert(text, tokens);
    if (insert) return insert;
    return readPlain(text, first);
  }
  return readPlain(text, first);
}

function readPlain(text: string, first: Token): Statement {
  if (text.includes("\0")) throw new StatementError("The query holds a NUL byte");
  let format: string | undefined;
  let previous: Token | undefined;
  let end: number | undefined;
  for (const token of tokenize(text)) {
    if (end !== undefined) throw new StatementError("Multi-statements are not allowed");
    if (token.text === ";" && token.kind === "other") end = token.start;
    else if (token.depth === 0 && token.kind === "word" && previous && isWord(previous, "FORMAT")) format = token.text;
    previous = token;
  }
  const select = isWord(first, "SELECT") || isWord(first, "WITH");
  return { kind: "statement", sql: text.slice(0, end), select, ...(format === undefined ? {} : { format }) };
}

/** Undefined when the INSERT takes its rows from a query or a file of its own. */
function readInsert(text: string, tokens: Iterator<Token>): Statement | undefined {
  let token = next(tokens);
  while (token && (isWord(token, "INTO") || isWord(token, "TABLE") || isWord(token, "FUNCTION"))) token = next(tokens);
  // The name itself may be called `values` or `format`.
  token = next(tokens);
  while (token?.text === ".") {
    next(tokens);
    token = next(tokens);
  }
  let settingsStart: number | undefined;
  for (; token; token = next(tokens)) {
    if (token.depth > 0 || token.kind !== "word") {
      if (token.text === ";") return undefined;
      continue;
    }
    const word = token.text.toUpperCase();
    if (word === "SELECT" || word === "WITH" || word === "FROM" || word === "WATCH") return undefined;
    if (word === "SETTINGS") settingsStart = token.start;
    if (word === "VALUES") return insertAt(text, token.start, settingsStart, "Values", token.end);
    if (word === "FORMAT") {
      const name = next(tokens);
      if (name?.kind !== "word") return undefined;
      if (name.text.toUpperCase() === "VALUES") return insertAt(text, token.start, settingsStart, "Values", name.end);
      // The data of a binary format begins right after the line's end, so no more than that may be skipped.
      const gap = /^[ \t]*;?[ \t]*(\r?\n)?/.exec(text.slice(name.end, name.end + 64))![0].length;
      return insertAt(text, token.start, settingsStart, name.text, name.end + gap);
    }
  }
  return undefined;
}

function insertAt(
  text: string,
  clauseStart: number,
  settingsStart: number | undefined,
  format: string,
  dataStart: number,
): Statement {
  const target = text.slice(0, settingsStart ?? clauseStart);
  const settings = settingsStart === undefined ? "" : text.slice(settingsStart, clauseStart);
  if (target.includes("\0") || settings.includes("\0")) throw new StatementError("The query holds a NUL byte");
  return { kind: "insert", target: target.trimEnd(), settings: settings.trimEnd(), format, dataStart };
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "word" && token.text.toUpperCase() === word;
}

function next(tokens: Iterator<Token>): Token | undefined {
  const step = tokens.next();
  return step.done ? undefined : step.value;
}

// Blanks and comments | quoted with backslash escapes and doubled quotes | heredoc | word | any other character.
const pattern =
  /(\s+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|"(?:[^"\\]|\\[\s\S]|"")*(?:"|$)|`(?:[^`\\]|\\[\s\S]|``)*(?:`|$))|(\$(\w*)\$[\s\S]*?(?:\$\4\$|$))|([A-Za-z_]\w*|\d\w*)|([\s\S])/y;

function* tokenize(text: string): Generator<Token> {
  let at = 0;
  let depth = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)!;
    const start = at;
    at = pattern.lastIndex;
    if (match[1] !== undefined) continue;
    const token = match[0];
    if (match[2] !== undefined || match[3] !== undefined) {
      yield { kind: "quoted", text: token, start, end: at, depth };
    } else if (match[5] !== undefined) {
      yield { kind: "word", text: token, start, end: at, depth };
    } else {
      if (token === ")" || token === "]") depth = Math.max(0, depth - 1);
      yield { kind: "other", text: token, start, end: at, depth };
      if (token === "(" || token === "[") depth++;
    }
  }
}
