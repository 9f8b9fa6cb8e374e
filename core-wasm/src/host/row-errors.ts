// Reads the core's error records: their texts stand in the core's memory, the same for every host.
import type { RowError, RowErrorCode } from "./core-interface.ts";
import type { Instance } from "./wasm-module.ts";

const RECORD_WORDS = 24;
/** Code, path, expected and got: address and length of each. */
const TEXTS = 16;

/** Reads `count` records at the address `at`. */
export function readRowErrors(instance: Instance, at: number, count: number): RowError[] {
  const { words } = instance.memory;
  const errors: RowError[] = [];
  for (let record = at >>> 2; errors.length < count; record += RECORD_WORDS) {
    const texts = record + TEXTS;
    errors.push({
      row: words[record]!,
      path: instance.text(words[texts + 2]!, words[texts + 3]!),
      code: instance.text(words[texts]!, words[texts + 1]!) as RowErrorCode,
      expected: instance.text(words[texts + 4]!, words[texts + 5]!),
      got: instance.text(words[texts + 6]!, words[texts + 7]!),
    });
  }
  return errors;
}
