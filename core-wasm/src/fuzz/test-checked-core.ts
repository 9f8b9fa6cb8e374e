// Test fixture: the core built with assertions, behind a host of its own that follows ABI.md and nothing else.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { InputFormat, RowError, RowErrorCode, RowOrigin, Validation } from "../host/core-interface.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import { compileProgram } from "../program/compile-program.ts";

/** A few seconds, on a machine that has nothing else to do. */
export const BUILD_LIMIT_MS = 300_000;

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  programRoom(bytes: number): number;
  loadProgram(encode: number, seed: bigint): void;
  validateRoom(length: number, maxErrors: number): number;
  validate(length: number, format: number): void;
  feedRoom(length: number): number;
  feed(length: number, partition: number, baseOffset: number, receivedAtMs: number): number;
  heldRows(): number;
  heldBytes(): number;
  finish(): void;
  clear(): void;
}

interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object) => { readonly exports: unknown };
}
const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** A broken assertion traps: RuntimeError, whose stack names the functions. The instance must not be used again. */
export interface CheckedModel {
  validate(input: Uint8Array, format: InputFormat, maxErrors: number): Validation;
  /** How many rows; or the index of the row that was refused, and what the answer block says of it. */
  feed(rows: Uint8Array, origin: RowOrigin): number | { readonly row: number; readonly error?: RowError };
  readonly heldRows: number;
  readonly heldBytes: number;
  clear(): void;
  /** One Native block. */
  finish(): Uint8Array;
}

/** Builds the module with assertions, and resolves with what makes an instance of it. */
export async function buildCheckedCore(): Promise<() => Exports> {
  const build = spawnSync(process.execPath, ["scripts/build-wasm.mjs", "--assertions"], {
    cwd: root,
    encoding: "utf8",
    timeout: BUILD_LIMIT_MS,
  });
  if (build.status !== 0) throw new Error(build.error?.message ?? build.stderr);
  const module = await api.compile(readFileSync(`${root}build/core-checked.wasm`));
  return () => new api.Instance(module).exports as Exports;
}

/** What loads models into two instances, a validator and an encoder; each forgets the model before. */
export function openCheckedCore(newInstance: () => Exports): (spec: ModelSpec, seed: number) => CheckedModel {
  const [validator, encoder] = [newInstance(), newInstance()];
  return (spec, seed) => {
    const program = compileProgram(spec);
    for (const [encode, core] of [validator, encoder].entries()) {
      write(core, core.programRoom(program.length), program);
      core.loadProgram(encode, BigInt(seed));
    }
    return checkedModel(validator, encoder);
  };
}

const write = (core: Exports, at: number, bytes: Uint8Array): void => new Uint8Array(core.memory.buffer).set(bytes, at);
const words = (core: Exports, at: number, count: number): Uint32Array =>
  new Uint32Array(core.memory.buffer, at, count).slice();
const answer = (core: Exports): number[] => [...words(core, 0x100, 12)];

const formats = { json: 0, ndjson: 1, sequence: 2 } as const;

function checkedModel(validator: Exports, encoder: Exports): CheckedModel {
  let room = { at: 0, length: -1, maxErrors: -1 };
  let calls = 0;
  return {
    validate(input, format, maxErrors) {
      // Half of the calls use the room of the call before, when they fit.
      if (calls++ % 2 === 0 || room.length < input.length || room.maxErrors !== maxErrors) {
        room = { at: validator.validateRoom(input.length, maxErrors), length: input.length, maxErrors };
      }
      write(validator, room.at, input);
      validator.validate(input.length, formats[format]);
      return readVerdict(validator, input.length);
    },
    feed(rows, { partition, baseOffset, receivedAtMs }) {
      const before = encoder.heldRows();
      write(encoder, encoder.feedRoom(rows.length), rows);
      if (encoder.feed(rows.length, partition, baseOffset, receivedAtMs) === 1) return encoder.heldRows() - before;
      const [row, , isJson, , count, , records] = answer(encoder) as [number, ...number[]];
      return isJson === 1 && count! > 0 ? { row, error: readErrors(encoder, records!, 1)[0]! } : { row };
    },
    get heldRows() {
      return encoder.heldRows();
    },
    get heldBytes() {
      return encoder.heldBytes();
    },
    clear: () => encoder.clear(),
    finish() {
      encoder.finish();
      const [list, count, columns, rows] = answer(encoder) as [number, number, number, number];
      const pieces = words(encoder, list, count * 2);
      const parts = [Uint8Array.from([...leb128(columns), ...leb128(rows)])];
      for (let at = 0; at < pieces.length; at += 2) {
        parts.push(new Uint8Array(encoder.memory.buffer, pieces[at], pieces[at + 1]).slice());
      }
      encoder.clear();
      return new Uint8Array(Buffer.concat(parts));
    },
  };
}

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}

const NO_ROW = 0xffffffff;

function readVerdict(core: Exports, length: number): Validation {
  const [rows, rejected, readable, verdicts, count, truncated, records, failAt, , message, messageBytes, keys] = answer(
    core,
  ) as [number, number, number, number, number, number, number, number, number, number, number, number];
  const nothing = { rows: 0, accepted: 0, rejected: 0, bounds: new Uint32Array(0), rejectedRows: new Uint32Array(0) };
  if (readable === 0) {
    const unreadable = { message: textAt(core, message, messageBytes), offset: Math.min(failAt, length) };
    return { ...nothing, errors: [], errorsTruncated: false, unreadable };
  }
  const pairs = Array.from({ length: rows }, (_, row) => words(core, verdicts + row * 8, 2));
  const accepted = pairs.filter(([begin]) => begin !== NO_ROW);
  const partitionKeys = Array.from({ length: keys === 0 ? 0 : accepted.length }, (_, row) =>
    words(core, keys + row * 12, 3),
  );
  return {
    rows,
    accepted: rows - rejected,
    rejected,
    bounds: Uint32Array.from(accepted.flatMap((pair) => [...pair])),
    rejectedRows: Uint32Array.from(pairs.filter(([begin]) => begin === NO_ROW).map(([, row]) => row!)),
    errors: readErrors(core, records, count),
    errorsTruncated: truncated === 1,
    ...(keys === 0
      ? {}
      : {
          partitionKeys: {
            hashes: Uint32Array.from(partitionKeys.map(([hash]) => hash!)),
            bounds: Uint32Array.from(partitionKeys.flatMap(([, begin, end]) => [begin!, end!])),
          },
        }),
  };
}

/** Fatal: the core writes well-formed UTF-8. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const textAt = (core: Exports, at: number, length: number): string =>
  decoder.decode(new Uint8Array(core.memory.buffer, at, length));

function readErrors(core: Exports, records: number, count: number): RowError[] {
  return Array.from({ length: count }, (_, index) => {
    const record = words(core, records + index * 96, 24);
    const text = (which: number): string => textAt(core, record[16 + which * 2]!, record[17 + which * 2]!);
    return { row: record[0]!, path: text(1), code: text(0) as RowErrorCode, expected: text(2), got: text(3) };
  });
}
