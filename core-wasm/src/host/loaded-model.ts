// Hot path: a model's validator. A call for one event costs little more than the core's own work.
import { NativeBlockEncoder } from "./block-encoder.ts";
import { collectRows } from "./collect-rows.ts";
import { CoreError } from "./core-error.ts";
import type { BlockEncoder, InputFormat, ProgramModel, ValidateOptions, Validation } from "./core-interface.ts";
import { readValidation } from "./read-validation.ts";
import type { Instance } from "./wasm-module.ts";

const DEFAULT_MAX_ERRORS = 100;
const MAX_ERRORS = 100_000;

/** Up to this many UTF-16 units a text is encoded where the core reads it. */
const SHORT_TEXT = 5000;
const encoder = new TextEncoder();

const formatNumber = (format: InputFormat): number => (format === "json" ? 0 : format === "ndjson" ? 1 : 2);

export interface LoadedModelConfig {
  readonly name: string;
  readonly program: Uint8Array;
  readonly schemaId: string;
  /** Shared by all models of the core. */
  readonly validator: Instance;
  readonly newInstance: () => Instance;
  readonly maxInputBytes: number;
}

export class LoadedModel implements ProgramModel {
  readonly name: string;
  readonly program: Uint8Array;
  readonly schemaId: string;
  private readonly config: LoadedModelConfig;
  private disposed = false;

  constructor(config: LoadedModelConfig) {
    this.config = config;
    this.name = config.name;
    this.program = config.program;
    this.schemaId = config.schemaId;
  }

  validate(input: Uint8Array | string, options: ValidateOptions): Validation {
    this.mustLive();
    const { validator, maxInputBytes } = this.config;
    const given = typeof input === "string" && input.length > SHORT_TEXT ? encoder.encode(input) : input;
    if (given.length > maxInputBytes) {
      throw new RangeError(`the input has ${given.length} bytes, and ${maxInputBytes} are possible: validate slices`);
    }
    const asked = options.maxErrors;
    const maxErrors = asked === undefined ? DEFAULT_MAX_ERRORS : Math.min(MAX_ERRORS, Math.max(0, Math.floor(asked)));
    try {
      const core = validator.with(this.program, false);
      const bytes = validator.writeInput(given, maxErrors);
      core.validate(bytes, formatNumber(options.format));
      const validation = readValidation(validator, bytes);
      validator.shrink();
      return validation;
    } catch (cause) {
      throw validator.refused(cause);
    }
  }

  collect(input: Uint8Array, validation: Validation): { bytes: Uint8Array; ends: Uint32Array } {
    return collectRows(input, validation);
  }

  encoder(): BlockEncoder {
    this.mustLive();
    const { name, program, newInstance, maxInputBytes } = this.config;
    return new NativeBlockEncoder({ name, program, instance: newInstance(), maxInputBytes });
  }

  dispose(): void {
    this.disposed = true;
  }

  private mustLive(): void {
    if (this.disposed) throw new CoreError("disposed", `${this.name} was disposed: load it again`);
  }
}
