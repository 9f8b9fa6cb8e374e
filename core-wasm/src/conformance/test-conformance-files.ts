// Builds the conformance files: verdicts, errors and bounds from the cases written by hand; only programs and blocks come from the core.
import type { Core, RowError, RowOrigin } from "../host/core-interface.ts";
import type { Fields } from "../language/field.ts";
import { type Model, model, modelSpec } from "../language/model.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import { rowGroups } from "./test-row-cases.ts";
import type { Bytes, RowCase } from "./test-row-group.ts";
import { valueGroups } from "./test-value-cases.ts";
import type { ValueGroup } from "./test-value-group.ts";

export interface ConformanceCase {
  readonly name: string;
  readonly format: "json" | "ndjson" | "sequence";
  /** One of the two: the text, or base64 of bytes that are no UTF-8. */
  readonly input?: string;
  readonly inputBase64?: string;
  readonly maxErrors?: number;
  readonly expected: {
    readonly rows: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly bounds: readonly number[];
    readonly rejectedRows: readonly number[];
    readonly errors: readonly RowError[];
    readonly errorsTruncated: boolean;
    readonly partitionKeys?: { readonly hashes: readonly number[]; readonly bounds: readonly number[] };
    readonly unreadable?: { readonly message: string; readonly offset: number };
  };
  /** Of the accepted rows, fed as they are collected; left out when there are none. */
  readonly origin?: RowOrigin;
  readonly native?: string;
}

export interface ConformanceFile {
  readonly model: ModelSpec;
  readonly schemaId: string;
  readonly program: string;
  readonly cases: readonly ConformanceCase[];
}

const utf8 = new TextEncoder();
export const bytesOf = (text: string | Bytes): Uint8Array =>
  typeof text === "string" ? utf8.encode(text) : Uint8Array.from(text.latin1, (character) => character.charCodeAt(0));
export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The model of a group of values: one field, `v`. */
export const valueModel = (group: ValueGroup): Model<Fields> => model(group.name, { v: group.field });

/** At most 100 characters of the value's text, as errors show it. */
const cut = (text: string): string => [...text].slice(0, 100).join("");

export function valueCases(group: ValueGroup): RowCase[] {
  const accepted = group.accepts.map(([sent]): RowCase => {
    const row = `{"v":${sent}}`;
    return { name: `accepts ${cut(sent)}`, format: "json", input: row, rows: 1, accepted: [row] };
  });
  const refused = group.refuses.map(([sent, code]): RowCase => {
    const errors = [[0, "/v", code, group.says, cut(sent)]] as const;
    return { name: `refuses ${cut(sent)}`, format: "json", input: `{"v":${sent}}`, rows: 1, accepted: [], errors };
  });
  return [...accepted, ...refused];
}

export function conformanceFiles(core: Core): Map<string, ConformanceFile> {
  const files = new Map<string, ConformanceFile>();
  const add = (name: string, of: Model<Fields>, cases: readonly RowCase[]): void => {
    const spec = modelSpec(of);
    const loaded = core.load(spec);
    files.set(name, {
      model: spec,
      schemaId: loaded.schemaId,
      program: base64(loaded.program),
      cases: cases.map((row, index) => {
        const origin = { partition: 3, baseOffset: 1000 * index, receivedAtMs: 1_700_000_000_123 };
        const encoder = loaded.encoder();
        for (const text of row.accepted) {
          encoder.feed(bytesOf(text), { ...origin, baseOffset: origin.baseOffset + encoder.rows });
        }
        const block = row.accepted.length === 0 ? {} : { origin, native: base64(encoder.finish()) };
        return { ...inputOf(row), expected: expectedOf(row), ...block };
      }),
    });
  };
  for (const group of valueGroups) add(group.name, valueModel(group), valueCases(group));
  for (const group of rowGroups) add(group.name, group.model, group.cases);
  return files;
}

function inputOf({ name, format, input, maxErrors }: RowCase) {
  return {
    name,
    format,
    ...(typeof input === "string" ? { input } : { inputBase64: base64(bytesOf(input)) }),
    ...(maxErrors === undefined ? {} : { maxErrors }),
  };
}

function expectedOf(row: RowCase): ConformanceCase["expected"] {
  const errors = (row.errors ?? []).map(([index, path, code, expected, got]) => ({
    row: index,
    path,
    code,
    expected,
    got,
  }));
  return {
    rows: row.rows,
    accepted: row.accepted.length,
    rejected: row.rows - row.accepted.length,
    bounds: boundsOf(row),
    rejectedRows: [...(row.refused ?? new Set(errors.map((error) => error.row)))],
    errors,
    errorsTruncated: row.truncated === true,
    ...(row.keys === undefined ? {} : { partitionKeys: keysOf(row) }),
    ...(row.unreadable === undefined ? {} : { unreadable: row.unreadable }),
  };
}

/** Where the accepted texts stand in the input, one behind the other. */
function boundsOf(row: RowCase): number[] {
  const input = Buffer.from(bytesOf(row.input));
  let from = 0;
  return row.accepted.flatMap((text) => {
    const bytes = bytesOf(text);
    const begin = input.indexOf(bytes, from);
    if (begin < 0) throw new Error(`${row.name}: an accepted row does not stand in the input`);
    from = begin + bytes.length;
    return [begin, from];
  });
}

/** Keys whose texts the rows do not hold have both bounds 0xffffffff. */
function keysOf(row: RowCase) {
  const input = Buffer.from(bytesOf(row.input));
  const begins = boundsOf(row).filter((_, index) => index % 2 === 0);
  const keys = row.keys ?? [];
  return {
    hashes: keys.map(([hash]) => hash >>> 0),
    bounds: keys.flatMap(([, text], index) => {
      if (text === undefined) return [0xffffffff, 0xffffffff];
      const begin = input.indexOf(text, begins[index]);
      return [begin, begin + bytesOf(text).length];
    }),
  };
}
