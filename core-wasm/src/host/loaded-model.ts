// Hot path: a model's validator. Per call a few typed arrays are made; per accepted event nothing.
import type { ModelSpec } from "../language/model-spec.ts";
import { NativeBlockEncoder } from "./block-encoder.ts";
import { collectRows } from "./collect-rows.ts";
import { CoreError } from "./core-error.ts";
import type { BlockEncoder, InputFormat, ModelCore, ValidateOptions, Validation } from "./core-interface.ts";
import { readRowErrors, readText } from "./row-errors.ts";
import { type Instance, RESULT_ADDRESS } from "./wasm-module.ts";

const formats: Readonly<Record<InputFormat, number>> = { json: 0, ndjson: 1, sequence: 2 };
const DEFAULT_MAX_ERRORS = 100;
const MAX_ERRORS = 100_000;
/** Marks a rejected row among the verdicts. */
const REJECTED = 0xffffffff;

export interface LoadedModelConfig {
  readonly spec: ModelSpec;
  readonly program: Uint8Array;
  readonly schemaId: string;
  /** Shared by all models of the core. */
  readonly validator: Instance;
  readonly newInstance: () => Instance;
  readonly maxInputBytes: number;
}

export class LoadedModel implements ModelCore {
  readonly spec: ModelSpec;
  readonly program: Uint8Array;
  readonly schemaId: string;
  private readonly config: LoadedModelConfig;
  private disposed = false;

  constructor(config: LoadedModelConfig) {
    this.config = config;
    this.spec = config.spec;
    this.program = config.program;
    this.schemaId = config.schemaId;
  }

  validate(input: Uint8Array, options: ValidateOptions): Validation {
    this.mustLive();
    const { validator, maxInputBytes } = this.config;
    if (input.length > maxInputBytes) {
      throw new RangeError(`the input has ${input.length} bytes, and ${maxInputBytes} are possible: validate slices`);
    }
    const maxErrors = Math.min(MAX_ERRORS, Math.max(0, Math.floor(options.maxErrors ?? DEFAULT_MAX_ERRORS)));
    const validation = validator.guard(() => {
      const core = validator.with(this.program, false);
      const at = core.validateRoom(input.length, maxErrors);
      new Uint8Array(core.memory.buffer).set(input, at);
      core.validate(input.length, formats[options.format]);
      return readValidation(core.memory.buffer, input.length);
    });
    validator.shrink();
    return validation;
  }

  collect(input: Uint8Array, validation: Validation): { bytes: Uint8Array; ends: Uint32Array } {
    return collectRows(input, validation);
  }

  encoder(): BlockEncoder {
    this.mustLive();
    const { spec, program, newInstance, maxInputBytes } = this.config;
    return new NativeBlockEncoder({ spec, program, instance: newInstance(), maxInputBytes });
  }

  dispose(): void {
    this.disposed = true;
  }

  private mustLive(): void {
    if (this.disposed) throw new CoreError("disposed", `${this.spec.name} was disposed: load it again`);
  }
}

function readValidation(memory: ArrayBuffer, inputBytes: number): Validation {
  const result = new Uint32Array(memory, RESULT_ADDRESS, 12);
  const [rows, rejected, readable, verdicts, errorCount, truncated, errors, failAt, , message, messageBytes, keys] =
    result as unknown as number[];
  if (readable === 0) return unreadable(readText(memory, message!, messageBytes!), Math.min(failAt!, inputBytes));
  const words = new Uint32Array(memory, verdicts, rows! * 2);
  const bounds = new Uint32Array((rows! - rejected!) * 2);
  const rejectedRows = new Uint32Array(rejected!);
  if (rejected === 0) bounds.set(words);
  else {
    let kept = 0;
    let refused = 0;
    for (let at = 0; at < words.length; at += 2) {
      if (words[at] === REJECTED) rejectedRows[refused++] = words[at + 1]!;
      else {
        bounds[kept++] = words[at]!;
        bounds[kept++] = words[at + 1]!;
      }
    }
  }
  return {
    rows: rows!,
    accepted: rows! - rejected!,
    rejected: rejected!,
    bounds,
    rejectedRows,
    errors: errorCount === 0 ? [] : readRowErrors(memory, errors!, errorCount!),
    errorsTruncated: truncated !== 0,
    ...(keys === 0 ? {} : { partitionKeys: readPartitionKeys(new Uint32Array(memory, keys, (rows! - rejected!) * 3)) }),
  };
}

/** Three words a row: hash, begin, end. */
function readPartitionKeys(words: Uint32Array): { hashes: Uint32Array; bounds: Uint32Array } {
  const rows = words.length / 3;
  const hashes = new Uint32Array(rows);
  const bounds = new Uint32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    hashes[row] = words[row * 3]!;
    bounds[row * 2] = words[row * 3 + 1]!;
    bounds[row * 2 + 1] = words[row * 3 + 2]!;
  }
  return { hashes, bounds };
}

function unreadable(message: string, offset: number): Validation {
  return {
    rows: 0,
    accepted: 0,
    rejected: 0,
    bounds: new Uint32Array(0),
    rejectedRows: new Uint32Array(0),
    errors: [],
    errorsTruncated: false,
    unreadable: { message, offset },
  };
}
