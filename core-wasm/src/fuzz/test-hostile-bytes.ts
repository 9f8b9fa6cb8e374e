// Test fixture: hostile inputs from a seed: documents that fit a model, damaged byte by byte, spliced, cut, stretched to page edges.
import { type Random, randomDocument } from "../ajv/test-random-cases.ts";
import type { InputFormat } from "../host/core-interface.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import { fittingDocument } from "./test-fitting-document.ts";

export interface HostileInput {
  readonly format: InputFormat;
  readonly bytes: Uint8Array;
}

const utf8 = new TextEncoder();
const PAGE = 0x10000;

/** What parsers stumble over. */
const fragments: readonly ((random: Random) => Uint8Array | string)[] = [
  (random) => "[".repeat(1 + random.next(80)),
  (random) => '{"a":'.repeat(1 + random.next(80)),
  (random) => "]".repeat(1 + random.next(80)),
  () => "[".repeat(5000),
  (random) => random.digits(1 + random.next(400)),
  (random) => `${random.one(["", "-"])}${random.digits(1 + random.next(30))}.${random.digits(1 + random.next(30))}`,
  (random) =>
    `${random.digits(1 + random.next(20))}e${random.one(["", "-", "+"])}${random.digits(1 + random.next(12))}`,
  (random) =>
    random.one(["true", "false", "null", "tru", "nulll", "NaN", "Infinity", "-", "-0", "00", "1.", ".5", "1e"]),
  (random) => `"${"x".repeat(random.next(70))}"`,
  (random) =>
    `"${random.one(["\\u00e9", "\\ud83d\\ude80", "\\ud800", "\\udc00", "\\u12", "\\x", "\\", "\\n"]).repeat(1 + random.next(9))}"`,
  (random) =>
    random.one(['"', "{", "}", "[", "]", ",", ":", "\\", " ", "\t", "\r", "\n", "\u0000", "\u001f", "\u007f"]),
  (random) => random.one(["é", "世界", "🛫", "\ufeff", "\u2028"]),
  (random) => Uint8Array.from({ length: 1 + random.next(6) }, () => 0x80 + random.next(128)),
  (random) => Uint8Array.from({ length: 1 + random.next(6) }, () => random.next(256)),
  (random) => " ".repeat(random.next(100)),
];

/** An input for `spec`: one or several documents, most of them damaged. */
export function hostileInput(random: Random, spec: ModelSpec): HostileInput {
  const format = random.one(["json", "ndjson", "sequence"] as const);
  const documents = Array.from({ length: random.chance(60) ? 1 : 1 + random.next(6) }, () =>
    random.chance(75) ? fittingDocument(random, spec) : randomDocument(random, spec),
  );
  const text =
    format === "json" && (documents.length > 1 || random.chance(20))
      ? `[${documents.join(",")}]`
      : documents.join(random.one(format === "sequence" ? ["", " ", "\n"] : ["\n", "\n\n", "\r\n"]));
  let bytes: Uint8Array = utf8.encode(text);
  if (random.chance(60)) for (let left = 1 + random.next(4); left > 0; left--) bytes = mutated(random, bytes);
  return { format, bytes: random.next(400) === 0 ? stretched(random, bytes) : bytes };
}

function mutated(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.next(bytes.length + 1);
  const to = Math.min(bytes.length, at + random.next(random.chance(80) ? 8 : 200));
  switch (random.next(7)) {
    case 0:
      return flipped(bytes, at, 1 << random.next(8));
    case 1:
      return flipped(bytes, at, random.next(256));
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return joined(bytes.subarray(0, at), bytes.subarray(to));
    case 4:
      return joined(bytes.subarray(0, to), bytes.subarray(at));
    case 5: {
      const from = random.next(bytes.length + 1);
      return joined(bytes.subarray(0, at), bytes.subarray(from, from + random.next(60)), bytes.subarray(to));
    }
    default: {
      const fragment = random.one(fragments)(random);
      const inserted = typeof fragment === "string" ? utf8.encode(fragment) : fragment;
      return joined(bytes.subarray(0, at), inserted, bytes.subarray(random.chance(50) ? at : to));
    }
  }
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const copy = bytes.slice();
  if (at < copy.length) copy[at]! ^= mask;
  return copy;
}

/** White space, or a string's inside, makes the input end around a page's last byte. */
function stretched(random: Random, bytes: Uint8Array): Uint8Array {
  const wanted = PAGE * (1 + random.next(2)) - 80 + random.next(160);
  const at = random.next(bytes.length + 1);
  const filler = new Uint8Array(Math.max(0, wanted - bytes.length)).fill(random.one([0x20, 0x78, 0x30, 0x5c, 0xff]));
  return joined(bytes.subarray(0, at), filler, bytes.subarray(at));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
