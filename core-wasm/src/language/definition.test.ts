// What a definition tells its author: every mistake is named with model, field and what to do.
import { describe, expect, test } from "vitest";
import { aggregation, aggregationSpec, avg, count, isAggregation, max, sum, time } from "./aggregation.ts";
import { clickHouseType } from "./clickhouse-type.ts";
import { encodeEvent } from "./encode-event.ts";
import { jsonSchema } from "./json-schema.ts";
import { isModel, type ModelOptions, model, modelSpec } from "./model.ts";
import { t } from "./t.ts";

const Click = model(
  "Click",
  {
    at: t.dateTime64(3).key().describe("When"),
    page: t.string().max(200).lowCardinality(),
    size: t.uint64().optional(),
    state: t.enum({ b: 2, a: -1 }),
    tags: t.array(t.string().optional()),
    who: t.string().default("nobody"),
  },
  { version: "2.1", extra: "drop", orderBy: ["page"], partitionKey: "page", description: "A click" },
);

describe("a model", () => {
  test("is plain JSON", () => {
    const spec = modelSpec(Click);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec).toMatchObject({
      name: "Click",
      version: "2.1",
      extra: "drop",
      orderBy: ["page"],
      partitionKey: "page",
    });
    expect(spec.fields[0]).toEqual({
      name: "at",
      type: { kind: "dateTime64", precision: 3 },
      key: true,
      description: "When",
    });
    expect(modelSpec(model("M", { a: t.int8() }))).toMatchObject({ version: "1.0", extra: "reject" });
    expect([isModel(Click), isModel({}), isModel(null), isAggregation(Click)]).toEqual([true, false, false, false]);
  });

  test("has its ClickHouse types", () => {
    const types = modelSpec(Click).fields.map(clickHouseType);
    expect(types).toEqual([
      "DateTime64(3, 'UTC')",
      "LowCardinality(String)",
      "Nullable(UInt64)",
      "Enum8('a' = -1, 'b' = 2)",
      "Array(Nullable(String))",
      "String",
    ]);
  });

  test("has its JSON Schema", () => {
    expect(jsonSchema(modelSpec(Click))).toMatchObject({
      type: "object",
      required: ["at", "page", "state", "tags"],
      additionalProperties: true,
      properties: {
        at: { type: "string", format: "date-time", description: "When" },
        page: { type: "string", maxLength: 200 },
        size: { anyOf: [{ type: "integer" }, { type: "string" }, { type: "null" }] },
        tags: { type: "array", items: { type: ["string", "null"] } },
        who: { default: "nobody" },
      },
    });
  });

  test("carries what is personal data", () => {
    const home = t.object({ street: t.string().pii("drop"), zip: t.string() });
    const spec = modelSpec(model("M", { email: t.string().pii("hash").describe("Where to write"), home }));
    expect(spec.fields[0]).toMatchObject({ pii: "hash" });
    expect(jsonSchema(spec)).toMatchObject({
      properties: { email: { "x-pii": "hash" }, home: { properties: { street: { "x-pii": "drop" } } } },
    });
    expect(() => model("M", { a: t.string().pii("burn" as "drop") })).toThrow('choose "mask", "hash" or "drop"');
    expect(() => t.array(t.string().pii("mask"))).toThrow("only a field can");
  });

  const fields = { a: t.string(), o: t.string().optional() };
  const build = (options: object) => () => model("M", fields, options as ModelOptions<"a">);
  const wrong: [mistake: string, define: () => unknown, message: string][] = [
    ["a bad name", () => model("my model", fields), 'model: "my model" is not a name'],
    ["a name of Moose's own", () => model("_quarantine", fields), 'model: "_quarantine" is not a name'],
    ["no fields", () => model("M", {}), "M: has no fields"],
    ["a bad field name", () => model("M", { "a-b": t.string() }), 'M.a-b: "a-b" is not a name'],
    ["a reserved name", () => model("M", { _offset: t.uint8() }), "M._offset: this name belongs to Moose"],
    ["a bad version", build({ version: "v1" }), 'M: version "v1" is not made of digits and dots'],
    ["orderBy of no field", build({ orderBy: ["b"] }), 'M: orderBy names "b", which is not a field. Fields: a, o'],
    ["orderBy twice", build({ orderBy: ["a", "a"] }), 'M: orderBy names "a" twice'],
    [
      "orderBy of an optional field",
      build({ orderBy: ["o"] }),
      "M.o: is optional, and ClickHouse cannot order by NULL",
    ],
    ["partitionKey of no field", build({ partitionKey: "x" }), 'M: partitionKey names "x"'],
    ["a flush of nothing", build({ flush: { rows: 0 } }), "M: flush.rows is 0"],
    ["a quarantine of some", build({ quarantine: "yes" }), 'M: quarantine is "yes": choose true or false'],
    [
      "a default of the wrong type",
      () => model("M", { a: t.int8().default(300) }),
      "M.a: its default 300 does not fit int8: it must be from -128 to 127",
    ],
    ["a default that is no date", () => model("M", { a: t.date().default("2001-02-29") }), "M.a: its default"],
    ["a default that is too long", () => model("M", { a: t.string().max(2).default("abc") }), "at most 2 characters"],
    [
      "optional and default",
      () => model("M", { a: t.int8().default(3).optional() }),
      "M.a: has both .optional() and .default()",
    ],
    ["min above max", () => model("M", { a: t.int8().min(5).max(3) }), "M.a: min 5 is above max 3"],
    [
      "a bound outside of the type",
      () => model("M", { a: t.uint8().max(256) }),
      "M.a: a bound of 256 is outside uint8",
    ],
    [
      "a wide bound outside of the type",
      () => model("M", { a: t.uint64().max(2n ** 64n) }),
      "M.a: a bound of 18446744073709551616",
    ],
    ["a fixed string of no bytes", () => model("M", { a: t.fixedString(0) }), "M.a: a length of 0 bytes"],
    ["a decimal of 77 digits", () => model("M", { a: t.decimal(77, 2) }), "M.a: a precision of 77 is not possible"],
    ["a scale above the precision", () => model("M", { a: t.decimal(5, 6) }), "M.a: a scale of 6 is not possible"],
    [
      "a decimal bound with too many digits",
      () => model("M", { a: t.decimal(5, 2).max("1.234") }),
      "M.a: a bound of 1.234 is no decimal of 5 digits",
    ],
    [
      "decimal bounds that cross",
      () => model("M", { a: t.decimal(5, 2).min(2).max("1.5") }),
      "M.a: min 2 is above max 1.5",
    ],
    [
      "a default that is no address",
      () => model("M", { a: t.ipv6().default("1.2.3.4") }),
      'M.a: its default "1.2.3.4" does not fit ipv6',
    ],
    [
      "an optional object with a field that has no answer",
      () => model("M", { a: t.object({ b: t.int8() }).optional() }),
      'M.a: is an optional object, and ClickHouse has no NULL for it: give "b" in it',
    ],
    ["an object without fields", () => model("M", { a: t.object({}) }), "M.a: its object has no fields"],
    ["a bad name in an object", () => model("M", { a: t.object({ "b-c": t.int8() }) }), 'M.a: "b-c" is not a name'],
    [
      "a key in an object",
      () => model("M", { a: t.object({ b: t.int8().key() }) }),
      'M.a: "b" in its object has .key()',
    ],
    [
      "a wrong default in an object",
      () => model("M", { a: t.object({ b: t.int8().default(300) }) }),
      'M.a: "b" in its object: its default 300 does not fit int8',
    ],
    [
      "a default that lacks a field",
      () => model("M", { a: t.object({ b: t.int8() }).default({} as { b: number }) }),
      'M.a: its default {} does not fit object: it "b" is missing',
    ],
    ["an optional point", () => model("M", { a: t.point().optional() }), "M.a: is an optional point"],
    [
      "optional arrays in an array",
      () => model("M", { a: t.array(t.array(t.int8()).optional()) }),
      "M.a: has arrays that",
    ],
    [
      "optional objects in a map",
      () => model("M", { a: t.map(t.string(), t.object({ b: t.int8() }).optional()) }),
      "M.a: has objects that",
    ],
    [
      "keys that are floats",
      () => model("M", { a: t.map(t.float64(), t.int8()) }),
      "M.a: a map cannot have keys of type float64",
    ],
    [
      "keys that are optional",
      () => model("M", { a: t.map(t.string().optional(), t.int8()) }),
      "t.map: a key cannot be .optional()",
    ],
    [
      "an object as key",
      () => model("M", { a: t.object({ b: t.int8() }).key() }),
      "M.a: is an object, which ClickHouse cannot order by",
    ],
    [
      "a partition key that is a map",
      () => model("M", { a: t.map(t.string(), t.int8()) }, { partitionKey: "a" }),
      'M: partitionKey "a" is a map',
    ],
    ["a precision of 10", () => model("M", { a: t.dateTime64(10) }), "M.a: a precision of 10 is not possible"],
    [
      "a time zone that is none",
      () => model("M", { a: t.dateTime("Mars/Base") }),
      'M.a: "Mars/Base" is not a time zone',
    ],
    [
      "an enum number twice",
      () => model("M", { a: t.enum({ x: 1, y: 1 }) }),
      'M.a: "x" and "y" have the same number 1',
    ],
    ["an enum number too large", () => model("M", { a: t.enum({ x: 40_000 }) }), 'M.a: the number of "x" is 40000'],
    ["an enum name twice", () => model("M", { a: t.enum(["x", "x"]) }), 't.enum: "x" stands twice'],
    [
      "an element with a default",
      () => model("M", { a: t.array(t.int8().default(1)) }),
      "t.array: an element cannot have .default()",
    ],
    [
      "arrays that nest too deep",
      () =>
        model("M", {
          a: Array.from({ length: 11 }).reduce<ReturnType<typeof t.array>>(
            (inner) => t.array(inner),
            t.array(t.int8()),
          ),
        }),
      "M.a: types nest deeper",
    ],
  ];
  test.each(wrong)("refuses %s", (_mistake, define, message) => {
    expect(define).toThrow(message);
    expect(define).toThrow(expect.objectContaining({ code: "invalid_definition" }));
  });
});

