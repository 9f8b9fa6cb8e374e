// Bytes that no state tells apart share a column of the table.
import type { Nfa } from "./build-nfa.ts";

export interface ByteClasses {
  /** Class of each of the 256 bytes. */
  readonly ofByte: Uint8Array;
  /** One byte of each class. */
  readonly examples: readonly number[];
}

export function byteClasses(nfa: Nfa): ByteClasses {
  const begins = new Set([0]);
  for (const state of nfa.states) {
    if (state.kind !== "byte") continue;
    begins.add(state.first);
    if (state.last < 255) begins.add(state.last + 1);
  }
  const examples = [...begins].sort((a, b) => a - b);
  const ofByte = new Uint8Array(256);
  examples.forEach((begin, index) => {
    ofByte.fill(index, begin);
  });
  return { ofByte, examples };
}
