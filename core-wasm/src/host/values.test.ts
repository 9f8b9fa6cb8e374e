// Every type's verdict against the language's own check of values, which shares no code with the core, on random values near the edges.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { valueProblem } from "../language/check-value.ts";
import type { JsonValue, ModelSpec, TypeSpec } from "../language/model-spec.ts";
import { digest } from "../program/digest.ts";
import type { Core } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
let core: Core;
beforeAll(async () => {
  core = await createCore();
});

const specOf = (type: TypeSpec): ModelSpec => ({
  name: "M",
  version: "1.0",
  extra: "reject",
  fields: [{ name: "v", type }],
});

const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
const year = fc.oneof(
  fc.constantFrom(
    "1899",
    "1900",
    "1969",
    "1970",
    "2000",
    "2024",
    "2100",
    "2105",
    "2106",
    "2149",
    "2150",
    "2261",
    "2262",
    "2263",
    "2299",
    "2300",
    "0000",
    "9999",
  ),
  fc.integer({ min: 0, max: 9999 }).map((value) => String(value).padStart(4, "0")),
);
const day = fc.tuple(year, two(13), two(32)).map((parts) => parts.join("-"));
const clock = fc.tuple(two(24), two(60), two(60)).map((parts) => parts.join(":"));
const offset = fc.oneof(
  fc.constantFrom("Z", "z", "", "+00:00", "-00:00", "+23:59", "-24:00", "+1:00", "+0100", "ZZ"),
  fc.tuple(fc.constantFrom("+", "-"), two(24), two(60)).map(([sign, h, m]) => `${sign}${h}:${m}`),
);
const part = fc.constantFrom(
  "",
  ".",
  ".0",
  ".5",
  ".12",
  ".123",
  ".1230",
  ".1234",
  ".000000000",
  ".123456789",
  ".1234567891",
);
const time = fc.tuple(day, fc.constantFrom("T", "t", " ", "x", ""), clock, part, offset).map((parts) => parts.join(""));
const damaged = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.nat(), fc.constantFrom("", "0", "-", "x", "é")).map(([source, at, insert]) => {
    const place = at % (source.length + 1);
    return source.slice(0, place) + insert + source.slice(place + 1);
  });
const words = fc.oneof(
  fc.constantFrom("", "a", "b", "ab", "é", "🚀", "b🚀", "early", "late", "Early"),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const uuid = fc
  .uuid()
  .chain((text) =>
    fc.constantFrom(
      text,
      text.toUpperCase(),
      text.replace("-", ""),
      text.replaceAll("-", "_"),
      `${text}0`,
      text.slice(1),
    ),
  );
const integer = fc.oneof(
  fc.integer({ min: -140, max: 300 }),
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.maxSafeInteger(),
);
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.nat({ max: 12 }), fc.nat({ max: 4 }))
  .map(([whole, fraction, zeros]) => `${whole}.${fraction}${"0".repeat(zeros)}`);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  time,
  damaged(time),
  day,
  damaged(day),
  words,
  uuid,
  damaged(fc.uuid()),
  integer,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.bigInt({ min: -(2n ** 257n), max: 2n ** 257n }).map(String),
  decimal,
  damaged(decimal),
  fc.oneof(fc.ipV4(), fc.ipV6(), damaged(fc.ipV4()), damaged(fc.ipV6())),
  fc.array(fc.oneof(words, integer, fc.constant(null)), { maxLength: 4 }),
  fc.constantFrom({}, { v: 1 }, [[]]),
  fc
    .array(fc.oneof(fc.double(), fc.integer()), { minLength: 1, maxLength: 3 })
    .map((list) => list.filter(Number.isFinite)),
  fc.array(fc.array(fc.integer(), { minLength: 2, maxLength: 2 }), { maxLength: 3 }),
  fc.dictionary(words, fc.oneof(integer, fc.constant(null)), { maxKeys: 3 }),
  fc.dictionary(
    fc.integer({ min: -150, max: 150 }).map(String),
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
  ),
  fc.dictionary(day, uuid, { maxKeys: 2 }),
  fc.record(
    {
      a: fc.oneof(integer, fc.constant(null)),
      b: words,
      c: fc.array(fc.oneof({ weight: 9, arbitrary: fc.boolean() }, { weight: 1, arbitrary: words }), { maxLength: 3 }),
      d: words,
    },
    { requiredKeys: ["c"] },
  ),
);

