// What the WebAssembly core offers to a host, and when each call may be made. No code here.
import type { ModelSpec } from "../language/model-spec.ts";

/** One violation. Text and order are the same wherever the core runs. */
export interface RowError {
  /** Index of the row in the input, from 0. */
  readonly row: number;
  /** JSON Pointer (RFC 6901) into the row; "" is the row itself. */
  readonly path: string;
  readonly code: RowErrorCode;
  /** What would have been accepted, in words. */
  readonly expected: string;
  /** The offending JSON text, cut to 100 characters; "" when there is none. */
  readonly got: string;
}

/** Closed list; PROTOCOL: errors[].code. */
export type RowErrorCode =
  | "invalid_json"
  | "invalid_utf8"
  | "duplicate_key"
  | "too_deep"
  | "not_an_object"
  | "missing_field"
  | "unknown_field"
  | "wrong_type"
  | "out_of_range"
  | "not_integral"
  | "too_short"
  | "too_long"
  | "not_in_enum"
  | "invalid_format"
  | "precision_loss";

/**
 * How the input is cut into rows.
 * - `json`: one object, or one array of objects.
 * - `ndjson`: one row a line; a broken line is one rejected row; blank lines are skipped and not counted.
 * - `sequence`: JSON values separated by white space (what the log stores).
 */
export type InputFormat = "json" | "ndjson" | "sequence";

/** Verdict on one input. Typed arrays are copies owned by the caller. */
export interface Validation {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Begin and end byte of each accepted row in the input, in order: 2 numbers a row. */
  readonly bounds: Uint32Array;
  /** Of a model with a partition key, for each accepted row in order. */
  readonly partitionKeys?: {
    /** murmur2 of the key as Kafka's default partitioner takes it (partition: `(hash & 0x7fffffff) % partitions`); 0 where the key is null. */
    readonly hashes: Uint32Array;
    /** Begin and end byte of the key's JSON text in the input; both 0xffffffff where the row does not hold it: null, or a default. */
    readonly bounds: Uint32Array;
  };
  /** Original index of every rejected row, ascending. */
  readonly rejectedRows: Uint32Array;
  readonly errors: readonly RowError[];
  /** More errors existed than `maxErrors` allowed to report. */
  readonly errorsTruncated: boolean;
  /** Set when the input cannot be read as rows at all; then rows is 0. */
  readonly unreadable?: { readonly message: string; readonly offset: number };
}

export interface ValidateOptions {
  readonly format: InputFormat;
  /** Errors reported for the whole input; default 100. */
  readonly maxErrors?: number;
}

/** Where the rows that are fed come from; fills `_partition`, `_offset` and `_received_at`. */
export interface RowOrigin {
  readonly partition: number;
  /** Offset of the first row; the following rows count up from it. */
  readonly baseOffset: number;
  readonly receivedAtMs: number;
}

/**
 * Builds ClickHouse Native blocks. Used as begin (implicit), feed*, finish; one at a time for each ModelCore.
 * Columns: the model's fields in order, then `_partition` UInt32, `_offset` UInt64, `_received_at` DateTime64(3, 'UTC').
 */
export interface BlockEncoder {
  /** Appends rows (`sequence` format). Throws CoreError `invalid_rows` if one is not valid: the block is as before the call. */
  feed(rows: Uint8Array, origin: RowOrigin): number;
  /** Rows fed since the last finish. */
  readonly rows: number;
  /** Bytes that the columns hold so far. */
  readonly bytes: number;
  /** Returns one Native block (a copy) and starts the next. */
  finish(): Uint8Array;
  /** Drops what was fed. */
  reset(): void;
}

/** A compiled program, loaded into the core. */
export interface ProgramModel {
  /** The model's, for errors. */
  readonly name: string;
  /** The compiled schema program. */
  readonly program: Uint8Array;
  /** Hex digest of the program: equal for equal schemas, wherever they were compiled. */
  readonly schemaId: string;
  /** The verdict on `input`; a string is judged as the UTF-8 that it encodes to, and offsets count its bytes. RangeError above `maxInputBytes`. */
  validate(input: Uint8Array | string, options: ValidateOptions): Validation;
  /**
   * The accepted rows, each followed by "\n", ready for the log, and the end (exclusive, before its "\n") of each.
   * Returns a view on the input, not a copy, when every row was accepted from NDJSON already in that form.
   */
  collect(input: Uint8Array, validation: Validation): { bytes: Uint8Array; ends: Uint32Array };
  /** A new encoder; its columns live in the core's memory until finish or reset. */
  encoder(): BlockEncoder;
  dispose(): void;
}

/** A model, compiled and loaded into the core. */
export interface ModelCore extends ProgramModel {
  readonly spec: ModelSpec;
}

/** What a host that fetches the module itself got; a Response is one. */
export interface FetchedWasm {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

type Wasm = ArrayBuffer | ArrayBufferView | FetchedWasm | object;

/** `core.wasm`: its bytes, the response to a fetch of it, or a WebAssembly.Module; or a promise of one. */
export type WasmSource = Wasm | PromiseLike<Wasm>;

export interface CoreOptions {
  /** Default: the copy inside of the package, which needs no request and is 80 KB of JavaScript, or 36 KB gzipped. */
  readonly wasm?: WasmSource;
}

interface CoreLimits {
  /** Inputs longer than this are refused with a RangeError; feed slices instead. Bytes. */
  readonly maxInputBytes: number;
  /** Size of the linear memory now. Bytes. */
  readonly memoryBytes: number;
}

export interface ProgramCore extends CoreLimits {
  /** TypeError when the bytes are no program of this version of the core. */
  load(program: Uint8Array, name: string): ProgramModel;
}

export interface Core extends CoreLimits {
  load(spec: ModelSpec): ModelCore;
}
