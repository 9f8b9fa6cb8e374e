// Hash tables of names inside a program: open addressing over FNV-1a, at most half full.
import type { ByteWriter } from "./byte-writer.ts";

const encoder = new TextEncoder();

/** FNV-1a, 32 bits; assembly/names.ts has the same. */
export function hashName(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
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
