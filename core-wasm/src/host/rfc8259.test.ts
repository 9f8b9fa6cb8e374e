// The core reads JSON as RFC 8259 says: an edge list, and random texts against JSON.parse.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { ModelCore, Validation } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

/** Many times what it takes on a machine that has nothing else to do. */
const LIMIT_MS = 300_000;

const utf8 = new TextEncoder();
let open: ModelCore;
beforeAll(async () => {
  const Open = model(
    "Open",
    { s: t.string().optional(), n: t.float64().optional(), a: t.array(t.int32()).optional() },
    { extra: "drop" },
  );
  open = (await createCore()).load(modelSpec(Open));
});

const json = (text: string | Uint8Array): Validation =>
  open.validate(typeof text === "string" ? utf8.encode(text) : text, { format: "json" });
const codes = (verdict: Validation): string[] => verdict.errors.map((error) => `${error.path} ${error.code}`);

/** Bytes of a text in which `\xHH` stands for one byte. */
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("an edge list", () => {
  const accepted = [
    "{}",
    " \t\n\r{ \t\n\r} \t\n\r",
    '{"x":[]}',
    '{"x":[[],{},[{"":[]}]]}',
    '{"x":null,"y":true,"z":false}',
    '{"":0}',
    '{"n":0}',
    '{"n":-0}',
    '{"n":-0.0e-0}',
    '{"n":0e1}',
    '{"n":1E+2}',
    '{"n":1.5e-3}',
    '{"x":1e400}',
    '{"x":123456789012345678901234567890}',
    '{"s":"\\u0000\\uD834\\uDD1E\\/\\b"}',
    '{"s":"\u2028\u2029\ud83d\ude80\u007f"}',
    '{"\\u0073":"x"}',
    '{"x":"\\"\\\\"}',
    '{"s":null,"n":null,"a":null}',
  ];
  test.each(accepted)("accepts %s", (text) => {
    expect(codes(json(text))).toEqual([]);
    expect(json(text)).toMatchObject({ rows: 1, accepted: 1 });
    expect(() => JSON.parse(text)).not.toThrow();
  });

  const broken = [
    "",
    " ",
    "{",
    "}",
    '{"',
    '{"x',
    '{"x"',
    '{"x":',
    '{"x":1',
    '{"x":1,',
    '{"x":1,}',
    "{,}",
    '{"x" 1}',
    "{'x':1}",
    "{x:1}",
    '{"x":1 "y":2}',
    '{"x":1}}',
    '{"x":1}{}',
    '{"x":01}',
    '{"x":-}',
    '{"x":+1}',
    '{"x":.5}',
    '{"x":5.}',
    '{"x":1e}',
    '{"x":1e+}',
    '{"x":0x1}',
    '{"x":1_0}',
    '{"x":NaN}',
    '{"x":Infinity}',
    '{"x":-Infinity}',
    '{"n":01}',
    '{"n":-}',
    '{"n":+1}',
    '{"n":.5}',
    '{"n":-.50}',
    '{"n":-.e1}',
    '{"n":5.}',
    '{"n":1e}',
    '{"n":1.e1}',
    '{"n":--1}',
    '{"n":1-}',
    '{"n":00}',
    '{"n":-01}',
    '{"x":tru}',
    '{"x":True}',
    '{"x":nul}',
    '{"x":falsey}',
    '{"x":[1,]}',
    '{"x":[,1]}',
    '{"x":[1 2]}',
    '{"x":[}',
    '{"x":]}',
    '{"x":[1}',
    '{"x":{"y"]}',
    '{"s":"\\x"}',
    '{"s":"\\u12"}',
    '{"s":"\\u12G4"}',
    '{"s":"\\',
    '{"s":"\\"}',
    '{"s":"\u0000"}',
    '{"s":"\n"}',
    '{"s":"\t"}',
    '{"s":"\u001f"}',
    '{"s":"a\u0000"}',
    '{"x":1}\u0000',
    "\u0000{}",
    '{"x":\u00a01}',
    "\ufeff{}",
    "/**/{}",
    "{}//",
    '{"x":"a"b}',
    "[{}",
    "[{},]",
    "[,{}]",
    "[{}{}]",
    "[{}]]",
    "tru",
    '"',
  ];
  test.each(broken)("refuses %j", (text) => {
    expect(json(text).unreadable).toBeDefined();
    expect(json(text).rows).toBe(0);
    expect(() => JSON.parse(text)).toThrow();
  });

  test("one row of another type is refused as a row", () => {
    for (const text of ["1", '"x"', "null", "true", "-1.5e3"]) expect(codes(json(text))).toEqual([" not_an_object"]);
    expect(codes(json('[1,{},[],"x"]'))).toEqual([" not_an_object", " not_an_object", " not_an_object"]);
  });

  test("duplicate keys are refused, known and unknown, however they are written", () => {
    expect(codes(json('{"s":"a","\\u0073":"b"}'))).toEqual(["/s duplicate_key"]);
    expect(codes(json('{"q":1,"p":2,"q":3}'))).toEqual(["/q duplicate_key"]);
    expect(codes(json('{"q":1,"\\u0071":3}'))).toEqual(["/q duplicate_key"]);
    expect(codes(json('{"__proto__":1,"constructor":2,"toString":3}'))).toEqual([]);
  });

  test("lone surrogates and invalid UTF-8 are refused, wherever they stand", () => {
    for (const lone of [
      "\\ud800",
      "\\udc00",
      "\\ud800x",
      "\\ud800\\u0041",
      "\\udc00\\ud800",
      "\\ud83d\\ud83d\\ude80",
    ]) {
      expect(codes(json(`{"s":"${lone}"}`)), lone).toEqual(["/s invalid_utf8"]);
      expect(codes(json(`{"x":["${lone}"]}`)), lone).toEqual(["/x invalid_utf8"]);
    }
    for (const bad of [
      "\x80",
      "\xc0\xaf",
      "\xc1\xbf",
      "\xc3",
      "\xe0\x80\xaf",
      "\xe2\x82",
      "\xed\xa0\x80",
      "\xf0\x80\x80\xaf",
      "\xf4\x90\x80\x80",
      "\xf5\x80\x80\x80",
      "\xff",
      "\xf8\x88\x80\x80\x80",
    ]) {
      expect(codes(json(bytes(`{"s":"a${bad}"}`)))).toEqual(["/s invalid_utf8"]);
      expect(codes(json(bytes(`{"x":{"y${bad}":1}}`)))).toEqual(["/x invalid_utf8"]);
    }
    expect(json(bytes(`{"s${"\xff"}":1}`)).rejected).toBe(1);
    for (const good of [
      "\xc2\x80",
      "\xdf\xbf",
      "\xe0\xa0\x80",
      "\xed\x9f\xbf",
      "\xee\x80\x80",
      "\xef\xbf\xbf",
      "\xf0\x90\x80\x80",
      "\xf4\x8f\xbf\xbf",
    ]) {
      expect(codes(json(bytes(`{"s":"${good}"}`)))).toEqual([]);
    }
  });

  test("64 levels are read, 65 are too deep, very many do no harm", () => {
    const nested = (levels: number): string => `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    expect(codes(json(nested(64)))).toEqual([]);
    expect(codes(json(nested(65)))).toEqual(["/x too_deep"]);
    expect(json(`{"x":${"[".repeat(1_000_000)}`).unreadable).toBeDefined();
    expect(json(nested(1_000_000)).unreadable).toBeDefined();
    const line = open.validate(utf8.encode(`${nested(100_000)}\n{}\n`), { format: "ndjson" });
    expect(line).toMatchObject({ rows: 2, accepted: 1, errors: [{ row: 0, code: "too_deep" }] });
  });

  test("very many unknown fields are dropped, and one that stands twice among them is found", () => {
    const fields = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"f${i}":1`).join()}}`;
    expect(codes(json(fields(20_000)))).toEqual([]);
    expect(codes(json(fields(20_000).replace('"f19999"', '"f3"')))).toEqual(["/f3 duplicate_key"]);
  });
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test(
  "random texts are readable exactly when JSON.parse reads them",
  () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\ntrfue0123456789.-+eE \n\t\r/\u0000é🚀'.match(/./gsu)!,
      '"s":',
      '"n":',
      '"a":[',
      "null",
      "true",
      "1.5",
      "\\u00e9",
      "\\ud83d",
    );
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 2 }), insert: fc.option(piece, { nil: "" }) });
    const member = fc.tuple(fc.constantFrom("s", "n", "a", "x", ""), fc.jsonValue({ maxDepth: 3 }));
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.array(member, { maxLength: 4 }).map((members) => Object.fromEntries(members)),
    );
    const text = fc
      .tuple(value, fc.array(edit, { maxLength: 3 }), fc.constantFrom(undefined, 1, "\t"))
      .map(([source, edits, indent]) => {
        const characters = [...JSON.stringify(source, null, indent)];
        for (const { at, remove, insert } of edits) characters.splice(at % (characters.length + 1), remove, insert);
        return characters.join("");
      });
    fc.assert(
      fc.property(text, (source) => {
        const verdict = json(source);
        expect(verdict.unreadable === undefined).toBe(isJson(source));
        expect(verdict.accepted + verdict.rejected).toBe(verdict.rows);
        const lines = open.validate(utf8.encode(`{}\n${source.replaceAll(/[\n]/g, " ")}\n{}`), { format: "ndjson" });
        expect(lines.accepted).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 20_000 },
    );
  },
  LIMIT_MS,
);

test("random bytes never trap, and NDJSON keeps its good lines", () => {
  const good = utf8.encode('\n{"s":"fine","a":[1,2]}\n');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
      const input = new Uint8Array([...good, ...noise, ...good]);
      expect(open.validate(input, { format: "ndjson" }).accepted).toBeGreaterThanOrEqual(2);
      open.validate(noise, { format: "json" });
      open.validate(noise, { format: "sequence" });
    }),
    { numRuns: 5_000 },
  );
});

test("strings of every length around the vector width and the page size are read whole", () => {
  for (const length of [...Array.from({ length: 70 }, (_, i) => i), 65_500 + 36, 65_535, 65_536, 131_072]) {
    for (const tail of ["", "\\n", "é", "\\ud83d\\ude80"]) {
      const row = `{"s":"${"a".repeat(length)}${tail}"}`;
      expect(json(row)).toMatchObject({ accepted: 1 });
      expect(json(row.slice(0, -2)).unreadable).toBeDefined();
    }
  }
});
