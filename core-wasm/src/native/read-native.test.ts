// The Native reader against blocks of the real ClickHouse (chdb), and against hostile bytes.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NativeError } from "./native-error.ts";
import { parseExactJson } from "./parse-exact-json.ts";
import { readNativeBlocks } from "./read-native.ts";

interface ChdbSession {
  query(sql: string, format?: string): string;
  cleanup(): void;
}
const { Session } = createRequire(import.meta.url)("chdb") as { Session: new (path: string) => ChdbSession };

let session: ChdbSession;
let folder: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "moose-reader-"));
  session = new Session(join(folder, "data"));
});
afterAll(() => {
  session.cleanup();
  rmSync(folder, { recursive: true, force: true });
});

const settings = [
  "output_format_native_write_json_as_string = 1",
  "allow_suspicious_low_cardinality_types = 1",
  "session_timezone = 'UTC'",
];

/** The bytes of a query's answer in FORMAT Native. */
function native(sql: string, more: readonly string[] = []): Uint8Array {
  const file = join(folder, `${++files}.native`);
  session.query(`${sql} INTO OUTFILE '${file}' FORMAT Native SETTINGS ${[...settings, ...more].join(", ")}`);
  return readFileSync(file);
}

/** Values of expressions that are cast to a type, a row each. */
function cast(type: string, expressions: readonly string[]): unknown[] {
  const rows = expressions.map(
    (expression, row) => `SELECT ${row} AS at, CAST(${expression}, '${type.replaceAll("'", "''")}') AS v`,
  );
  const blocks = readNativeBlocks(native(`SELECT v FROM (${rows.join(" UNION ALL ")}) ORDER BY at`));
  return blocks.flatMap((block) => block.rows()).map((row) => row.v);
}

const power = (bits: bigint): bigint => 2n ** bits;