describe("an aggregation", () => {
  const from = Click;
  test("is plain JSON", () => {
    const ByHour = aggregation("ByHour", {
      from,
      dimensions: { hour: time("at", "hour"), page: "page" },
      measures: { clicks: count(), bytes: sum("size"), last: max("at") },
    });
    expect(isAggregation(ByHour)).toBe(true);
    expect(aggregationSpec(ByHour)).toEqual({
      name: "ByHour",
      from: { model: "Click", version: "2.1" },
      dimensions: [
        { name: "hour", field: "at", grain: "hour" },
        { name: "page", field: "page" },
      ],
      measures: [
        { name: "clicks", fn: "count" },
        { name: "bytes", fn: "sum", field: "size" },
        { name: "last", fn: "max", field: "at" },
      ],
    });
  });

  const broken = (definition: object) => () =>
    aggregation("A", { from, dimensions: {}, measures: { n: count() }, ...definition } as never);
  test.each([
    ["no measures", broken({ measures: {} }), "A: has no measures"],
    [
      "a dimension of no field",
      broken({ dimensions: { x: "y" } }),
      'A.x: "y" is not a field of Click. Fields: at, page',
    ],
    [
      "a bucket of a string",
      broken({ dimensions: { x: time("page", "day") } }),
      'A.x: time() needs a date or time field, and "page" is string',
    ],
    ["an unknown grain", broken({ dimensions: { x: { field: "at", grain: "eon" } } }), 'A.x: grain "eon"'],
    [
      "an average of strings",
      broken({ measures: { x: avg("page") } }),
      'A.x: avg() needs a number of at most 64 bits, and "page" is string',
    ],
    ["a name used twice", broken({ dimensions: { n: "page" } }), "A.n: is both a dimension and a measure"],
    [
      "the model's name",
      () => aggregation("Click", { from, dimensions: {}, measures: { n: count() } }),
      "Click: has the name of its model",
    ],
  ])("refuses %s", (_mistake, define, message) => {
    expect(define).toThrow(message);
  });
});

test("encodeEvent writes what JSON can say and refuses the rest", () => {
  const event = {
    at: new Date(0),
    big: 2n ** 64n - 1n,
    none: undefined,
    nil: null,
    list: [1, "é\n", new Date(1)],
    minus: -0,
    'a"b': true,
  };
  expect(encodeEvent(event)).toBe(
    '{"at":"1970-01-01T00:00:00.000Z","big":"18446744073709551615","nil":null,"list":[1,"é\\n","1970-01-01T00:00:00.001Z"],"minus":-0,"a\\"b":true}',
  );
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  expect(() => encodeEvent({ delay: Number.NaN })).toThrow("delay is NaN");
  expect(() => encodeEvent({ at: new Date(Number.NaN) })).toThrow("at is an invalid date");
  expect(() => encodeEvent({ f: () => 1 })).toThrow("f is a function");
  expect(() => encodeEvent(cycle)).toThrow("holds itself");
});
