// What is written as a record batch is read back as it was: keys, values, headers, ids, sizes at the borders of their varints.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewRecords, RecordBatch } from "../../model/record-batch.ts";
import { NO_KEY } from "../../model/record-batch.ts";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import { BatchCollector } from "./collect-batches.ts";
import { crc32c } from "./crc32c.ts";
import { RecordSetBuilder } from "./record-set-builder.ts";
import { openRecordSet, RecordCursor } from "./record-set-cursor.ts";

const EVERYTHING = { maxBytes: Number.MAX_SAFE_INTEGER, maxRecords: Number.MAX_SAFE_INTEGER };
const SEAL = { producerId: 7n, producerEpoch: 3, baseSequence: 5, timestampMs: 1_700_000_000_000 };
const target = { stream: "Flight.1.0", partition: 0, foreignSchemaId: () => "newest" };

function written(appends: readonly NewRecords[], maxBytes = 1 << 26): { set: Buffer; count: number } {
  const builder = new RecordSetBuilder("Flight.1.0", maxBytes, 16);
  for (const records of appends) expect(builder.add(records, 0)).toBe(records.ends.length);
  return { set: Buffer.from(builder.seal(SEAL)), count: builder.count };
}

function collected(set: Buffer, from = 0): readonly RecordBatch[] {
  const collector = new BatchCollector(target, from, EVERYTHING);
  collector.add(openRecordSet(set, from));
  return collector.finish();
}

describe("the checksum", () => {
  it.each([
    ["", 0],
    ["123456789", 0xe3069283],
    ["a", 0xc1d04330],
  ])("of %j is the one of RFC 3720", (text, expected) => {
    const bytes = Buffer.from(`..${text}`);
    expect(crc32c(bytes, 2, bytes.length)).toBe(expected);
  });

  it("of 32 zeros is the one of RFC 3720", () => {
    expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
  });
});

describe("a record batch", () => {
  it("gives back any rows, with their origins and ids, from any offset on", () => {
    const append = fc.record({
      rows: fc.array(
        fc.string({ unit: "binary", maxLength: 300 }).map((text) => JSON.stringify({ text })),
        { minLength: 1, maxLength: 20 },
      ),
      schemaId: fc.constantFrom("a", "b"),
      receivedAtMs: fc.constantFrom(1, 2, 10_000),
      firstId: fc.option(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 100 })),
    });
    fc.assert(
      fc.property(fc.array(append, { minLength: 1, maxLength: 6 }), fc.nat(60), (appends, from) => {
        const records = appends.map(({ rows, schemaId, receivedAtMs, firstId }) => ({
          ...recordsOf(rows, schemaId, receivedAtMs),
          ...(firstId === null
            ? {}
            : {
                eventIds: { producer: "0123456789abcdef", sequences: Float64Array.from(rows, (_, i) => firstId + i) },
              }),
        }));
        const expected = appends.flatMap(({ rows, schemaId, firstId }) =>
          rows.map((row, i) => `${schemaId} ${firstId === null ? "-" : firstId + i} ${row}`),
        );
        const batches = collected(written(records).set, from);
        let next = from;
        const seen = batches.flatMap((batch) => {
          expect(batch.baseOffset).toBe(next);
          next += batch.ends.length;
          const ids = (batch.eventIds ?? []).flatMap(({ ranges }) =>
            ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
          );
          return rowsOf([batch]).map((row, i) => `${batch.schemaId} ${ids[i] ?? "-"} ${row}`);
        });
        expect(seen).toEqual(expected.slice(from));
      }),
    );
  });

  it.each([0, 1, 62, 63, 64, 127, 128, 8_000, 8_191, 8_192, 1_048_575, 1_048_576])(
    "holds a value of %i bytes",
    (length) => {
      const row = `"${"x".repeat(length)}"`;
      expect(rowsOf(collected(written([recordsOf([row, "{}"], "a", 1)]).set))).toEqual([row, "{}"]);
    },
  );

  it("says of itself what Kafka checks", () => {
    const { set } = written([recordsOf(["{}", "{}", "{}"], "a", 1)]);
    expect(set.readInt32BE(8)).toBe(set.length - 12);
    expect(set.readInt8(16)).toBe(2);
    expect(set.readUInt32BE(17)).toBe(crc32c(set, 21, set.length));
    expect(set.readInt32BE(23)).toBe(2);
    expect(set.readBigInt64BE(43)).toBe(7n);
    expect([set.readInt16BE(51), set.readInt32BE(53), set.readInt32BE(57)]).toEqual([3, 5, 3]);
  });

  it("takes rows while there is room, and one in any case", () => {
    const rows = Array.from({ length: 10 }, () => "x".repeat(1_000));
    const builder = new RecordSetBuilder("Flight.1.0", 3_500, 10);
    expect(builder.add(recordsOf(rows, "a", 1), 0)).toBe(3);
    expect(builder.bytes).toBeLessThanOrEqual(3_500);
    const small = new RecordSetBuilder("Flight.1.0", 10, 10);
    expect(small.add(recordsOf(rows, "a", 1), 4)).toBe(5);
  });

  it("has the text of a key, and null where there is none", () => {
    const rows = ['{"k":"plain"}', '{"k":"\\u00e4\\n"}', '{"k":17}', "{}"];
    const records = recordsOf(rows, "a", 1);
    const bounds = Uint32Array.from([5, 12, 19, 29, 36, 38, NO_KEY, NO_KEY]);
    const { set } = written([{ ...records, keys: { hashes: new Uint32Array(4), bounds } }]);
    const cursor = new RecordCursor(openRecordSet(set, 0).batches[0]!);
    const keys: (string | null)[] = [];
    while (cursor.next())
      keys.push(cursor.keyBegin < 0 ? null : cursor.bytes.toString("utf8", cursor.keyBegin, cursor.keyEnd));
    expect(keys).toEqual(["plain", "ä\n", "17", null]);
  });

  it("that is cut off is left for the next fetch", () => {
    const first = written([recordsOf(["{}"], "a", 1)]).set;
    const second = written([recordsOf(["[]", "[]"], "a", 1)]).set;
    second.writeBigInt64BE(1n, 0);
    for (let cut = first.length; cut < first.length + second.length; cut++) {
      const set = openRecordSet(Buffer.concat([first, second]).subarray(0, cut), 0);
      expect([set.batches.length, set.nextOffset]).toEqual([1, 1]);
    }
  });
});