const types: TypeSpec[] = [
  { kind: "string" },
  { kind: "string", min: 1, max: 2 },
  { kind: "boolean" },
  { kind: "int8" },
  { kind: "int16", min: -5, max: 200 },
  { kind: "int32" },
  { kind: "int64" },
  { kind: "int64", min: "-100", max: "100" },
  { kind: "uint8" },
  { kind: "uint16" },
  { kind: "uint32" },
  { kind: "uint64" },
  { kind: "uint64", min: "3" },
  { kind: "int128" },
  { kind: "uint256", max: "1000000000000000000000000000000" },
  { kind: "int256" },
  { kind: "decimal", precision: 5, scale: 2 },
  { kind: "decimal", precision: 14, scale: 0, min: "-5" },
  { kind: "decimal", precision: 30, scale: 12, max: "1000.5" },
  { kind: "decimal", precision: 76, scale: 3 },
  { kind: "fixedString", length: 5 },
  { kind: "ipv4" },
  { kind: "ipv6" },
  { kind: "float32" },
  { kind: "float64", min: -1, max: 1e10 },
  { kind: "uuid" },
  { kind: "date" },
  { kind: "date16" },
  { kind: "dateTime" },
  { kind: "dateTime", epoch: "ms" },
  { kind: "dateTime64", precision: 0 },
  { kind: "dateTime64", precision: 3 },
  { kind: "dateTime64", precision: 3, epoch: "ns" },
  { kind: "dateTime64", precision: 9 },
  { kind: "dateTime64", precision: 9, epoch: "s" },
  { kind: "enum", values: { early: 1, late: -300, "🚀": 5 } },
  { kind: "json" },
  { kind: "point" },
  { kind: "ring" },
  { kind: "map", key: { kind: "string", max: 1 }, value: { kind: "int8" }, optionalValue: true },
  { kind: "map", key: { kind: "int8" }, value: { kind: "json" } },
  { kind: "map", key: { kind: "date" }, value: { kind: "uuid" } },
  {
    kind: "object",
    fields: [
      { name: "a", type: { kind: "int8" }, optional: true },
      { name: "b", type: { kind: "string" }, default: "x" },
      { name: "c", type: { kind: "array", element: { kind: "boolean" } } },
    ],
  },
  { kind: "array", element: { kind: "string", max: 3 } },
  { kind: "array", element: { kind: "int8" }, optionalElement: true },
];

test.each(types)("$kind $min $max $precision $epoch", (type) => {
  const loaded = core.load(specOf(type));
  const given = fc.sample(value, 4_000);
  const rows = given.map((item, at) => (at % 3 === 0 ? JSON.stringify({ v: item }) : `{"v":${escapeAll(item)}}`));
  const verdict = loaded.validate(utf8.encode(rows.join("\n")), { format: "ndjson", maxErrors: 100_000 });
  const refused = new Set(verdict.rejectedRows);
  given.forEach((item, row) => {
    expect([rows[row], refused.has(row)]).toEqual([
      rows[row],
      valueProblem(type, JSON.parse(JSON.stringify(item))) !== undefined,
    ]);
  });
  // What is refused has an error that says so, at the field or below it.
  expect(new Set(verdict.errors.map((error) => error.row))).toEqual(refused);
  for (const error of verdict.errors) expect(error.path).toMatch(/^\/v(\/|$)/);
});

/** The same value, each character of a string written as an escape. */
function escapeAll(item: JsonValue): string {
  if (typeof item !== "string") return JSON.stringify(item);
  return `"${Array.from({ length: item.length }, (_, at) => `\\u${item.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;
}

test("the schema id is SHA-256 of the program, and tells models apart", () => {
  // FIPS 180-4, "abc"; and the empty text.
  expect(digest(utf8.encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223");
  expect(digest(new Uint8Array(0))).toBe("e3b0c44298fc1c149afbf4c8996fb924");
  expect(digest(new Uint8Array(1000))).toHaveLength(32);
  const id = (spec: ModelSpec) => core.load(spec).schemaId;
  const spec = specOf({ kind: "int8" });
  expect(id(spec)).toBe(id(JSON.parse(JSON.stringify(spec))));
  const others = [
    { ...spec, name: "N" },
    { ...spec, version: "1.1" },
    { ...spec, extra: "drop" as const },
    specOf({ kind: "int8", max: 5 }),
    specOf({ kind: "uint8" }),
  ];
  expect(new Set([spec, ...others].map(id)).size).toBe(6);
});
