// Objects, maps, arrays of them, JSON values and points: against ClickHouse's own reading of the same JSON, and exact errors.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { openRoundTrip, type RoundTrip } from "./test-round-trip.ts";

let trip: RoundTrip;
beforeAll(async () => {
  trip = await openRoundTrip();
});
afterAll(() => trip.close());

// biome-ignore lint/suspicious/noExplicitAny: any field
type AnyField = any;
const holding = (field: AnyField) => model("V", { v: field as ReturnType<typeof t.json> });

function stored(field: AnyField, texts: readonly string[], same = true): unknown[] {
  const rows = texts.map((text) => `{"v":${text}}`);
  const native = trip.native(holding(field), rows).map((row) => row.v);
  if (same) expect(native).toEqual(trip.json(holding(field), rows).map((row) => row.v));
  return native;
}

/** Path and code of each violation. */
function errors(field: AnyField, text: string): string[] {
  const loaded = trip.core.load(modelSpec(holding(field)));
  const verdict = loaded.validate(new TextEncoder().encode(`{"v":${text}}`), { format: "json" });
  expect(verdict.unreadable).toBeUndefined();
  return verdict.errors.map((error) => `${error.path} ${error.code}`);
}

const address = t.object({
  street: t.string().max(20),
  zip: t.fixedString(5).optional(),
  country: t.string().lowCardinality().default("DE"),
  at: t.point(),
});

describe("objects", () => {
  const person = t.object({
    name: t.string(),
    tags: t.array(t.string().optional()).optional(),
    home: address,
    ids: t.map(t.string(), t.uint64()),
  });
  test("are named tuples, field by field, in any order", () => {
    const rows = [
      '{"name":"a","tags":["x",null],"home":{"street":"s","zip":"12345","country":"FR","at":[1,2.5]},"ids":{"k":18446744073709551615}}',
      '{"ids":{},"home":{"at":[-1,0],"zip":null,"country":"DE","street":"é"},"name":"b","tags":[]}',
    ];
    expect(stored(person, rows)).toEqual([
      {
        name: "a",
        tags: ["x", null],
        home: { street: "s", zip: "12345", country: "FR", at: [1, 2.5] },
        ids: { k: "18446744073709551615" },
      },
      { name: "b", tags: [], home: { street: "é", zip: null, country: "DE", at: [-1, 0] }, ids: {} },
    ]);
  });
  test("absent fields take default and null", () => {
    expect(stored(person, ['{"name":"b","home":{"street":"","at":[0,0]},"ids":{}}'], false)).toEqual([
      { name: "b", tags: [], home: { street: "", zip: null, country: "DE", at: [0, 0] }, ids: {} },
    ]);
  });
  test("errors point into them", () => {
    expect(
      errors(
        person,
        '{"name":1,"home":{"street":"","zip":"123456","at":[1],"what":0,"street":"2"},"ids":{"a/b":-1,"c~":1.5},"tags":[1],"x y":{}}',
      ),
    ).toEqual([
      "/v/name wrong_type",
      "/v/home/zip too_long",
      "/v/home/at too_short",
      "/v/home/what unknown_field",
      "/v/home/street duplicate_key",
      "/v/ids/a~1b out_of_range",
      "/v/ids/c~0 not_integral",
      "/v/tags/0 wrong_type",
      "/v/x y unknown_field",
    ]);
    expect(errors(person, '{"name":"a","home":{},"ids":null}')).toEqual([
      "/v/home/street missing_field",
      "/v/home/at missing_field",
      "/v/ids wrong_type",
    ]);
    expect(errors(person, "[]")).toEqual(["/v wrong_type"]);
    expect(errors(person, "null")).toEqual(["/v wrong_type"]);
  });
  test("optional ones are empty when absent or null", () => {
    const field = t.object({
      a: t.int8().default(5),
      b: t.string().optional(),
      c: t.object({ d: t.array(t.int8()).optional() }).optional(),
    });
    const rows = trip.native(model("V", { v: field.optional(), w: t.int8() }), [
      '{"w":1}',
      '{"w":2,"v":null}',
      '{"w":3,"v":{"a":1,"c":null}}',
    ]);
    expect(rows).toEqual([
      { v: { a: 5, b: null, c: { d: [] } }, w: 1 },
      { v: { a: 5, b: null, c: { d: [] } }, w: 2 },
      { v: { a: 1, b: null, c: { d: [] } }, w: 3 },
    ]);
  });
  test("arrays of objects of arrays of objects", () => {
    const field = t.array(t.object({ n: t.int32(), at: t.array(t.object({ s: t.string().lowCardinality() })) }));
    const rows = ['[{"n":1,"at":[{"s":"a"},{"s":"b"}]},{"n":2,"at":[]}]', "[]", '[{"at":[{"s":"a"}],"n":3}]'];
    expect(stored(field, rows)).toEqual(rows.map((row) => JSON.parse(row)));
    expect(stored(field, ["[]", "[]"])).toEqual([[], []]);
    expect(errors(field, '[{"n":1,"at":[{"s":"a"},{"s":2}]},{"n":true,"at":[{}]},3]')).toEqual([
      "/v/0/at/1/s wrong_type",
      "/v/1/n wrong_type",
      "/v/1/at/0/s missing_field",
      "/v/2 wrong_type",
    ]);
  });
  test("a default, and extra fields that are dropped", () => {
    const of = model(
      "D",
      { v: t.object({ a: t.int8(), b: t.string().default("x") }).default({ a: 7 }) },
      { extra: "drop" },
    );
    expect(trip.native(of, ["{}", '{"v":{"a":1,"more":{"a":[]}}}'])).toEqual([
      { v: { a: 7, b: "x" } },
      { v: { a: 1, b: "x" } },
    ]);
  });
});

