// Reads a value in an attribute, from the raw text that the parser gives.
import { SchemaMistake } from "./schema-mistake.ts";
import type { Literal, SchemaPlace } from "./schema-tree.ts";

/** `raw` is text as it is written, or the parser's list or function. */
export function readLiteral(raw: unknown, place: SchemaPlace): Literal {
  if (typeof raw === "string" && raw.startsWith('"')) return { kind: "text", value: unquote(raw, place) };
  if (typeof raw === "string" && /^-?\d/.test(raw)) return { kind: "number", digits: raw };
  if (typeof raw === "string" || typeof raw === "boolean") return { kind: "word", name: String(raw) };
  if (typeof raw === "number") return { kind: "number", digits: String(raw) };
  const { type, name, args } = raw as { type?: string; name?: string; args?: readonly unknown[] };
  if (type === "array") return { kind: "list", items: (args ?? []).map((item) => readLiteral(item, place)) };
  if (type === "function" && name !== undefined) return { kind: "call", name };
  throw new SchemaMistake("This value cannot be read: write a text, a number, a name or a list of them", place);
}

export function unquote(raw: string, place: SchemaPlace): string {
  try {
    return JSON.parse(raw) as string;
  } catch {
    throw new SchemaMistake(`${raw} has an escape that JSON does not know: write it as \\uXXXX`, place);
  }
}
