// Record batches as JSON arrays: every event once, in order, whatever white space or newlines it holds.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventParts } from "./events-text.ts";

function batchOf(rows: readonly string[], baseOffset = 0) {
  const encoded = rows.map((row) => Buffer.from(`${row}\n`, "utf8"));
  const ends = new Uint32Array(rows.length);
  let end = 0;
  for (const [index, row] of encoded.entries()) {
    ends[index] = end + row.length - 1;
    end += row.length;
  }
  return {
    stream: "s",
    partition: 0,
    baseOffset,
    schemaId: "x",
    receivedAtMs: 0,
    bytes: new Uint8Array(Buffer.concat(encoded)),
    ends,
  };
}

describe("eventParts", () => {
  test("holds every event once and in order, for any cut", () => {
    const row = fc.oneof(
      fc.record({ text: fc.string({ unit: "grapheme" }), n: fc.integer() }).map((value) => JSON.stringify(value)),
      // Rows of a pretty-printed array keep their newlines.
      fc.integer().map((n) => `{\n  "n": ${n}\n}`),
    );
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.nat(19),
        fc.integer({ min: 1, max: 200 }),
        (rows, skip, maxBytes) => {
          const fromRow = Math.min(skip, rows.length - 1);
          const batch = batchOf(rows, 100);
          const before = batch.bytes.slice();
          const parts = [...eventParts(batch, fromRow, maxBytes)];
          expect(parts.flatMap((part) => JSON.parse(part.rows))).toEqual(
            rows.slice(fromRow).map((text) => JSON.parse(text)),
          );
          expect(parts.at(-1)!.endOffset).toBe(100 + rows.length);
          let offset = 100 + fromRow;
          for (const part of parts) {
            offset += (JSON.parse(part.rows) as unknown[]).length;
            expect(part.endOffset).toBe(offset);
          }
          // The log's bytes are not ours to change.
          expect(batch.bytes).toEqual(before);
        },
      ),
    );
  });
});
