// Test fixture: what must hold for any bytes: both builds agree, verdicts are whole, JSON.parse and the Native reader say the same.
import { isDeepStrictEqual } from "node:util";
import type { BlockEncoder, ModelCore, Validation } from "../host/core-interface.ts";
import { readNativeBlocks } from "../native/read-native.ts";
import type { CheckedModel } from "./test-checked-core.ts";
import { comparableRow, expectedRow } from "./test-expected-row.ts";
import type { HostileInput } from "./test-hostile-bytes.ts";
import { murmur2 } from "./test-murmur2.ts";

export interface FuzzTarget {
  readonly release: ModelCore;
  readonly encoder: BlockEncoder;
  readonly checked: CheckedModel;
}

const POINTER = /^(\/([^~/]|~[01])*)*$/;
const origin = { partition: 7, baseOffset: 11, receivedAtMs: 13 };
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });

function must(holds: boolean, what: string | (() => string)): asserts holds {
  if (!holds) throw new Error(typeof what === "string" ? what : what());
}

/** Undefined is no JSON value. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All of a verdict, which a host may read from memory when it is asked. */
const plain = (verdict: Validation): Validation => {
  const { rows, accepted, rejected, bounds, rejectedRows, errors, errorsTruncated, partitionKeys, unreadable } =
    verdict;
  return {
    ...{ rows, accepted, rejected, bounds, rejectedRows, errors, errorsTruncated },
    ...(partitionKeys === undefined ? {} : { partitionKeys }),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
};

/** Throws when anything is wrong. Returns the verdict. */
export function checkInput(target: FuzzTarget, { bytes, format }: HostileInput, maxErrors: number): Validation {
  const { release, checked } = target;
  const verdict = checked.validate(bytes, format, maxErrors);
  const shipped = plain(release.validate(bytes, { format, maxErrors }));
  must(isDeepStrictEqual(verdict, shipped), () => `the builds differ:\n${show(verdict)}\n${show(shipped)}`);
  checkVerdict(verdict, bytes.length, maxErrors);
  if (format === "json") checkDocument(verdict, bytes);
  if (format === "ndjson") checkLines(verdict, bytes);
  feedHostile(target, bytes);
  if (verdict.accepted > 0) checkBlock(target, bytes, verdict);
  return verdict;
}

function checkVerdict(verdict: Validation, length: number, maxErrors: number): void {
  const { rows, accepted, rejected, bounds, rejectedRows, errors, errorsTruncated, unreadable } = verdict;
  if (unreadable !== undefined) {
    must(rows === 0 && errors.length === 0, "what cannot be read has rows");
    must(unreadable.offset >= 0 && unreadable.offset <= length, "the break is outside of the input");
    must(unreadable.message !== "", "no message");
  }
  must(accepted + rejected === rows && bounds.length === 2 * accepted, "the counts do not add up");
  must(rejectedRows.length === rejected, "the refused rows are not all told");
  for (let at = 0; at < bounds.length; at++) {
    // Values of a sequence may stand wall to wall.
    const least = at === 0 ? 0 : bounds[at - 1]! + (at % 2);
    must(bounds[at]! >= least && bounds[at]! <= length, "the bounds run back");
  }
  let before = -1;
  for (const row of rejectedRows) {
    must(row > before && row < rows, "the refused rows run back");
    before = row;
  }
  must(errors.length <= maxErrors, "more errors than were asked for");
  const refused = new Set(rejectedRows);
  before = 0;
  for (const { row, path, code, expected, got } of errors) {
    must(row >= before && refused.has(row), "an error of a row that was not refused");
    must(POINTER.test(path), `no JSON Pointer: ${path}`);
    must(code.length > 0 && expected.length > 0, "an error without words");
    must([...got].length <= 100, "got is too long");
    before = row;
  }
  const explained = new Set(errors.map((error) => error.row));
  must(errorsTruncated || explained.size === rejected, "a refused row without an error");
}

function checkDocument({ unreadable, rows }: Validation, bytes: Uint8Array): void {
  const parsed = parse(lossy.decode(bytes));
  if (unreadable !== undefined) {
    must(parsed === undefined || /deep/.test(unreadable.message), "JSON.parse reads what the core cannot");
  } else
    must(parsed !== undefined && rows === (Array.isArray(parsed) ? parsed.length : 1), "JSON.parse finds other rows");
}

function checkLines({ rows, errors, errorsTruncated }: Validation, bytes: Uint8Array): void {
  const lines = lossy
    .decode(bytes)
    .split("\n")
    .filter((line) => /[^ \t\r]/.test(line));
  must(rows === lines.length, `${rows} rows, and ${lines.length} lines`);
  const known = errorsTruncated ? (errors.at(-1)?.row ?? 0) : rows;
  const broken = new Set(errors.filter(({ code }) => code === "invalid_json").map(({ row }) => row));
  const tooDeep = new Set(errors.filter(({ code }) => code === "too_deep").map(({ row }) => row));
  for (let row = 0; row < known; row++) {
    const parses = parse(lines[row]!) !== undefined;
    must(tooDeep.has(row) || parses !== broken.has(row), `line ${row}: JSON.parse says something else`);
  }
}

/** The raw input as rows: either both builds take it, or both refuse it with the same words and are as before. */
function feedHostile({ encoder, checked }: FuzzTarget, bytes: Uint8Array): void {
  // A dictionary has its first key always.
  const empty = checked.heldBytes;
  const fed = checked.feed(bytes, origin);
  let taken: number | string;
  try {
    taken = encoder.feed(bytes, origin);
  } catch (error) {
    must((error as { code?: string }).code === "invalid_rows", `a feed failed: ${error}`);
    must(encoder.rows === 0 && encoder.bytes === 0, "a refused feed left something");
    taken = String(error);
  }
  if (typeof fed === "number") must(taken === fed, "the builds differ in a feed");
  else {
    must(checked.heldRows === 0 && checked.heldBytes === empty, "a refused feed left something");
    const { path, code, expected, got } = fed.error ?? { path: "", code: "", expected: "", got: "" };
    const words = fed.error === undefined ? "is not JSON" : `${path} ${code}, expected ${expected}, got ${got}`;
    must(typeof taken === "string" && taken.includes(`row ${fed.row} `) && taken.includes(words), "refused otherwise");
  }
  encoder.reset();
  checked.clear();
}

function checkBlock(target: FuzzTarget, input: Uint8Array, verdict: Validation): void {
  const { release, encoder, checked } = target;
  const { bytes, ends } = release.collect(input, verdict);
  must(checked.feed(bytes, origin) === verdict.accepted, "the encoder takes other rows");
  must(encoder.feed(bytes, origin) === verdict.accepted, "the encoder takes other rows");
  const block = checked.finish();
  must(Buffer.compare(block, encoder.finish()) === 0, "the builds differ in a block");
  const rows = readNativeBlocks(block).flatMap((one) => one.rows());
  must(rows.length === verdict.accepted, "the reader finds other rows");
  checkKeys(release, rows, verdict);
  rows.forEach((row, index) => {
    const text = strict.decode(bytes.subarray(index === 0 ? 0 : ends[index - 1]! + 1, ends[index]));
    must(parse(text) !== undefined, "JSON.parse refuses an accepted row");
    const [read, sent] = [comparableRow(release.spec, row), expectedRow(release.spec, text)];
    must(isDeepStrictEqual(read, sent), () => `row ${index} reads back otherwise:\n${show(read)}\n${show(sent)}`);
    must(row._offset === BigInt(origin.baseOffset + index) && row._partition === origin.partition, "another origin");
  });
}

/** Types whose key is what the reader shows of them. */
const READ_AS_KEY = /^u?int|^(decimal|uuid|string|enum|ipv4|date|date16)$/;

function checkKeys({ spec }: ModelCore, rows: readonly Record<string, unknown>[], { partitionKeys }: Validation): void {
  must((spec.partitionKey === undefined) === (partitionKeys === undefined), "keys of a model without, or none");
  const field = spec.fields.find(({ name }) => name === spec.partitionKey);
  if (field === undefined || !READ_AS_KEY.test(field.type.kind)) return;
  rows.forEach((row, index) => {
    const value = row[field.name];
    const hash = value === null ? 0 : murmur2(new TextEncoder().encode(String(value)));
    must(partitionKeys!.hashes[index] === hash, () => `row ${index} has another key than ${value}`);
  });
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? `${one}n` : one));