describe("every type, as ClickHouse writes it", () => {
  test.each<[type: string, expressions: string[], expected: unknown[]]>([
    ["Bool", ["true", "false"], [true, false]],
    ["Int8", ["-128", "127"], [-128, 127]],
    ["Int16", ["-32768", "32767"], [-32768, 32767]],
    ["Int32", ["-2147483648", "2147483647"], [-2147483648, 2147483647]],
    ["Int64", ["'-9223372036854775808'", "'9223372036854775807'", "0"], [-power(63n), power(63n) - 1n, 0n]],
    ["Int128", [`'${-power(127n)}'`, `'${power(127n) - 1n}'`, "'-1'"], [-power(127n), power(127n) - 1n, -1n]],
    ["Int256", [`'${-power(255n)}'`, `'${power(255n) - 1n}'`, "'-1'"], [-power(255n), power(255n) - 1n, -1n]],
    ["UInt8", ["0", "255"], [0, 255]],
    ["UInt16", ["65535"], [65535]],
    ["UInt32", ["4294967295"], [4294967295]],
    ["UInt64", ["'18446744073709551615'", "0"], [power(64n) - 1n, 0n]],
    ["UInt128", [`'${power(128n) - 1n}'`], [power(128n) - 1n]],
    ["UInt256", [`'${power(256n) - 1n}'`], [power(256n) - 1n]],
    ["Float32", ["1.5", "'inf'", "'3.4028235e38'"], [1.5, Number.POSITIVE_INFINITY, Math.fround(3.4028235e38)]],
    ["Float64", ["5e-324", "1.7976931348623157e308", "'nan'", "-0."], [5e-324, Number.MAX_VALUE, Number.NaN, -0]],
    ["BFloat16", ["1.5", "-2"], [1.5, -2]],
    ["Decimal(9, 4)", ["'-99999.9999'", "'0.5'", "0", "12"], ["-99999.9999", "0.5", "0", "12"]],
    [
      "Decimal(18, 18)",
      ["'0.000000000000000001'", "'-0.999999999999999999'"],
      ["0.000000000000000001", "-0.999999999999999999"],
    ],
    ["Decimal(38, 10)", [`'-${"9".repeat(28)}.${"9".repeat(10)}'`], [`-${"9".repeat(28)}.${"9".repeat(10)}`]],
    ["Decimal(76, 0)", [`'${"9".repeat(76)}'`, `'-${"9".repeat(76)}'`], ["9".repeat(76), `-${"9".repeat(76)}`]],
    ["Date", ["'1970-01-01'", "'2149-06-06'"], ["1970-01-01", "2149-06-06"]],
    ["Date32", ["'1900-01-01'", "'1969-12-31'", "'2299-12-31'"], ["1900-01-01", "1969-12-31", "2299-12-31"]],
    ["DateTime", ["0", "4294967295"], ["1970-01-01 00:00:00", "2106-02-07 06:28:15"]],
    // Without a client revision ClickHouse leaves the zone of DateTime out: UTC.
    ["DateTime('Europe/Berlin')", ["1700000000"], ["2023-11-14 22:13:20"]],
    ["DateTime64(0, 'UTC')", ["'1900-01-01 00:00:00'"], ["1900-01-01 00:00:00"]],
    [
      "DateTime64(3, 'UTC')",
      ["'1969-12-31 23:59:59.999'", "'2299-12-31 23:59:59.999'"],
      ["1969-12-31 23:59:59.999", "2299-12-31 23:59:59.999"],
    ],
    ["DateTime64(6, 'Asia/Kathmandu')", ["'2001-01-31 12:00:00.5'"], ["2001-01-31 12:00:00.500000"]],
    ["DateTime64(9, 'UTC')", ["'2262-04-11 23:47:16.854775807'"], ["2262-04-11 23:47:16.854775807"]],
    [
      "String",
      ["''", "'grüße, 世界 🛫'", "repeat('x', 100000)", "'\\0\\n'"],
      ["", "grüße, 世界 🛫", "x".repeat(100_000), "\0\n"],
    ],
    ["FixedString(5)", ["'abc'", "'abcde'", "''"], ["abc", "abcde", ""]],
    ["Enum8('a' = -128, 'it''s \\\\ ü' = 127)", ["'a'", "'it''s \\\\ ü'"], ["a", "it's \\ ü"]],
    // Under NULL stands 0, which is no number of the enum.
    ["Nullable(Enum8('a' = 1))", ["NULL", "'a'"], [null, "a"]],
    ["Enum16('low' = -32768, 'high' = 32767)", ["'low'", "'high'"], ["low", "high"]],
    [
      "UUID",
      ["'3f2504e0-4f89-41d3-9a0c-0305e82c3301'", "'00000000-0000-0000-0000-000000000001'"],
      ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "00000000-0000-0000-0000-000000000001"],
    ],
    ["IPv4", ["'0.0.0.0'", "'255.1.2.3'"], ["0.0.0.0", "255.1.2.3"]],
    ["Nullable(Int64)", ["NULL", "5", "NULL"], [null, 5n, null]],
    ["Nullable(String)", ["'a'", "NULL", "''"], ["a", null, ""]],
    ["Nullable(Nothing)", ["NULL"], [null]],
    ["LowCardinality(String)", ["'a'", "''", "'b'", "'a'"], ["a", "", "b", "a"]],
    ["LowCardinality(Nullable(String))", ["'a'", "NULL", "''", "'a'"], ["a", null, "", "a"]],
    ["LowCardinality(UInt64)", ["5", "0", "5"], [5n, 0n, 5n]],
    ["LowCardinality(FixedString(2))", ["'a'", "'bc'"], ["a", "bc"]],
    ["Array(Int8)", ["[]", "[1, -1]"], [[], [1, -1]]],
    ["Array(Array(Nullable(String)))", ["[]", "[[], ['a', NULL]]"], [[], [[], ["a", null]]]],
    ["Array(LowCardinality(Nullable(String)))", ["[]", "['a', NULL, 'a']", "[]"], [[], ["a", null, "a"], []]],
    ["Array(LowCardinality(String))", ["[]", "[]"], [[], []]],
    [
      "Map(String, Int64)",
      ["map()", "map('a', 1, '__proto__', 2)"],
      [
        {},
        Object.fromEntries([
          ["a", 1n],
          ["__proto__", 2n],
        ]),
      ],
    ],
    ["Map(UInt8, Array(LowCardinality(String)))", ["map(1, ['x', 'x'], 2, [])"], [{ 1: ["x", "x"], 2: [] }]],
    [
      "Tuple(a Int8, b Tuple(c String, d Nullable(Date)))",
      ["(1, ('x', NULL))", "(2, ('', '2001-01-31'))"],
      [
        { a: 1, b: { c: "x", d: null } },
        { a: 2, b: { c: "", d: "2001-01-31" } },
      ],
    ],
    ["Tuple(`odd name` Int8, `b``c` LowCardinality(String))", ["(1, 'x')"], [{ "odd name": 1, "b`c": "x" }]],
    ["Tuple(Int8, String)", ["(1, 'x')"], [[1, "x"]]],
    [
      "Array(Tuple(a Int8, b LowCardinality(String)))",
      ["[]", "[(1, 'x'), (2, 'x')]"],
      [
        [],
        [
          { a: 1, b: "x" },
          { a: 2, b: "x" },
        ],
      ],
    ],
    ["Nested(a Int8, b String)", ["[(1, 'x')]"], [[{ a: 1, b: "x" }]]],
    ["Point", ["(1.5, -2)"], [[1.5, -2]]],
    [
      "Ring",
      ["[(0, 0), (1, 1)]"],
      [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    ],
    [
      "LineString",
      ["[(0, 0), (1, 1)]"],
      [
        [
          [0, 0],
          [1, 1],
        ],
      ],
    ],
    [
      "Polygon",
      ["[[(0, 0), (1, 1)], []]"],
      [
        [
          [
            [0, 0],
            [1, 1],
          ],
          [],
        ],
      ],
    ],
    ["MultiPolygon", ["[[[(0, 0)]], []]"], [[[[[0, 0]]], []]]],
    ["SimpleAggregateFunction(sum, UInt64)", ["'18446744073709551615'"], [power(64n) - 1n]],
    ["SimpleAggregateFunction(groupArrayArray, Array(String))", ["['a']"], [["a"]]],
    [
      "JSON",
      ['\'{"a":{"b":[1,null,"x"]},"n":9007199254740993}\'', "'{}'"],
      [{ a: { b: [1, null, "x"] }, n: 9007199254740993n }, {}],
    ],
    ["JSON(max_dynamic_paths = 2, a.b UInt32, SKIP c)", ['\'{"a":{"b":1},"c":2,"d":"e"}\''], [{ a: { b: 1 }, d: "e" }]],
  ])("%s", (type, expressions, expected) => {
    expect(cast(type, expressions)).toEqual(expected);
  });

  test("IPv6 in every shape of zeros, as ClickHouse prints it", () => {
    const sql = `SELECT toIPv6(v) AS a, toString(toIPv6(v)) AS b FROM (SELECT arrayJoin(['::', '::1', '1::', '::1.2.3.4', '::ffff:1.2.3.4',
      '::ffff:0:0', '::1:0:0', '1:0:0:2::3', '1:2:3:4:5:6:7:8', '1:0:3:4:5:6:7:8', '2001:db8::ff00:42:8329', 'fe80::', '0:0:1::']) AS v)`;
    const rows = readNativeBlocks(native(sql)).flatMap((block) => block.rows());
    expect(rows).toHaveLength(13);
    for (const row of rows) expect(row.a).toBe(row.b);
  });

  test("times of many zones and years, as ClickHouse prints them", () => {
    for (const zone of [
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kolkata",
      "Africa/Casablanca",
      "America/St_Johns",
    ]) {
      const sql = `SELECT toDateTime64(number * 86399 * 211, 3, '${zone}') AS a, toString(a) AS b FROM numbers(200)`;
      for (const row of readNativeBlocks(native(sql)).flatMap((block) => block.rows())) expect(row.a, zone).toBe(row.b);
    }
  });

  test("several blocks, blocks without rows, wide dictionaries", () => {
    const sql = "SELECT number AS n, toLowCardinality(toString(number % 70000)) AS s FROM numbers(150000)";
    const blocks = readNativeBlocks(native(sql, ["max_block_size = 30000", "max_threads = 1"]));
    expect(blocks.length).toBeGreaterThan(1);
    const rows = blocks.flatMap((block) => block.rows());
    expect(rows).toHaveLength(150_000);
    for (const [at, row] of rows.entries())
      if (row.n !== BigInt(at) || row.s !== `${at % 70_000}`) throw new Error(`row ${at}`);
    const empty = readNativeBlocks(native("SELECT toLowCardinality('') AS s, [1] AS a WHERE 0"));
    expect(empty.flatMap((block) => block.rows())).toEqual([]);
    expect(readNativeBlocks(new Uint8Array(0))).toEqual([]);
  });
});

