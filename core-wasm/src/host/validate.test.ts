// The core's verdicts: one case for each rule of TYPES and RFC 8259 that a sender can break.
import { beforeAll, describe, expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { Core, InputFormat, ModelCore, RowError } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
let core: Core;
beforeAll(async () => {
  core = await createCore();
});

const Flight = model("Flight", {
  seenAt: t.dateTime64(3).key(),
  origin: t.string().lowCardinality(),
  delay: t.int16(),
  tags: t.array(t.string()).optional(),
  carrier: t.string().default("unknown"),
});

const good = '{"seenAt":"2001-01-01T00:00:00.123Z","origin":"ORD","delay":-5}';

function check(loaded: ModelCore, text: string, format: InputFormat = "ndjson") {
  return loaded.validate(utf8.encode(text), { format });
}

const brief = (errors: readonly RowError[]) => errors.map((error) => `${error.row} ${error.path} ${error.code}`);

describe("rows", () => {
  let flight: ModelCore;
  beforeAll(() => {
    flight = core.load(modelSpec(Flight));
  });

  test("a good row is accepted, with its bounds", () => {
    const verdict = check(flight, `\n ${good} \r\n\n`);
    expect(verdict).toMatchObject({ rows: 1, accepted: 1, rejected: 0, errors: [], errorsTruncated: false });
    expect([...verdict.bounds]).toEqual([2, 2 + good.length]);
  });

  test("a broken line is one rejected row, and the others stand", () => {
    const verdict = check(flight, `${good}\n{"seenAt":\n${good}\nnull\n${good}{}\n[]`);
    expect(verdict).toMatchObject({ rows: 6, accepted: 2, rejected: 4 });
    expect([...verdict.rejectedRows]).toEqual([1, 3, 4, 5]);
    expect(brief(verdict.errors)).toEqual([
      "1  invalid_json",
      "3  not_an_object",
      "4  invalid_json",
      "5  not_an_object",
    ]);
  });

  test("all violations of a row are told", () => {
    const verdict = check(
      flight,
      '{"seenAt":"2001-02-30T00:00:00Z","delay":40000,"tags":["a",1,null],"x/y":{"a":[1]},"delay":1}',
      "json",
    );
    expect(brief(verdict.errors)).toEqual([
      "0 /seenAt invalid_format",
      "0 /delay out_of_range",
      "0 /tags/1 wrong_type",
      "0 /tags/2 wrong_type",
      "0 /x~1y unknown_field",
      "0 /delay duplicate_key",
      "0 /origin missing_field",
    ]);
    expect(verdict.errors[1]).toEqual({
      row: 0,
      path: "/delay",
      code: "out_of_range",
      expected: "an integer from -32768 to 32767",
      got: "40000",
    });
  });

  test("json takes an object or an array; what follows makes it unreadable", () => {
    expect(check(flight, ` ${good} `, "json")).toMatchObject({ rows: 1, accepted: 1 });
    expect(check(flight, `[${good} , ${good}]`, "json")).toMatchObject({ rows: 2, accepted: 2 });
    expect(check(flight, "[]", "json")).toMatchObject({ rows: 0 });
    for (const text of ["", " ", `${good}x`, `${good}${good}`, `[${good}`, `[${good},]`, "{", `\ufeff${good}`]) {
      expect(check(flight, text, "json").unreadable, text).toBeDefined();
    }
  });

  test("a string is judged as its UTF-8, long or short", () => {
    for (const origin of ["ORD", "é🚀", "x".repeat(4_000), "é".repeat(4_000), "🚀".repeat(400_000)]) {
      const text = `{"seenAt":"2001-01-01T00:00:00.123Z","origin":"${origin}","delay":-5}`;
      for (const format of ["json", "ndjson"] as const) {
        for (const given of [text, text.replace("-5", "40000"), text.slice(0, -1)]) {
          const { bounds, ...verdict } = flight.validate(given, { format });
          const { bounds: same, ...expected } = check(flight, given, format);
          expect([verdict, [...bounds]]).toEqual([expected, [...same]]);
        }
      }
    }
    expect(() => flight.validate("é".repeat(core.maxInputBytes / 2 + 1), { format: "json" })).toThrow(RangeError);
  });

  test("collect gives the accepted rows, one a line", () => {
    const text = `${good}\n{}\n${good}\r\n${good}`;
    const input = utf8.encode(text);
    const { bytes, ends } = flight.collect(input, flight.validate(input, { format: "ndjson" }));
    expect(new TextDecoder().decode(bytes)).toBe(`${good}\n`.repeat(3));
    expect([...ends]).toEqual([good.length, good.length * 2 + 1, good.length * 3 + 2]);
    const clean = utf8.encode(`${good}\n${good}\n`);
    expect(flight.collect(clean, flight.validate(clean, { format: "ndjson" })).bytes.buffer).toBe(clean.buffer);
  });

  test("an encoder counts its rows, hands out a block and refuses what is not valid without harm", () => {
    const encoder = flight.encoder();
    const origin = { partition: 0, baseOffset: 0, receivedAtMs: 0 };
    expect(encoder.feed(utf8.encode(`${good}\n${good}`), origin)).toBe(2);
    expect(() => encoder.feed(utf8.encode(`${good} {}`), origin)).toThrow(/row 1 is not a valid Flight/);
    expect(encoder.rows).toBe(2);
    const block = encoder.finish();
    expect([block[0], block[1]]).toEqual([8, 2]);
    expect(encoder.rows).toBe(0);
  });
});
