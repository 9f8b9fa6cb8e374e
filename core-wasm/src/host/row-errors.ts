// Reads the core's error records: their texts stand in the core's memory, the same for every host.
import type { RowError, RowErrorCode } from "./core-interface.ts";

const RECORD_BYTES = 96;
/** Code, path, expected and got: address and length of each. */
const TEXTS = 64;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const readText = (memory: ArrayBuffer, at: number, length: number): string =>
  decoder.decode(new Uint8Array(memory, at, length));

/** Reads `count` records at `at`. */
export function readRowErrors(memory: ArrayBuffer, at: number, count: number): RowError[] {
  const errors: RowError[] = [];
  for (let i = 0; i < count; i++) {
    const record = new DataView(memory, at + i * RECORD_BYTES, RECORD_BYTES);
    const text = (index: number): string =>
      readText(memory, record.getUint32(TEXTS + index * 8, true), record.getUint32(TEXTS + index * 8 + 4, true));
    errors.push({
      row: record.getUint32(0, true),
      path: text(1),
      code: text(0) as RowErrorCode,
      expected: text(2),
      got: text(3),
    });
  }
  return errors;
}
