// Hot path: feeds rows to an instance of the core that holds the columns of one block.
import { leb128 } from "../program/leb128.ts";
import { CoreError } from "./core-error.ts";
import type { BlockEncoder, RowOrigin } from "./core-interface.ts";
import { readRowErrors } from "./row-errors.ts";
import { type Instance, RESULT } from "./wasm-module.ts";

/** Fail code of assembly/layout.ts: the columns would grow too large. */
const BLOCK_TOO_LARGE = 100;

export interface EncoderConfig {
  /** Of the model, for errors. */
  readonly name: string;
  readonly program: Uint8Array;
  readonly instance: Instance;
  readonly maxInputBytes: number;
}

export class NativeBlockEncoder implements BlockEncoder {
  private readonly config: EncoderConfig;
  private held = 0;

  constructor(config: EncoderConfig) {
    this.config = config;
  }

  get rows(): number {
    return this.held;
  }

  get bytes(): number {
    return this.held === 0 ? 0 : this.core().heldBytes();
  }

  feed(rows: Uint8Array, origin: RowOrigin): number {
    const { instance, maxInputBytes } = this.config;
    if (rows.length > maxInputBytes) {
      throw new RangeError(`${rows.length} bytes are fed at once, and ${maxInputBytes} are possible: feed slices`);
    }
    if (
      !isUint(origin.partition, 0xffffffff) ||
      !isUint(origin.baseOffset) ||
      !Number.isSafeInteger(origin.receivedAtMs)
    ) {
      throw new RangeError(`not an origin of rows: ${JSON.stringify(origin)}`);
    }
    const before = this.held;
    try {
      return instance.guard(() => {
        const core = this.core();
        const at = core.feedRoom(rows.length);
        instance.memory.bytes.set(rows, at);
        if (core.feed(rows.length, origin.partition, origin.baseOffset, origin.receivedAtMs) === 0)
          throw this.refusal();
        this.held = core.heldRows();
        return this.held - before;
      });
    } catch (error) {
      if (error instanceof CoreError && (error.code === "out_of_memory" || error.code === "trapped")) this.held = 0;
      throw error;
    }
  }

  finish(): Uint8Array {
    const core = this.core();
    core.finish();
    const { bytes, words } = this.config.instance.memory;
    const list = words[RESULT]! / 4;
    const count = words[RESULT + 1]!;
    const counts = [...leb128(words[RESULT + 2]!), ...leb128(words[RESULT + 3]!)];
    let total = counts.length;
    for (let i = 0; i < count; i++) total += words[list + i * 2 + 1]!;
    const block = new Uint8Array(total);
    block.set(counts);
    let at = counts.length;
    for (let i = 0; i < count; i++) {
      const begin = words[list + i * 2]!;
      const length = words[list + i * 2 + 1]!;
      block.set(bytes.subarray(begin, begin + length), at);
      at += length;
    }
    this.reset();
    return block;
  }

  reset(): void {
    this.held = 0;
    this.core().clear();
    this.config.instance.shrink();
  }

  private core() {
    return this.config.instance.with(this.config.program, true);
  }

  private refusal(): CoreError {
    const { instance } = this.config;
    const result = instance.memory.words.subarray(RESULT, RESULT + 9);
    const row = result[0]!;
    if (result[8] === BLOCK_TOO_LARGE && result[2] === 0) {
      return new CoreError("block_too_large", `the columns would grow too large at row ${row}: feed fewer rows`, {
        row,
      });
    }
    if (result[2] === 0) {
      return new CoreError("invalid_rows", `row ${row} is not JSON: it breaks at byte ${result[7]} of what was fed`, {
        row,
      });
    }
    const [first] = readRowErrors(instance, result[6]!, Math.min(1, result[4]!));
    const why =
      first === undefined ? "" : `: ${first.path} ${first.code}, expected ${first.expected}, got ${first.got}`;
    return new CoreError("invalid_rows", `row ${row} is not a valid ${this.config.name}${why}`, { row });
  }
}

const isUint = (value: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && value >= 0 && value <= most;
