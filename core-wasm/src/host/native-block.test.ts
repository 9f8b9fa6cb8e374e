// Native blocks against the real ClickHouse (chdb): every type is inserted from a file and read back.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clickHouseType } from "../language/clickhouse-type.ts";
import { encodeEvent } from "../language/encode-event.ts";
import type { Fields } from "../language/field.ts";
import { type Model, model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { Core } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

interface ChdbSession {
  query(sql: string, format?: string): string;
  cleanup(): void;
}
const { Session } = createRequire(import.meta.url)("chdb") as { Session: new (path: string) => ChdbSession };

const utf8 = new TextEncoder();
let core: Core;
let session: ChdbSession;
let folder: string;
let tables = 0;

beforeAll(async () => {
  core = await createCore();
  folder = mkdtempSync(join(tmpdir(), "moose-native-"));
  session = new Session(join(folder, "data"));
  session.query("CREATE DATABASE IF NOT EXISTS t ENGINE = Atomic");
});
afterAll(() => {
  session.cleanup();
  rmSync(folder, { recursive: true, force: true });
});

/** Encodes rows, inserts the block and returns the table as it is read back, in the order of `_offset`. */
function roundTrip(
  of: Model,
  batches: readonly (readonly string[])[],
  origin = { partition: 7, receivedAtMs: 1_700_000_000_123 },
) {
  const spec = modelSpec(of);
  const encoder = core.load(spec).encoder();
  let baseOffset = 1000;
  for (const rows of batches) {
    baseOffset += encoder.feed(utf8.encode(rows.join("\n")), { ...origin, baseOffset });
  }
  const file = join(folder, `${++tables}.native`);
  writeFileSync(file, encoder.finish());
  const table = `t.r${tables}`;
  const columns = spec.fields.map((field) => `\`${field.name}\` ${clickHouseType(field)}`);
  const own = ["_partition UInt32", "_offset UInt64", "_received_at DateTime64(3, 'UTC')"];
  session.query(
    `CREATE TABLE ${table} (${[...columns, ...own].join(", ")}) ENGINE = MergeTree ORDER BY _offset SETTINGS allow_suspicious_low_cardinality_types = 1`,
  );
  session.query(`INSERT INTO ${table} FROM INFILE '${file}' FORMAT Native`);
  const text = session.query(
    `SELECT * FROM ${table} ORDER BY _offset SETTINGS output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 1`,
    "JSONEachRow",
  );
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const values = (of: Model<Fields>, field: string, given: readonly unknown[]): unknown[] =>
  roundTrip(of, [given.map((value) => encodeEvent({ [field]: value }))]).map((row) => row[field]);

describe("values come back as they were sent", () => {
  const words = [
    "",
    "a",
    "ORD",
    'quote " and \\ and / \n \t \u0001',
    "grüße, 世界 🛫",
    "x".repeat(15),
    "y".repeat(16),
    "z".repeat(17),
    "w".repeat(300),
    "v".repeat(70_000),
  ];
  test("string", () => {
    expect(values(model("S", { v: t.string() }), "v", words)).toEqual(words);
  });
  test("string with every kind of escape", () => {
    const rows = roundTrip(model("E", { v: t.string() }), [
      ['{"v":"\\u00e9\\ud83d\\ude80\\/\\b\\f\\n\\r\\t\\"\\\\\\u20ac\\u0041\\u0000"}', '{"\\u0076":"x"}'],
    ]);
    expect(rows.map((row) => row.v)).toEqual(['é🚀/\b\f\n\r\t"\\€A\0', "x"]);
  });
  test("optional string", () => {
    expect(values(model("O", { v: t.string().optional() }), "v", ["a", null, undefined, "", "b"])).toEqual([
      "a",
      null,
      null,
      "",
      "b",
    ]);
  });
  test("LowCardinality(String), one byte, two bytes and four bytes an index", () => {
    const of = model("L", { v: t.string().lowCardinality() });
    expect(values(of, "v", words)).toEqual(words);
    for (const distinct of [255, 256, 300, 70_000]) {
      const many = Array.from({ length: distinct * 2 }, (_, i) => `k${i % distinct}`);
      expect(values(of, "v", many)).toEqual(many);
    }
  });
  test("LowCardinality(Nullable(String))", () => {
    const given = ["a", null, "", "a", undefined, "b", ...words];
    expect(values(model("N", { v: t.string().lowCardinality().optional() }), "v", given)).toEqual(
      given.map((value) => value ?? null),
    );
  });
  test("boolean", () => {
    expect(values(model("B", { v: t.boolean().optional() }), "v", [true, false, null, true])).toEqual([
      true,
      false,
      null,
      true,
    ]);
  });
  test("integers at their limits", () => {
    expect(values(model("I8", { v: t.int8() }), "v", [-128, 0, 127])).toEqual([-128, 0, 127]);
    expect(values(model("I16", { v: t.int16() }), "v", [-32768, 32767])).toEqual([-32768, 32767]);
    expect(values(model("I32", { v: t.int32().optional() }), "v", [-2147483648, null, 2147483647])).toEqual([
      -2147483648,
      null,
      2147483647,
    ]);
    expect(values(model("U8", { v: t.uint8() }), "v", [0, 255])).toEqual([0, 255]);
    expect(values(model("U16", { v: t.uint16() }), "v", [0, 65535])).toEqual([0, 65535]);
    expect(values(model("U32", { v: t.uint32() }), "v", [0, 4294967295])).toEqual([0, 4294967295]);
    const i64 = [-9223372036854775808n, 0n, 9007199254740993n, 9223372036854775807n];
    expect(values(model("I64", { v: t.int64() }), "v", i64)).toEqual(i64.map(String));
    expect(values(model("U64", { v: t.uint64() }), "v", [0n, 18446744073709551615n])).toEqual([
      "0",
      "18446744073709551615",
    ]);
    const rows = roundTrip(model("D", { v: t.uint64() }), [
      ['{"v":18446744073709551615}', '{"v":1e2}', '{"v":100.0}', '{"v":1844674407370955161.5e1}', '{"v":-0}'],
    ]);
    expect(rows.map((row) => row.v)).toEqual(["18446744073709551615", "100", "100", "18446744073709551615", "0"]);
  });
  test("floats", () => {
    const given = [0, -0, 1.5, 0.1, 1e22, 1e23, 5e-324, 1.7976931348623157e308, -123456.789, 2 ** 53 + 2];
    expect(values(model("F64", { v: t.float64() }), "v", given)).toEqual(given);
    const single = [0, 1.5, -2.25, 1e-45, 3.4028234663852886e38].map(Math.fround);
    expect(
      values(model("F32", { v: t.float32().optional() }), "v", [...single, null]).map((v) =>
        v === null ? null : Math.fround(v as number),
      ),
    ).toEqual([...single, null]);
  });
  test("uuid", () => {
    const given = ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "FFFFFFFF-0000-4000-8000-0123456789aB"];
    expect(values(model("U", { v: t.uuid() }), "v", given)).toEqual(given.map((v) => v.toLowerCase()));
  });
  test("dates and times", () => {
    expect(values(model("Da", { v: t.date() }), "v", ["1900-01-01", "1969-12-31", "2024-02-29", "2299-12-31"])).toEqual(
      ["1900-01-01", "1969-12-31", "2024-02-29", "2299-12-31"],
    );
    expect(values(model("Db", { v: t.date16() }), "v", ["1970-01-01", "2149-06-06"])).toEqual([
      "1970-01-01",
      "2149-06-06",
    ]);
    expect(
      values(model("Dc", { v: t.dateTime() }), "v", [
        "1970-01-01T00:00:00Z",
        "2001-01-01 10:20:30",
        "2001-01-01T10:20:30+02:00",
        "2106-02-07t06:28:15.000z",
      ]),
    ).toEqual(["1970-01-01 00:00:00", "2001-01-01 10:20:30", "2001-01-01 08:20:30", "2106-02-07 06:28:15"]);
    expect(
      values(model("Dd", { v: t.dateTime64(3) }), "v", [
        new Date(978_307_200_123),
        "1900-01-01 00:00:00",
        "1969-12-31 23:59:59.999",
        "2299-12-31 23:59:59.999",
      ]),
    ).toEqual([
      "2001-01-01 00:00:00.123",
      "1900-01-01 00:00:00.000",
      "1969-12-31 23:59:59.999",
      "2299-12-31 23:59:59.999",
    ]);
    expect(
      values(model("De", { v: t.dateTime64(9) }), "v", [
        "2001-01-01 00:00:00.123456789",
        "2262-04-11 23:47:16.854775807",
      ]),
    ).toEqual(["2001-01-01 00:00:00.123456789", "2262-04-11 23:47:16.854775807"]);
    expect(values(model("Df", { v: t.dateTime64(3).epoch("us") }), "v", [978_307_200_123_000, -1000])).toEqual([
      "2001-01-01 00:00:00.123",
      "1969-12-31 23:59:59.999",
    ]);
    expect(values(model("Dg", { v: t.dateTime64(6).epoch("s").optional() }), "v", [978_307_200, null])).toEqual([
      "2001-01-01 00:00:00.000000",
      null,
    ]);
    expect(values(model("Dh", { v: t.dateTime64(3, "Europe/Berlin") }), "v", ["2001-01-01T00:00:00Z"])).toEqual([
      "2001-01-01 01:00:00.000",
    ]);
  });
  test("enums, negative and large numbers, awkward names", () => {
    expect(values(model("E8", { v: t.enum(["a", "b'\\", "ü"]).optional() }), "v", ["a", "b'\\", null, "ü"])).toEqual([
      "a",
      "b'\\",
      null,
      "ü",
    ]);
    expect(
      values(model("E16", { v: t.enum({ low: -300, mid: 0, high: 32767 }) }), "v", ["high", "low", "mid"]),
    ).toEqual(["high", "low", "mid"]);
  });
  test("arrays, nested, with nulls, absent", () => {
    const of = model("A", { v: t.array(t.string()).optional() });
    expect(values(of, "v", [["a", ""], [], null, undefined, words])).toEqual([["a", ""], [], [], [], words]);
    expect(values(model("An", { v: t.array(t.int16().optional()) }), "v", [[1, null, -3], [], [null]])).toEqual([
      [1, null, -3],
      [],
      [null],
    ]);
    expect(
      values(model("Aa", { v: t.array(t.array(t.uuid())) }), "v", [[[], ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]], []]),
    ).toEqual([[[], ["3f2504e0-4f89-41d3-9a0c-0305e82c3301"]], []]);
    expect(values(model("Af", { v: t.array(t.float32()) }), "v", [[1.5], [2.5, 3.5]])).toEqual([[1.5], [2.5, 3.5]]);
    expect(
      values(model("Ad", { v: t.array(t.dateTime64(3).optional()) }), "v", [["2001-01-01 00:00:00.5", null]]),
    ).toEqual([["2001-01-01 00:00:00.500", null]]);
  });
  test("defaults", () => {
    const of = model("Def", {
      a: t.string().default("none"),
      b: t.int64().default(-5n),
      c: t.array(t.int8()).default([1, 2]),
      d: t.string().lowCardinality().default('é"'),
      e: t.dateTime().default(new Date(0)),
    });
    expect(roundTrip(of, [["{}", '{"a":"x","b":"7"}']])).toMatchObject([
      { a: "none", b: "-5", c: [1, 2], d: 'é"', e: "1970-01-01 00:00:00" },
      { a: "x", b: "7", c: [1, 2] },
    ]);
  });
});

