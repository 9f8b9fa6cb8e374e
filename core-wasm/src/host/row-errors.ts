// Puts the core's error records into words: path, code, expected, got. The texts are the same wherever the core runs.
import type { FieldSpec, ModelSpec, TypeSpec } from "../language/model-spec.ts";
import { integerLimits, isInteger } from "../language/type-limits.ts";
import type { RowError, RowErrorCode } from "./core-interface.ts";

/** In the order of the numbers in assembly/layout.ts. */
export const rowErrorCodes: readonly RowErrorCode[] = [
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
];

const RECORD_BYTES = 64;
const NO_FIELD = 0xffffffff;
const UNKNOWN_FIELD = 0xfffffffe;
const MAX_GOT_CHARACTERS = 100;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads `count` records at `at`; their offsets count from the beginning of `input`. */
export function readRowErrors(
  spec: ModelSpec,
  memory: ArrayBuffer,
  at: number,
  count: number,
  input: Uint8Array,
): RowError[] {
  const errors: RowError[] = [];
  for (let i = 0; i < count; i++) {
    errors.push(readRowError(spec, new DataView(memory, at + i * RECORD_BYTES, RECORD_BYTES), input));
  }
  return errors;
}

function readRowError(spec: ModelSpec, record: DataView, input: Uint8Array): RowError {
  const word = (offset: number): number => record.getUint32(offset, true);
  const code = rowErrorCodes[word(4)]!;
  const place = word(8);
  const field = place < UNKNOWN_FIELD ? spec.fields[place] : undefined;
  const name = place === UNKNOWN_FIELD ? rawName(input.subarray(word(12), word(16))) : field?.name;
  const indexes = Array.from({ length: Math.min(word(32), 4) }, (_, level) => word(36 + level * 4));
  const pointer = name === undefined ? "" : [name.replaceAll("~", "~0").replaceAll("/", "~1"), ...indexes].join("/");
  return {
    row: word(0),
    path: place === NO_FIELD ? "" : `/${pointer}`,
    code,
    expected: expectedText(code, spec, field, indexes.length, word(52)),
    got: cut(input.subarray(word(20), Math.max(word(20), word(24)))),
  };
}

/** An unknown name from its JSON text; as it stands when it is not well-formed. */
function rawName(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}

/** At most 100 characters (code points), never half of one. */
function cut(bytes: Uint8Array): string {
  // A code point has at most 4 bytes; one cut in half at the end lies behind the 100 that are kept.
  const text = decoder.decode(bytes.subarray(0, (MAX_GOT_CHARACTERS + 1) * 4));
  const characters = [...text];
  return characters.length > MAX_GOT_CHARACTERS ? characters.slice(0, MAX_GOT_CHARACTERS).join("") : text;
}

function expectedText(
  code: RowErrorCode,
  spec: ModelSpec,
  field: FieldSpec | undefined,
  nesting: number,
  breakOffset: number,
): string {
  switch (code) {
    case "invalid_json":
      return `JSON (RFC 8259): it breaks at byte ${breakOffset} of the row`;
    case "invalid_utf8":
      return "well-formed UTF-8, surrogates in pairs";
    case "duplicate_key":
      return "each field once";
    case "too_deep":
      return "at most 64 levels of nesting";
    case "not_an_object":
      return `an object: one ${spec.name}`;
    case "unknown_field":
      return `a field of ${spec.name} ${spec.version}`;
    default:
      return field === undefined ? "" : typeText(field, nesting);
  }
}

function typeText(field: FieldSpec, nesting: number): string {
  let type = field.type;
  let optional = field.optional === true;
  for (let level = 0; level < nesting && type.kind === "array"; level++) {
    optional = type.optionalElement === true;
    type = type.element;
  }
  return `${describe(type)}${optional ? " or null" : ""}`;
}

function describe(type: TypeSpec): string {
  if (isInteger(type.kind)) {
    const { min, max } = type as { min?: number | string; max?: number | string };
    const [least, most] = integerLimits[type.kind];
    return `an integer from ${min ?? least} to ${max ?? most}`;
  }
  switch (type.kind) {
    case "string":
      return `a string${range(type, " of", " characters")}`;
    case "boolean":
      return "true or false";
    case "float32":
    case "float64":
      return `a number${range(type, "", "")}, finite as ${type.kind}`;
    case "uuid":
      return "a UUID: 8-4-4-4-12 hexadecimal digits";
    case "date":
      return "an existing day as YYYY-MM-DD, 1900-01-01 to 2299-12-31";
    case "date16":
      return "an existing day as YYYY-MM-DD, 1970-01-01 to 2149-06-06";
    case "dateTime":
    case "dateTime64": {
      const digits = type.kind === "dateTime64" ? type.precision : 0;
      const years = type.kind === "dateTime" ? "1970 to 2106" : digits === 9 ? "1900 to 2262" : "1900 to 2299";
      const epoch = type.epoch === undefined ? "" : `, or a whole number of ${type.epoch} since 1970-01-01`;
      return `a time as RFC 3339 or YYYY-MM-DD hh:mm:ss in UTC${epoch}, ${years}, at most ${digits} sub-second digits`;
    }
    case "enum": {
      const names = Object.keys(type.values);
      return `one of ${names.slice(0, 20).join(", ")}${names.length > 20 ? ` and ${names.length - 20} more` : ""}`;
    }
    default:
      return "an array";
  }
}

function range(type: { min?: number; max?: number }, before: string, after: string): string {
  if (type.min !== undefined && type.max !== undefined) return `${before} ${type.min} to ${type.max}${after}`;
  if (type.min !== undefined) return `${before} at least ${type.min}${after}`;
  return type.max === undefined ? "" : `${before} at most ${type.max}${after}`;
}
