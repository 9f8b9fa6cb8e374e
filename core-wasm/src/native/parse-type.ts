// Reads a ClickHouse type string, as it stands in the header of a column.

/** `Map(String, Array(Int8))` is a name with two arguments; `Tuple(a Int8)` one whose argument has a label. */
export interface TypeTree {
  readonly name: string;
  readonly args: readonly TypeArgument[];
}

export type TypeArgument =
  | { readonly kind: "type"; readonly label: string | undefined; readonly type: TypeTree }
  /** `'UTC'`, or `'name' = 1` in an enum. */
  | { readonly kind: "text"; readonly text: string; readonly number: number | undefined }
  | { readonly kind: "number"; readonly number: number };

const MAX_DEPTH = 64;
const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", "0": "\0" };

/** Undefined when it is no type. */
export function parseType(text: string): TypeTree | undefined {
  const parser = new TypeParser(text);
  const type = parser.type(0);
  return parser.done ? type : undefined;
}

class TypeParser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at === this.text.length;
  }

  type(depth: number): TypeTree | undefined {
    const name = this.match(/[A-Za-z_]\w*/y);
    if (name === undefined || depth > MAX_DEPTH) return undefined;
    if (this.match(/\(/y) === undefined) return { name, args: [] };
    if (name === "JSON") return this.skipOptions() ? { name, args: [] } : undefined;
    const args: TypeArgument[] = [];
    while (args.length === 0 || this.match(/\s*,\s*/y) !== undefined) {
      if (args.length === 0 && this.match(/\)/y) !== undefined) return { name, args };
      const argument = this.argument(depth);
      if (argument === undefined) return undefined;
      args.push(argument);
    }
    return this.match(/\)/y) === undefined ? undefined : { name, args };
  }

  private argument(depth: number): TypeArgument | undefined {
    const next = this.text[this.at];
    if (next === "'") {
      const text = this.quoted(/'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'/y);
      const number = this.match(/\s*=\s*-?\d{1,6}/y)?.replace(/[\s=]/g, "");
      return text === undefined
        ? undefined
        : { kind: "text", text, number: number === undefined ? undefined : Number(number) };
    }
    const number = this.match(/-?\d+(?:\.\d+)?/y);
    if (number !== undefined) return { kind: "number", number: Number(number) };
    const label =
      next === "`" ? this.quoted(/`[^`\\]*(?:(?:\\[\s\S]|``)[^`\\]*)*`/y) : this.match(/[A-Za-z_]\w*(?=\s+[A-Za-z_])/y);
    if (label !== undefined) this.match(/\s+/y);
    const type = this.type(depth + 1);
    return type === undefined ? undefined : { kind: "type", label, type };
  }

  /** Steps over what stands in brackets; the options of JSON do not matter to who reads it as text. */
  private skipOptions(): boolean {
    for (let depth = 1; depth > 0; ) {
      const part = this.match(/[^()'`]+|'[^'\\]*(?:\\[\s\S][^'\\]*)*'|`[^`\\]*(?:\\[\s\S][^`\\]*)*`|[()]/y);
      if (part === undefined) return false;
      depth += part === "(" ? 1 : part === ")" ? -1 : 0;
    }
    return true;
  }

  private quoted(sticky: RegExp): string | undefined {
    return this.match(sticky)
      ?.slice(1, -1)
      .replace(
        /\\x([\da-fA-F]{2})|\\([\s\S])|(['`])\3/g,
        (_, hex: string | undefined, kind: string | undefined, quote: string) =>
          hex !== undefined
            ? String.fromCharCode(Number.parseInt(hex, 16))
            : kind !== undefined
              ? (escapes[kind] ?? kind)
              : quote,
      );
  }

  private match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}
