// Writes the tables of a string's pattern and format into a program, as assembly/run-pattern.ts reads them.
import { constraintTables, type StringConstraints } from "../pattern/string-constraints.ts";
import type { ByteWriter } from "./byte-writer.ts";

const HEADER_BYTES = 16;

/** Where a program's tables begin: fields with the same constraints share them. */
const written = new WeakMap<ByteWriter, Map<string, number>>();

/** Returns where the first table begins, or 0 when there is none. */
export function writePatterns(out: ByteWriter, constraints: StringConstraints): number {
  const known = written.get(out) ?? new Map<string, number>();
  written.set(out, known);
  const key = JSON.stringify([constraints.pattern, constraints.format]);
  const at = known.get(key) ?? writeTables(out, constraints);
  known.set(key, at);
  return at;
}

function writeTables(out: ByteWriter, constraints: StringConstraints): number {
  let following = 0;
  for (const table of constraintTables(constraints).reverse()) {
    out.align(4);
    const at = out.reserve(HEADER_BYTES);
    out.u32(at, following);
    out.u32(at + 4, table.start);
    out.u32(at + 8, table.firstFinal);
    out.u32(at + 12, table.classCount);
    out.append(table.classes);
    const entries = out.reserve(table.next.length * 2);
    table.next.forEach((state, index) => {
      out.u8(entries + index * 2, state & 0xff);
      out.u8(entries + index * 2 + 1, state >> 8);
    });
    following = at;
  }
  return following;
}