describe("hostile bytes", () => {
  const wide = (): Uint8Array =>
    native(`SELECT toInt128(number) AS a, toString(number) AS b, toLowCardinality(toNullable(toString(number))) AS c, [[number], []] AS d,
      map('k', number) AS e, CAST((number, 'x'), 'Tuple(p UInt8, q String)') AS f, CAST('{"a":1}', 'JSON') AS g, toDecimal32(number, 2) AS h,
      CAST('a', 'Enum8(\\'a\\' = 1)') AS i, toDateTime64(number, 3, 'Asia/Tokyo') AS j FROM numbers(3)`);
  /** Either blocks or a NativeError. */
  const read = (bytes: Uint8Array): boolean => {
    try {
      readNativeBlocks(bytes);
      return true;
    } catch (error) {
      if (!(error instanceof NativeError)) throw error;
      return false;
    }
  };

  test("cut at every byte: an error, but for nothing at all", () => {
    const bytes = wide();
    expect(read(bytes)).toBe(true);
    for (let end = 1; end < bytes.length; end++) expect(read(bytes.subarray(0, end)), `${end}`).toBe(false);
  });

  test("a byte changed, or anything: an answer or an error, soon", () => {
    const bytes = wide();
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        read(changed);
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => void read(random)),
      { numRuns: 3000 },
    );
  });

  test("sizes that promise more than there is allocate nothing", () => {
    const varint = (value: number): number[] =>
      value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
    const header = (rows: number, type: string): number[] => [
      1,
      ...varint(rows),
      1,
      97,
      type.length,
      ...new TextEncoder().encode(type),
    ];
    for (const type of [
      "Int8",
      "String",
      "Array(Int8)",
      "LowCardinality(String)",
      "Nullable(Int8)",
      "Map(Int8, Int8)",
      "Tuple()",
      "Nothing",
    ]) {
      expect(
        () => readNativeBlocks(Uint8Array.from([...header(2 ** 45, type), ...new Array(32).fill(1)])),
        type,
      ).toThrow(NativeError);
    }
    expect(() =>
      readNativeBlocks(Uint8Array.from([...header(1, "Array(Int8)"), ...new Array(6).fill(255), 0, 0, 1])),
    ).toThrow("ends too early");
    expect(() => readNativeBlocks(Uint8Array.from([0, 5]))).toThrow("5 rows and no columns");
    expect(() => readNativeBlocks(new Uint8Array(20).fill(255))).toThrow("a length is above 2^53");
    expect(() => readNativeBlocks(Uint8Array.from(header(1, "Array(".repeat(20))))).toThrow(
      'column "a" has type "Array(',
    );
    expect(() => readNativeBlocks(native("SELECT sumState(1) AS s"))).toThrow(
      "which is not read: convert it in the query",
    );
    const structured = native("SELECT CAST('{\"a\":1}', 'JSON') AS s", [
      "output_format_native_write_json_as_string = 0",
    ]);
    expect(() => readNativeBlocks(structured)).toThrow("query with output_format_native_write_json_as_string = 1");
  });
});

test("JSON keeps integers that a double cannot hold", () => {
  expect(
    parseExactJson(
      '{"a":18446744073709551615,"b":"18446744073709551615","c":[-9007199254740993,1.5e300,"#"],"d":0.1234567890123456}',
    ),
  ).toEqual({
    a: 18446744073709551615n,
    b: "18446744073709551615",
    c: [-9007199254740993n, 1.5e300, "#"],
    d: 0.1234567890123456,
  });
  expect(() => parseExactJson('{"a":12345678901234567890')).toThrow(SyntaxError);
});