describe("maps", () => {
  test("hold what their key and value types hold", () => {
    expect(stored(t.map(t.string(), t.string()), ['{"a":"1","":"é","\\u00e9":""}', "{}"])).toEqual([
      { a: "1", "": "é", é: "" },
      {},
    ]);
    expect(stored(t.map(t.int16(), t.float64().optional()), ['{"-5":1.5,"7":null}'])).toEqual([
      { "-5": 1.5, "7": null },
    ]);
    expect(stored(t.map(t.uuid(), t.array(t.int8())), ['{"3F2504E0-4f89-41d3-9a0c-0305e82c3301":[1,2]}'])).toEqual([
      { "3f2504e0-4f89-41d3-9a0c-0305e82c3301": [1, 2] },
    ]);
    expect(stored(t.map(t.enum(["a", "b"]), t.map(t.uint8(), t.string())), ['{"b":{"1":"x"},"a":{}}'])).toEqual([
      { b: { "1": "x" }, a: {} },
    ]);
    expect(stored(t.map(t.date(), t.object({ x: t.int8() })), ['{"2001-02-03":{"x":1}}'])).toEqual([
      { "2001-02-03": { x: 1 } },
    ]);
    expect(stored(t.array(t.map(t.ipv4(), t.decimal(9, 1))), ['[{"1.2.3.4":1.5},{}]'])).toEqual([
      [{ "1.2.3.4": "1.5" }, {}],
    ]);
    expect(stored(t.map(t.int256(), t.int8()), [`{"${-(2n ** 255n)}":1,"0":2}`])).toEqual([
      { [`${-(2n ** 255n)}`]: 1, "0": 2 },
    ]);
    const rows = trip.native(model("V", { v: t.map(t.string(), t.int8()).optional(), w: t.int8() }), [
      '{"w":1}',
      '{"v":null,"w":1}',
    ]);
    expect(rows.map((row) => row.v)).toEqual([{}, {}]);
  });
  test("refuse keys that stand twice, and keys that are none", () => {
    expect(errors(t.map(t.string(), t.int8()), '{"a":1,"\\u0061":2,"b":300}')).toEqual([
      "/v/a duplicate_key",
      "/v/b out_of_range",
    ]);
    expect(errors(t.map(t.int8(), t.int8()), '{"1":1,"01":2,"1.0":3,"x":4,"200":5,"0":6,"-0":7}')).toEqual([
      "/v/01 invalid_format",
      "/v/1.0 invalid_format",
      "/v/x invalid_format",
      "/v/200 out_of_range",
      "/v/-0 duplicate_key",
    ]);
    expect(errors(t.map(t.int128(), t.int8()), '{"-5":1,"5":1,"-5":2,"0":1,"-0":1}')).toEqual([
      "/v/-5 duplicate_key",
      "/v/-0 duplicate_key",
    ]);
    expect(
      errors(
        t.map(t.uuid(), t.int8()),
        '{"3f2504e0-4f89-41d3-9a0c-0305e82c3301":1,"3F2504E0-4f89-41d3-9a0c-0305e82c3301":1}',
      ),
    ).toEqual(["/v/3F2504E0-4f89-41d3-9a0c-0305e82c3301 duplicate_key"]);
    expect(
      errors(t.map(t.string(), t.map(t.string(), t.int8())), '{"a":{"a":1,"b":1},"b":{"a":1,"a":1},"a":{}}'),
    ).toEqual(["/v/b/a duplicate_key", "/v/a duplicate_key"]);
    expect(errors(t.map(t.string(), t.int8()), "[]")).toEqual(["/v wrong_type"]);
    const [error] = trip.core
      .load(modelSpec(holding(t.map(t.date(), t.int8()))))
      .validate(new TextEncoder().encode('{"v":{"soon":1}}'), { format: "json" }).errors;
    expect(error).toMatchObject({
      path: "/v/soon",
      expected: "a key that is an existing day as YYYY-MM-DD, 1900-01-01 to 2299-12-31",
      got: '"soon"',
    });
  });
  test("may have very many keys, in many rows", () => {
    const loaded = trip.core.load(modelSpec(model("V", { v: t.map(t.string(), t.int8()) }, { extra: "drop" })));
    const keys = Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`).join(",");
    const big = `{"v":{${keys}},${keys}}`;
    const rows = [
      ...Array.from({ length: 5_000 }, () => '{"v":{"a":1}}'),
      big,
      `{"v":{${keys},"k7":1}}`,
      big.replace('"k3":1', '"k4":1'),
    ];
    const verdict = loaded.validate(
      new TextEncoder().encode([...rows, ...rows, ...Array.from({ length: 60_000 }, () => '{"v":{}}')].join("\n")),
      { format: "ndjson" },
    );
    expect(verdict).toMatchObject({ rows: 70_006, rejected: 4 });
    expect(verdict.errors.map((error) => `${error.row} ${error.path} ${error.code}`)).toEqual([
      "5001 /v/k7 duplicate_key",
      "5002 /v/k4 duplicate_key",
      "10004 /v/k7 duplicate_key",
      "10005 /v/k4 duplicate_key",
    ]);
    expect(verdict.bounds.length).toBe(70_002 * 2);
    expect([...verdict.bounds.subarray(0, 4)]).toEqual([0, 13, 14, 27]);
  });
});

describe("JSON values", () => {
  test("are kept as their text", () => {
    const texts = [
      '{"a":[1,2.50,1e999,18446744073709551616,null,{"b":{}}]}',
      "null",
      "true",
      '"x\\u0041"',
      "-0.0",
      "[]",
      '{"a.b":1,"a":{"b":2}}',
    ];
    expect(stored(t.json(), texts, false)).toEqual(texts);
    expect(stored(t.json().optional(), ["null", "1"], false)).toEqual([null, "1"]);
    expect(stored(t.array(t.object({ j: t.json() })), ['[{"j": {"x" : 1} }]'], false)).toEqual([[{ j: '{"x" : 1}' }]]);
  });
  test("are checked to the letter", () => {
    expect(errors(t.json(), '{"a":{"b":1,"c":{"b":1},"b":2}}')).toEqual(["/v duplicate_key"]);
    expect(errors(t.json(), '{"a":[{"b":1},{"b":1}],"b":{"a":1}}')).toEqual([]);
    expect(errors(t.json(), '["\\ud800"]')).toEqual(["/v invalid_utf8"]);
    expect(errors(t.json(), `${"[".repeat(63)}${"]".repeat(63)}`)).toEqual([]);
    expect(errors(t.json(), `${"[".repeat(64)}${"]".repeat(64)}`)).toEqual(["/v too_deep"]);
    for (const broken of ["{", "[1,]", '{"a"}', '{"a":1,}', "01", "tru", "{1:2}"]) {
      const verdict = trip.core
        .load(modelSpec(holding(t.json())))
        .validate(new TextEncoder().encode(`{"v":${broken}}`), { format: "json" });
      expect([broken, verdict.unreadable === undefined]).toEqual([broken, false]);
    }
  });
});

describe("shapes of points", () => {
  const ring = "[[0,0],[10.5,0],[10,10]]";
  test("come back as ClickHouse reads them", () => {
    expect(stored(t.point(), ["[1,2.5]", "[-1e3, 0]"])).toEqual([
      [1, 2.5],
      [-1000, 0],
    ]);
    stored(t.ring(), [ring, "[]"]);
    stored(t.polygon(), [`[${ring},${ring}]`, "[]"]);
    expect(stored(t.multiPolygon(), [`[[${ring}],[]]`, "[]"])).toEqual([[[JSON.parse(ring)], []], []]);
    expect(stored(t.array(t.point()), ["[[1,2],[3,4]]"])).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });
  test("have errors that point into them", () => {
    expect(errors(t.point(), "[1]")).toEqual(["/v too_short"]);
    expect(errors(t.point(), "[]")).toEqual(["/v too_short"]);
    expect(errors(t.point(), '[1,2,{"a":1}]')).toEqual(["/v too_long"]);
    expect(errors(t.point(), '["1",1e999]')).toEqual(["/v/0 wrong_type", "/v/1 out_of_range"]);
    expect(errors(t.multiPolygon(), "[[[[1,2],[3,true]]],5]")).toEqual(["/v/0/0/1/1 wrong_type", "/v/1 wrong_type"]);
  });
});

test("a refused feed leaves no trace in nested columns", () => {
  const of = model("R", {
    v: t.array(t.object({ a: t.string().lowCardinality(), m: t.map(t.string(), t.string().optional()) })),
  });
  const loaded = trip.core.load(modelSpec(of));
  const good = new TextEncoder().encode('{"v":[{"a":"x","m":{"k":null}}]}');
  const [clean, dirty] = [loaded.encoder(), loaded.encoder()];
  for (const encoder of [clean, dirty]) {
    encoder.feed(good, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
    if (encoder === dirty) {
      const bad = new TextEncoder().encode('{"v":[{"a":"y","m":{"q":"r"}},{"a":"z","m":{"k":1}}]}');
      expect(() => encoder.feed(bad, { partition: 0, baseOffset: 1, receivedAtMs: 0 })).toThrow("/v/1/m/k wrong_type");
    }
    encoder.feed(good, { partition: 0, baseOffset: 1, receivedAtMs: 0 });
  }
  expect(clean.bytes).toBe(dirty.bytes);
  expect(Buffer.compare(clean.finish(), dirty.finish())).toBe(0);
});
