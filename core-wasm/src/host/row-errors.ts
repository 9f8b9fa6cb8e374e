// Reads the core's error records: their texts stand in the core's memory, the same for every host.
import type { RowError, RowErrorCode } from "./core-interface.ts";
import type { MemoryViews } from "./wasm-module.ts";

const RECORD_WORDS = 24;
/** Code, path, expected and got: address and length of each. */
const TEXTS = 16;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const readText = ({ bytes }: MemoryViews, at: number, length: number): string =>
  decoder.decode(bytes.subarray(at, at + length));

/** Reads `count` records at the address `at`. */
export function readRowErrors(memory: MemoryViews, at: number, count: number): RowError[] {
  const { words } = memory;
  const errors: RowError[] = [];
  for (let record = at / 4; errors.length < count; record += RECORD_WORDS) {
    const text = (index: number): string =>
      readText(memory, words[record + TEXTS + index * 2]!, words[record + TEXTS + index * 2 + 1]!);
    errors.push({
      row: words[record]!,
      path: text(1),
      code: text(0) as RowErrorCode,
      expected: text(2),
      got: text(3),
    });
  }
  return errors;
}
