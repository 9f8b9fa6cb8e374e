// Hot path: reads the core's answer block into a verdict; for one accepted row nothing is copied until it is asked for.
import type { RowError, Validation } from "./core-interface.ts";
import { readRowErrors } from "./row-errors.ts";
import { type Instance, RESULT } from "./wasm-module.ts";

/** Marks a rejected row among the verdicts. */
const REJECTED = 0xffffffff;
const NONE = new Uint32Array(0);
const NO_ERRORS: readonly RowError[] = Object.freeze([]);

/** The verdict in the answer block of ABI.md, on an input of `inputBytes`. Holds nothing of the memory. */
export function readValidation(instance: Instance, inputBytes: number): Validation {
  const { words } = instance.memory;
  // Small, so that engines inline it where single events are judged.
  if (words[RESULT] === 1 && words[RESULT + 1] === 0 && words[RESULT + 2] === 1 && words[RESULT + 11] === 0) {
    const verdict = words[RESULT + 3]! >>> 2;
    return new AcceptedRow(words[verdict]!, words[verdict + 1]!);
  }
  return readRows(instance, inputBytes);
}

function readRows(instance: Instance, inputBytes: number): Validation {
  const { words } = instance.memory;
  if (words[RESULT + 2] === 0) {
    const message = instance.text(words[RESULT + 9]!, words[RESULT + 10]!);
    return unreadable(message, Math.min(words[RESULT + 7]!, inputBytes));
  }
  const rows = words[RESULT]!;
  const rejected = words[RESULT + 1]!;
  const accepted = rows - rejected;
  const verdicts = words[RESULT + 3]! >>> 2;
  const errorCount = words[RESULT + 4]!;
  const keys = words[RESULT + 11]! >>> 2;
  const validation = {
    rows,
    accepted,
    rejected,
    bounds: accepted === 0 ? NONE : new Uint32Array(accepted * 2),
    rejectedRows: rejected === 0 ? NONE : new Uint32Array(rejected),
    errors: errorCount === 0 ? NO_ERRORS : readRowErrors(instance, words[RESULT + 6]!, errorCount),
    errorsTruncated: words[RESULT + 5] !== 0,
  };
  if (rejected === 0) validation.bounds.set(words.subarray(verdicts, verdicts + rows * 2));
  else partVerdicts(words, verdicts, validation);
  if (keys === 0) return validation;
  return { ...validation, partitionKeys: readPartitionKeys(words.subarray(keys, keys + accepted * 3)) };
}

/** The verdict on an input of one row that was accepted: what most calls of an application get. */
class AcceptedRow implements Validation {
  readonly rows = 1;
  readonly accepted = 1;
  readonly rejected = 0;
  readonly errors = NO_ERRORS;
  readonly errorsTruncated = false;
  readonly #begin: number;
  readonly #end: number;
  #bounds: Uint32Array | undefined;

  constructor(begin: number, end: number) {
    this.#begin = begin;
    this.#end = end;
  }

  get bounds(): Uint32Array {
    this.#bounds ??= Uint32Array.of(this.#begin, this.#end);
    return this.#bounds;
  }

  get rejectedRows(): Uint32Array {
    return NONE;
  }
}

/** Two words a row: the bounds of one that was accepted, or REJECTED and the index. */
function partVerdicts(words: Uint32Array, verdicts: number, { rows, bounds, rejectedRows }: Validation): void {
  let kept = 0;
  let refused = 0;
  for (let at = verdicts; at < verdicts + rows * 2; at += 2) {
    if (words[at] === REJECTED) rejectedRows[refused++] = words[at + 1]!;
    else {
      bounds[kept++] = words[at]!;
      bounds[kept++] = words[at + 1]!;
    }
  }
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
    bounds: NONE,
    rejectedRows: NONE,
    errors: NO_ERRORS,
    errorsTruncated: false,
    unreadable: { message, offset },
  };
}
