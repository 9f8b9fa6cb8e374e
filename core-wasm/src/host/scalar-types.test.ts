// Decimals, wide integers, fixed strings and addresses: against ClickHouse's own reading of the same JSON, and exact refusals.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Field } from "../language/field.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { openRoundTrip, type RoundTrip } from "./test-round-trip.ts";

let trip: RoundTrip;
beforeAll(async () => {
  trip = await openRoundTrip();
});
afterAll(() => trip.close());

// biome-ignore lint/suspicious/noExplicitAny: any field
type AnyField = Field<any, any, any, any>;
const holding = (field: AnyField) => model("V", { v: field });

/** What is stored of each JSON text; `same` also compares with what ClickHouse reads from them. */
function stored(field: AnyField, texts: readonly string[], same = true): unknown[] {
  const rows = texts.map((text) => `{"v":${text}}`);
  const native = trip.native(holding(field), rows).map((row) => row.v);
  if (same) expect(native).toEqual(trip.json(holding(field), rows).map((row) => row.v));
  return native;
}

/** Code and expectation of each text's refusal; "" for one that is accepted. */
function refusals(field: AnyField, texts: readonly string[]): string[] {
  const loaded = trip.core.load(modelSpec(holding(field)));
  return texts.map((text) => {
    const verdict = loaded.validate(new TextEncoder().encode(`{"v":${text}}`), { format: "json" });
    return verdict.errors.map((error) => error.code).join(" ");
  });
}

const digits = (count: number) => "9".repeat(count);

test.each([
  [t.decimal(9, 2), ["0", "-0", "1.5", "9999999.99", "-9999999.99", '"12.3"', "1e3", "12.500"]],
  [t.decimal(18, 9), ["999999999.999999999", "-999999999.999999999", '"0.000000001"', "1e-9"]],
  [t.decimal(18, 0), [digits(18), `-${digits(18)}`]],
  [t.decimal(38, 10), [`${digits(28)}.${digits(10)}`, `-${digits(28)}.${digits(10)}`, "0.1", '"-0.1"', "1e27"]],
  [t.decimal(76, 38), [`${digits(38)}.${digits(38)}`, `-${digits(38)}.${digits(38)}`, "-1", "0"]],
  [t.decimal(76, 0), [digits(76), `-${digits(76)}`]],
])("decimals are what ClickHouse reads: %#", (field, texts) => {
  stored(field, texts);
  expect(refusals(field, texts)).toEqual(texts.map(() => ""));
});

test("a decimal's digits decide", () => {
  const money = t.decimal(10, 2);
  expect(stored(money, ["0.10", "1.10e1", "12345678.9", '"99999999.99"', "100e-1"], false)).toEqual([
    "0.1",
    "11",
    "12345678.9",
    "99999999.99",
    "10",
  ]);
  expect(
    refusals(money, ["0.001", "123456789", "1e400", '"1e2"', '".5"', '"1."', '"01"', "null", "true", '""']),
  ).toEqual([
    "precision_loss",
    "out_of_range",
    "out_of_range",
    "invalid_format",
    "invalid_format",
    "invalid_format",
    "invalid_format",
    "wrong_type",
    "wrong_type",
    "invalid_format",
  ]);
  expect(refusals(t.decimal(10, 2).min("-0.5").max(3), ["-0.5", "-0.51", "3.00", "3.01"])).toEqual([
    "",
    "out_of_range",
    "",
    "out_of_range",
  ]);
  expect(refusals(t.decimal(40, 2).min("-0.5").max(3), ["-0.5", "-0.51", "3.00", "3.01", "0.000"])).toEqual([
    "",
    "out_of_range",
    "",
    "out_of_range",
    "",
  ]);
  expect(stored(t.decimal(60, 1).optional(), ["null", "-0.1"])).toEqual([null, "-0.1"]);
});

