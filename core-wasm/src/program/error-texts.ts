// The texts of a program, behind its rules: what the core says about a refused row. Numbered as in assembly/layout.ts.
import type { RowErrorCode } from "../host/core-interface.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import { ByteWriter } from "./byte-writer.ts";

/** In the order of the numbers in assembly/layout.ts. */
export const codeNames = [
  "invalid_json",
  "invalid_utf8",
  "duplicate_key",
  "too_deep",
  "not_an_object",
  "missing_field",
  "unknown_field",
  "wrong_type",
  "out_of_range",
  "not_integral",
  "too_short",
  "too_long",
  "not_in_enum",
  "invalid_format",
  "precision_loss",
] as const satisfies readonly RowErrorCode[];

const EXPECTED = 32;
const MESSAGES = 64;
const NODES = 72;
/** A number is written in its place. No byte of UTF-8, so that no name or pattern of a model holds it. */
const MARK = 0xff;

/** A text, or what stands before and behind a number. */
type Text = string | readonly [before: string, behind: string];

const messages: readonly Text[] = [
  ["not JSON (RFC 8259): it breaks at byte ", ""],
  "the JSON text ends too early",
  "the text begins with a byte order mark, which JSON does not allow",
  ["the JSON text is nested far deeper than 64 levels at byte ", ""],
];

/** What each code says by itself; the others tell the type of the field. */
const expectedByCode = (spec: ModelSpec): Partial<Record<RowErrorCode, Text>> => ({
  invalid_json: ["JSON (RFC 8259): it breaks at byte ", " of the row"],
  invalid_utf8: "well-formed UTF-8, surrogates in pairs",
  duplicate_key: "each field once",
  too_deep: "at most 64 levels of nesting",
  not_an_object: `an object: one ${spec.name}`,
  unknown_field: `a field of ${spec.name} ${spec.version}`,
});

/** A table of begin and length (from the begin of the table) for each number, then the texts. `nodes`: what each node accepts. */
export function errorTexts(spec: ModelSpec, nodes: readonly string[]): Uint8Array {
  const texts = new Map<number, Text>();
  const expected = expectedByCode(spec);
  codeNames.forEach((code, index) => {
    texts.set(index, code);
    texts.set(EXPECTED + index, expected[code] ?? "");
  });
  messages.forEach((message, index) => {
    texts.set(MESSAGES + index, message);
  });
  nodes.forEach((text, index) => {
    texts.set(NODES + index, text);
  });
  const out = new ByteWriter();
  out.reserve((NODES + nodes.length) * 8);
  for (const [index, text] of texts) {
    const bytes = encodeText(text);
    out.u32(index * 8, out.append(bytes));
    out.u32(index * 8 + 4, bytes.length);
  }
  return out.toBytes();
}

function encodeText(text: Text): Uint8Array {
  const encoder = new TextEncoder();
  if (typeof text === "string") return encoder.encode(text);
  return Uint8Array.from([...encoder.encode(text[0]), MARK, ...encoder.encode(text[1])]);
}
