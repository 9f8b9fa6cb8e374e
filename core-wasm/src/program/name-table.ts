// Hash tables of names inside a program: open addressing, at most half full.
import type { ByteWriter } from "./byte-writer.ts";

const encoder = new TextEncoder();

/** The hash of assembly/names.ts: four bytes at a time, the last four again. */
export function hashName(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hash = 0x811c9dc5 ^ bytes.length;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ value, 0x9e3779b1);
  };
  if (bytes.length < 4) bytes.forEach(mix);
  else {
    for (let at = 0; at < bytes.length - 4; at += 4) {
      mix(view.getUint32(at, true));
      hash ^= hash >>> 15;
    }
    mix(view.getUint32(bytes.length - 4, true));
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Appends the entries and then the table (mask, slots). Returns where the table begins. */
export function writeNameTable(out: ByteWriter, names: ReadonlyArray<readonly [name: string, value: number]>): number {
  const entries = names.map(([name, value]) => {
    const bytes = encoder.encode(name);
    out.align(4);
    const at = out.reserve(12);
    out.u32(at, hashName(bytes));
    out.u32(at + 4, bytes.length);
    out.i32(at + 8, value);
    out.append(bytes);
    return { at, hash: hashName(bytes) };
  });
  let slots = 4;
  while (slots < entries.length * 2) slots *= 2;
  out.align(4);
  const table = out.reserve(4 + slots * 4);
  out.u32(table, slots - 1);
  const taken = new Set<number>();
  for (const { at, hash } of entries) {
    let slot = hash & (slots - 1);
    while (taken.has(slot)) slot = (slot + 1) & (slots - 1);
    taken.add(slot);
    out.u32(table + 4 + slot * 4, at);
  }
  return table;
}
