// Batches: they hold the rows that were given, whole and in order, cut within the limit, under keys that sort by time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfRowsWithin, eventIds, type IdRanges, joinChunks, rowTexts, splitBatch } from "./batch.ts";
import { BatchBuilder } from "./batch-builder.ts";
import { uuidV7 } from "./batch-key.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);
const chunkOf = (rows: readonly string[], firstId: number) => ({
  key: firstId + 1,
  model: "Flight",
  version: "1.0",
  body: bytes(rows.map((row) => `${row}\n`).join("")),
  events: rows.length,
  producer: "0123456789abcdef",
  firstId,
});
const batchOf = (rows: readonly string[]) => joinChunks([chunkOf(rows, 40)], "first", 1);
/** Every number of the ranges. */
const numbers = (ids: IdRanges) =>
  ids.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n));
const rowsArbitrary = fc.array(
  fc.string({ unit: "grapheme" }).map((row) => JSON.stringify(row)),
  { minLength: 1, maxLength: 30 },
);

describe("splitBatch", () => {
  it("loses no row, keeps their order, and stays within the limit", () => {
    fc.assert(
      fc.property(rowsArbitrary, fc.nat(400), (rows, maxBytes) => {
        const batch = batchOf(rows);
        let keys = 0;
        const parts = splitBatch(batch, maxBytes, () => `key-${keys++}`);
        if (!parts) {
          const first = bytes(`${rows[0]}\n`).length;
          expect(batch.body.length <= maxBytes || first > maxBytes).toBe(true);
          return;
        }
        const [head, tail] = parts;
        expect(text(head.body) + text(tail.body)).toBe(text(batch.body));
        expect(head.body.length).toBeLessThanOrEqual(maxBytes);
        expect(head.events).toBe(text(head.body).split("\n").length - 1);
        expect(head.events + tail.events).toBe(rows.length);
        expect(new Set([head.key, tail.key, batch.key]).size).toBe(3);
        // The chunks leave with the last part.
        expect(batch.origin).toMatchObject({ openParts: 2 });
        expect([head.origin, tail.origin]).toEqual([batch.origin, batch.origin]);
      }),
    );
  });

  it("leaves every event its number, however the numbers are spread", () => {
    const spread = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(spread, fc.nat(120), (pieces, maxBytes) => {
        let next = 0;
        const chunks = pieces.map(([events, gap]) => {
          const firstId = next + gap;
          next = firstId + events;
          return chunkOf(
            Array.from({ length: events }, (_, n) => String(firstId + n)),
            firstId,
          );
        });
        const batch = joinChunks(chunks, "key", 0);
        const named = numbers(batch.ids);
        expect(text(batch.body)).toBe(named.map((n) => `${n}\n`).join(""));
        const parts = splitBatch(batch, maxBytes, () => "other") ?? [];
        if (parts.length > 0) expect(parts.flatMap(({ ids }) => numbers(ids))).toEqual(named);
        for (const part of parts)
          expect(text(part.body)).toBe(
            numbers(part.ids)
              .map((n) => `${n}\n`)
              .join(""),
          );
      }),
    );
  });

  it("does not cut inside a row", () => {
    expect(endOfRowsWithin(bytes("aaaa\nbb\n"), 7)).toBe(5);
    expect(endOfRowsWithin(bytes("aaaa\nbb\n"), 4)).toBe(0);
    expect(endOfRowsWithin(bytes("aaaa\n"), 0)).toBe(0);
  });
});

it("names its events as the server reads them", () => {
  expect(eventIds(batchOf(["1"]))).toBe("0123456789abcdef;40");
  expect(eventIds(batchOf(["1", "2", "3"]))).toBe("0123456789abcdef;40-42");
});

it("finds the text of single rows", () => {
  expect(rowTexts(bytes('{"a":1}\n{"b":"é"}\n{"c":3}\n'), new Set([1, 2]))).toEqual(
    new Map([
      [1, '{"b":"é"}'],
      [2, '{"c":3}'],
    ]),
  );
});

describe("BatchBuilder", () => {
  it("writes what was given, whatever the characters and sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 3000 }), { maxLength: 20 }), (texts) => {
        const builder = new BatchBuilder();
        for (const each of texts) {
          expect(text(builder.write(each))).toBe(text(bytes(each)));
          builder.keep(1);
        }
        const { body, events } = builder.take();
        expect(events).toBe(texts.length);
        expect(body).toEqual(bytes(texts.map((each) => `${each}\n`).join("")));
        expect(builder.bytes).toBe(0);
      }),
    );
  });

  it("takes back what is not kept", () => {
    const builder = new BatchBuilder();
    builder.write("good");
    builder.keep(1);
    const before = builder.bytes;
    builder.write("bad");
    builder.undo(before);
    expect(text(builder.take().body)).toBe("good\n");
  });
});

it("makes UUIDv7 keys that hold their time and sort by it", () => {
  const key = uuidV7(0x0123456789ab, new Uint8Array(10).fill(0xff));
  expect(key).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
  expect(uuidV7(1000) < uuidV7(2000)).toBe(true);
  expect(new Set(Array.from({ length: 100 }, () => uuidV7(1))).size).toBe(100);
});
