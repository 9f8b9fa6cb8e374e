// What the core finds besides columns: the partition key of each row, and the fields that the model does not know.
import { afterAll, beforeAll, expect, test } from "vitest";
import { murmur2 } from "../fuzz/test-murmur2.ts";
import { jsonSchema } from "../language/json-schema.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { openRoundTrip, type RoundTrip } from "./test-round-trip.ts";

const utf8 = new TextEncoder();
let trip: RoundTrip;
beforeAll(async () => {
  trip = await openRoundTrip();
});
afterAll(() => trip.close());

const Keyed = model("Keyed", { at: t.int8().default(1), key: t.string() }, { partitionKey: "key", extra: "drop" });

test("a partition key's hash is that of Kafka's own tests", () => {
  // org.apache.kafka.common.utils.UtilsTest, testMurmur2.
  const cases: [string, number][] = [
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ];
  const rows = cases.map(([key]) => `{"key":"${key}"}`);
  const escaped = cases.map(
    ([key]) => `{"key":"\\u${key.charCodeAt(0).toString(16).padStart(4, "0")}${key.slice(1)}"}`,
  );
  const input = utf8.encode([...rows, '{"key":5}', ...escaped].join("\n"));
  const { partitionKeys, rejected } = trip.core.load(modelSpec(Keyed)).validate(input, { format: "ndjson" });
  expect(rejected).toBe(1);
  expect([...partitionKeys!.hashes].map((hash) => hash | 0)).toEqual([...cases, ...cases].map(([, hash]) => hash));
  const texts = Array.from({ length: 12 }, (_, row) =>
    JSON.parse(
      new TextDecoder().decode(
        input.subarray(...(partitionKeys!.bounds.subarray(row * 2, row * 2 + 2) as unknown as [number, number])),
      ),
    ),
  );
  expect(texts).toEqual([...cases, ...cases].map(([key]) => key));
});

test("a key may be a number, absent, null or a default", () => {
  const hashes = (of: typeof Keyed, rows: readonly string[]) => {
    const verdict = trip.core.load(modelSpec(of)).validate(utf8.encode(rows.join("\n")), { format: "ndjson" });
    expect(verdict.errors).toEqual([]);
    return verdict.partitionKeys!;
  };
  const of = model("N", { key: t.int64().optional() }, { partitionKey: "key" }) as unknown as typeof Keyed;
  const { hashes: numbers, bounds } = hashes(of, ['{"key":21}', '{"key":"21"}', '{"key":null}', "{}"]);
  expect([...numbers]).toEqual([-973932308 >>> 0, -973932308 >>> 0, 0, 0]);
  expect([...bounds]).toEqual([7, 9, 18, 22, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]);
  const withDefault = model(
    "D",
    { key: t.string().default("foobar") },
    { partitionKey: "key" },
  ) as unknown as typeof Keyed;
  expect([...hashes(withDefault, ["{}", '{"key":"abc"}']).hashes].map((hash) => hash | 0)).toEqual([
    -790332482, 479470107,
  ]);
  const ids = model("U", { key: t.uuid() }, { partitionKey: "key" }) as unknown as typeof Keyed;
  const id = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
  const ways = [id, id.toUpperCase(), id.replace("f", "\\u0046")].map((text) => `{"key":"${text}"}`);
  const [small, ...others] = hashes(ids, ways).hashes;
  expect(small).toBe(murmur2(utf8.encode(id)));
  expect(others).toEqual([small, small]);
  const whole = model("I", { key: t.int256() }, { partitionKey: "key" }) as unknown as typeof Keyed;
  const most = 2n ** 255n - 1n;
  const texts = ["-0", "0e5", "1e2", "-1.00e3", `${most}`, `-${most}`, "10e70", `"${most}"`];
  const values = [0n, 0n, 100n, -1000n, most, -most, 10n ** 71n, most];
  expect([
    ...hashes(
      whole,
      texts.map((text) => `{"key":${text}}`),
    ).hashes,
  ]).toEqual(values.map((value) => murmur2(utf8.encode(`${value}`))));
  const many = Array.from({ length: 50_000 }, (_, i) => `{"key":"${i % 7}"}`);
  const all = hashes(Keyed, many).hashes;
  expect(all.length).toBe(50_000);
  expect([...all.subarray(49_000, 49_007)]).toEqual([...all.subarray(0, 7)]);
  expect(
    trip.core.load(modelSpec(model("P", { key: t.string() }))).validate(utf8.encode('{"key":""}'), { format: "json" }),
  ).not.toHaveProperty("partitionKeys");
  const missing = trip.core.load(modelSpec(Keyed)).validate(utf8.encode("{}"), { format: "json" });
  expect(missing.errors[0]).toMatchObject({ path: "/key", code: "missing_field", expected: "a string" });
  expect(trip.native(Keyed, ['{"key":"a"}', '{"at":2,"key":"b"}'])).toEqual([
    { at: 1, key: "a" },
    { at: 2, key: "b" },
  ]);
  expect(trip.native(of, ['{"key":5}', "{}", '{"key":null}'])).toEqual([{ key: "5" }, { key: null }, { key: null }]);
});

test("unknown fields that are kept are rows of a map, as their JSON text", () => {
  const of = model("Kept", { a: t.int8(), o: t.object({ b: t.int8() }).default({ b: 1 }) }, { extra: "keep" });
  const rows = [
    '{"x":{"y":[1, 2.50]},"a":1,"\\u00e9":"\\u0041","n":null}',
    '{"a":2}',
    '{"a":3,"x":18446744073709551616}',
  ];
  expect(trip.native(of, rows)).toEqual([
    { a: 1, o: { b: 1 }, _extra: { x: '{"y":[1, 2.50]}', é: '"\\u0041"', n: "null" } },
    { a: 2, o: { b: 1 }, _extra: {} },
    { a: 3, o: { b: 1 }, _extra: { x: "18446744073709551616" } },
  ]);
  const verdict = trip.core
    .load(modelSpec(of))
    .validate(utf8.encode('{"a":1,"x":1,"x":2,"o":{"b":1,"c":1},"y":"\\ud800"}'), { format: "json" });
  expect(verdict.errors.map((error) => `${error.path} ${error.code}`)).toEqual([
    "/x duplicate_key",
    "/o/c unknown_field",
    "/y invalid_utf8",
  ]);
  expect(jsonSchema(modelSpec(of))).toMatchObject({
    additionalProperties: true,
    properties: { o: { additionalProperties: false } },
  });
  expect(() => model("M", { _extra: t.int8() })).toThrow("this name belongs to Moose");
});