test("origin columns count on over several feeds, and a refused feed leaves no trace", () => {
  const of = model("Origin", {
    v: t.string().lowCardinality(),
    w: t.array(t.string().optional()),
    x: t.string().optional(),
  });
  const spec = modelSpec(of);
  const loaded = core.load(spec);
  const [clean, dirty] = [loaded.encoder(), loaded.encoder()];
  const first = utf8.encode('{"v":"a","w":["x",null],"x":"k"}{"v":"b","w":[]}');
  const second = utf8.encode('{"v":"c","w":[null]} {"v":"a","w":["é"],"x":null}');
  const bad = utf8.encode('{"v":"new","w":["q",null],"x":"1"}\n{"v":"newer","w":[1]}');
  for (const encoder of [clean, dirty]) {
    encoder.feed(first, { partition: 1, baseOffset: 10, receivedAtMs: 5 });
    if (encoder === dirty) {
      const bytes = encoder.bytes;
      expect(() => encoder.feed(bad, { partition: 1, baseOffset: 12, receivedAtMs: 5 })).toThrow("row 1");
      expect(() =>
        encoder.feed(utf8.encode('{"v":"new","w":["q"'), { partition: 1, baseOffset: 12, receivedAtMs: 5 }),
      ).toThrow("breaks at byte 19");
      expect(encoder.bytes).toBe(bytes);
    }
    encoder.feed(second, { partition: 2, baseOffset: 90, receivedAtMs: 6 });
  }
  expect(dirty.rows).toBe(4);
  const block = clean.finish();
  expect(Buffer.compare(dirty.finish(), block)).toBe(0);
  expect(clean.rows).toBe(0);
  expect(roundTrip(of, [[new TextDecoder().decode(first)], [new TextDecoder().decode(second)]])).toMatchObject([
    { v: "a", w: ["x", null], x: "k", _partition: 7, _offset: "1000", _received_at: "2023-11-14 22:13:20.123" },
    { v: "b", w: [], x: null, _offset: "1001" },
    { v: "c", w: [null], x: null, _offset: "1002" },
    { v: "a", w: ["é"], x: null, _offset: "1003" },
  ]);
});