test.each([
  ["int128", -(2n ** 127n), 2n ** 127n - 1n],
  ["uint128", 0n, 2n ** 128n - 1n],
  ["int256", -(2n ** 255n), 2n ** 255n - 1n],
  ["uint256", 0n, 2n ** 256n - 1n],
] as const)("%s holds its extremes, as number and as string", (kind, least, most) => {
  const given = [least, most, 0n, 1n, 2n ** 64n, 10n ** 30n].map(String);
  expect(stored(t[kind](), given)).toEqual(given);
  expect(
    stored(
      t[kind](),
      given.map((value) => `"${value}"`),
    ),
  ).toEqual(given);
  expect(stored(t[kind]().optional(), [`${most}`, "null"])).toEqual([String(most), null]);
  expect(stored(t[kind](), ["1e30", "1.5e1", "10.0"], false)).toEqual([String(10n ** 30n), "15", "10"]);
  expect(refusals(t[kind](), [`${least - 1n}`, `${most + 1n}`, "1e99", "1.5", '"1.0"', "{}"])).toEqual([
    "out_of_range",
    "out_of_range",
    "out_of_range",
    "not_integral",
    "invalid_format",
    "wrong_type",
  ]);
});

test("fixed strings count bytes and are filled with zeros", () => {
  expect(stored(t.fixedString(4), ['""', '"abcd"', '"é"', '"\\u20acx"', '"\\ud83d\\ude80"'])).toEqual([
    "\0\0\0\0",
    "abcd",
    "é\0\0",
    "€x",
    "🚀",
  ]);
  expect(stored(t.fixedString(40).optional(), ["null", `"${"x".repeat(40)}"`])).toEqual([null, "x".repeat(40)]);
  expect(refusals(t.fixedString(4), ['"abcde"', '"ééé"', '"\\u20ac\\u20ac"', '"\\ud800"', "5", "null"])).toEqual([
    "too_long",
    "too_long",
    "too_long",
    "invalid_utf8",
    "wrong_type",
    "wrong_type",
  ]);
});

test("addresses", () => {
  const four = ['"0.0.0.0"', '"255.255.255.255"', '"192.0.2.1"'];
  expect(stored(t.ipv4(), four)).toEqual(four.map((text) => JSON.parse(text)));
  expect(stored(t.ipv4().optional(), ["null", '"1.2.3.4"'])).toEqual([null, "1.2.3.4"]);
  const wrong = ["1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.", ".1.2.3", "1.2.3.4 ", "::1", "", "1..2.3"];
  for (const text of wrong)
    expect([text, ...refusals(t.ipv4(), [JSON.stringify(text)])]).toEqual([text, "invalid_format"]);

  const six = [
    "::",
    "::1",
    "1::",
    "2001:db8::1",
    "2001:DB8:0:0:8:800:200C:417A",
    "::ffff:1.2.3.4",
    "::1.2.3.4",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:1.2.3.4",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "1::8",
    "1:2::7:8",
    "1:2:3::5:6:7:8",
    "1::1.2.3.4",
    "fe80::1:0:0:1",
  ].map((text) => `"${text}"`);
  stored(t.ipv6(), six);
  expect(stored(t.ipv6(), ['"::ffff:192.0.2.1"', '"2001:db8:0:0:0:0:0:1"', '"1:2:3:4:5:6:7::"'])).toEqual([
    "::ffff:192.0.2.1",
    "2001:db8::1",
    "1:2:3:4:5:6:7:0",
  ]);
  expect(stored(t.ipv6().optional(), ["null", '"::1"'])).toEqual([null, "::1"]);
  const broken = [
    "",
    ":",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "12345::",
    "::g",
    "fe80::1%eth0",
    "1:",
    ":1",
    "::1.2.3",
    "::1.2.3.256",
    "1.2.3.4",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::01.2.3.4",
    "[::1]",
    "::1 ",
    "1:2:3:4::5:6:7:8",
    "::1.2.3.4:5",
  ];
  for (const text of broken)
    expect([text, ...refusals(t.ipv6(), [JSON.stringify(text)])]).toEqual([text, "invalid_format"]);
});
