// Patterns and formats of strings: the core's verdict is the table's, JSON Schema says the same, Ajv agrees with the formats.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { jsonSchema } from "../language/json-schema.ts";
import { model, modelSpec } from "../language/model.ts";
import type { StringFormat } from "../language/model-spec.ts";
import { t } from "../language/t.ts";
import { compilePattern, matchesPattern } from "../pattern/compile-pattern.ts";
import type { Core, ModelCore } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
let core: Core;
beforeAll(async () => {
  core = await createCore();
});

const accepts = (loaded: ModelCore, json: string): boolean =>
  loaded.validate(utf8.encode(`{"v":${json}}`), { format: "json" }).accepted === 1;

/** The same text with every character escaped. */
const escapedJson = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`;

test("the core walks the table as the definition does, escapes decoded", () => {
  for (const pattern of [
    "^[A-Z]{3}$",
    "é+|世$",
    "a.b",
    "^\\W\\s?[^\\d]*$",
    "^.{3}$",
    "🛫",
    '\\n|\\\\|/|"',
    "[\\ud000-\\ud7ff]",
  ]) {
    const loaded = core.load(modelSpec(model("P", { v: t.string().pattern(pattern) })));
    const table = compilePattern(pattern);
    const unit = fc.constantFrom("A", "a", "b", "é", "世", "🛫", " ", "\n", '"', "\\", "/", "\ud7ff", "\ue000", "0");
    const text = fc.oneof(fc.string({ unit, maxLength: 40 }), fc.string({ unit: "binary", maxLength: 5 }));
    fc.assert(
      fc.property(text, (value) => {
        const verdict = matchesPattern(table, value);
        expect(accepts(loaded, JSON.stringify(value)), pattern).toBe(verdict);
        expect(accepts(loaded, escapedJson(value)), pattern).toBe(verdict);
      }),
    );
  }
});

test("a text of any length is walked, with escapes, too", () => {
  const loaded = core.load(modelSpec(model("L", { v: t.string().pattern("^(?:a|\\n)*b$") })));
  const long = "a\\n\\u0061".repeat(100_000);
  expect(accepts(loaded, `"${long}b"`)).toBe(true);
  expect(accepts(loaded, `"${long}c"`)).toBe(false);
  expect(accepts(loaded, `"${"a".repeat(1_000_000)}b"`)).toBe(true);
});

test("an error says the pattern and the format, and an encoder refuses the same", () => {
  const spec = modelSpec(
    model("E", {
      v: t.string().min(2).pattern("^[a-z.@]+$").format("email").optional(),
      w: t.array(t.string().pattern("^x")).optional(),
      x: t.string().lowCardinality().pattern("^[ab]$").default("a"),
    }),
  );
  const loaded = core.load(spec);
  const rows = [
    '{"v":"A@b.cd","w":["x","y"],"x":"b"}',
    '{"v":"a@b.cd","w":["x"]}',
    '{"v":"ab.cd"}',
    '{"v":"a","x":"c"}',
  ];
  const verdict = loaded.validate(utf8.encode(rows.join("\n")), { format: "ndjson" });
  const email =
    "a string of at least 2 characters, matching /^[a-z.@]+$/, an e-mail address, as name@example.com or null";
  expect(verdict.errors).toEqual([
    { row: 0, path: "/v", code: "invalid_format", expected: email, got: '"A@b.cd"' },
    { row: 0, path: "/w/1", code: "invalid_format", expected: "a string, matching /^x/", got: '"y"' },
    { row: 2, path: "/v", code: "invalid_format", expected: email, got: '"ab.cd"' },
    { row: 3, path: "/v", code: "too_short", expected: email, got: '"a"' },
    { row: 3, path: "/x", code: "invalid_format", expected: "a string, matching /^[ab]$/", got: '"c"' },
  ]);
  const encoder = loaded.encoder();
  const origin = { partition: 0, baseOffset: 0, receivedAtMs: 0 };
  expect(encoder.feed(utf8.encode(rows[1]), origin)).toBe(1);
  expect(() => encoder.feed(utf8.encode(rows[3]), origin)).toThrow("row 0");
});

test("fields with the same constraints share their table", () => {
  const uris = (count: number): number => {
    const fields = Object.fromEntries(Array.from({ length: count }, (_, i) => [`u${i}`, t.string().format("uri")]));
    return core.load(modelSpec(model("Shared", fields))).program.length;
  };
  expect(uris(11) - uris(1)).toBeLessThan(10_000);
});

test("JSON Schema says the same", () => {
  const spec = modelSpec(
    model("J", {
      a: t.string().pattern("^[A-Z]{3}$").max(3),
      b: t.string().format("hostname"),
      c: t.string().format("uri"),
    }),
  );
  expect(jsonSchema(spec)).toMatchObject({
    properties: {
      a: { type: "string", pattern: "^[A-Z]{3}$", maxLength: 3 },
      b: { type: "string", format: "hostname", maxLength: 253 },
      c: { type: "string", format: "uri" },
    },
  });
});

test("definitions are checked where they are written", () => {
  expect(() => model("D", { v: t.string().pattern("(a") })).toThrow(
    'D.v: its pattern "(a": "(" is not closed: add ")", or write \\( (at character 1)',
  );
  expect(() => model("D", { v: t.string().format("phone" as StringFormat) })).toThrow(
    'D.v: a format of "phone" is not known: use one of date, date-time, email, hostname, ipv4, ipv6, time, uri, uuid, or .pattern()',
  );
  expect(() => model("D", { v: t.string().pattern("^[a-z]$").default("A") })).toThrow(
    'D.v: its default "A" does not fit string: it must be matching /^[a-z]$/',
  );
  expect(() => model("D", { v: t.string().format("ipv4").default("1.2.3") })).toThrow("it must be an IPv4 address");
  // @ts-expect-error a pattern is for strings
  expect(() => model("D", { v: t.int8().pattern("a") })).not.toThrow(TypeError);
});

describe("formats", () => {
  const label63 = "a".repeat(63);
  const lists: Readonly<Record<StringFormat, { accepted: string[]; refused: string[] }>> = {
    date: {
      accepted: ["2001-01-31", "2024-02-29", "2000-02-29", "0000-02-29", "9999-12-31", "2023-04-30"],
      refused: [
        "",
        "2023-02-29",
        "1900-02-29",
        "2001-04-31",
        "2001-13-01",
        "2001-00-01",
        "2001-01-00",
        "2001-1-1",
        "01-01-2001",
        "2001-01-31 ",
        "२००१-०१-३१",
      ],
    },
    time: {
      accepted: ["00:00:00Z", "23:59:59.123456789z", "12:00:00+05:30", "12:00:00-23:59"],
      refused: [
        "",
        "24:00:00Z",
        "12:60:00Z",
        "12:00:61Z",
        "12:00Z",
        "12:00:00",
        "12:00:00.Z",
        "12:00:00+24:00",
        "12:00:00+05:60",
        "1:00:00Z",
      ],
    },
    "date-time": {
      accepted: ["2001-01-31T13:05:00Z", "2001-01-31t13:05:00.5z", "2024-02-29T00:00:00-08:00"],
      refused: [
        "",
        "2001-01-31",
        "2001-01-31T13:05:00",
        "2023-02-29T00:00:00Z",
        "2001-01-31T25:00:00Z",
        "2001-01-31T13:05Z",
        "2001-01-31TT13:05:00Z",
      ],
    },
    email: {
      accepted: ["a@b.cd", "first.last+tag@sub.example.com", "!#$%&'*+/=?^_`{|}~-@x.y", "A1@B-C.org"],
      refused: [
        "",
        "a",
        "@b.cd",
        "a@",
        "a@b",
        "a..b@c.de",
        ".a@b.cd",
        "a.@b.cd",
        "a b@c.de",
        "a@b_c.de",
        "a@-b.cd",
        "a@b-.cd",
        '"a"@b.cd',
        "a@b..cd",
        "ü@b.cd",
      ],
    },
    hostname: {
      accepted: ["localhost", "www.example.com", "a", "1.2", "xn--bcher-kva.example", `${label63}.com`, "A-b.C"],
      refused: [
        "",
        "-a.b",
        "a-.b",
        "a..b",
        ".a",
        "a_b.c",
        `${label63}a.com`,
        "bücher.example",
        "a b",
        `${`${label63}.`.repeat(4)}com`,
      ],
    },
    ipv4: {
      accepted: ["0.0.0.0", "255.255.255.255", "192.0.2.1"],
      refused: ["", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "1.2.3.", "a.b.c.d", "1.2.3.4/8"],
    },
    ipv6: {
      accepted: [
        "::",
        "::1",
        "2001:db8::1",
        "1:2:3:4:5:6:7:8",
        "1::8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "::ffff:192.0.2.1",
        "1:2:3:4:5:6:192.0.2.1",
        "FE80::ABCD",
        "1:2::6:7:8",
      ],
      refused: [
        "",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "12345::",
        "::g",
        "1:2:3:4:5:6:7:192.0.2.1",
        "::1.2.3",
        "[::1]",
        "1:",
        ":1",
      ],
    },
    uri: {
      accepted: [
        "https://example.com/a/b?c=d#e",
        "http://u:p@h:8080/",
        "urn:isbn:0451450523",
        "mailto:a@b.cd",
        "file:///etc/hosts",
        "http://[2001:db8::1]:80/",
        "a:/b",
        "tel:+1-816-555-1212",
        "http://h?q",
        "http://h/%20",
      ],
      refused: [
        "",
        "example.com",
        "//h/p",
        "/path",
        "1http://h",
        "http://h/ b",
        "http://h/%2",
        "http://h/\\",
        "http://[::1",
        "http://h/<>",
        "ht tp://h",
        "http://h/ü",
        "http://h/#a#b",
        "a:",
        "a:?b",
      ],
    },
    uuid: {
      accepted: ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "FFFFFFFF-0000-0000-0000-000000000000"],
      refused: [
        "",
        "3f2504e04f8941d39a0c0305e82c3301",
        "3f2504e0-4f89-41d3-9a0c-0305e82c330",
        "3f2504e0-4f89-41d3-9a0c-0305e82c330g",
        "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}",
      ],
    },
  };
  /** Where ours is stricter than ajv-formats: docs/PATTERNS.md names each. */
  const stricter: Partial<Record<StringFormat, string[]>> = {
    time: ["12:00:00+05", "12:00:00+0530", "23:59:60Z"],
    "date-time": ["2001-01-31 13:05:00Z", "2001-01-31T13:05:00+01", "2016-12-31T23:59:60Z"],
    email: [`a@${label63}a.com`],
    hostname: ["www.example.com."],
    uuid: ["urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
  };
  const verdicts = (format: StringFormat) => {
    const spec = modelSpec(model("F", { v: t.string().format(format) }));
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const schema = ajv.compile(jsonSchema(spec));
    const loaded = core.load(spec);
    return (value: string) => ({ ours: accepts(loaded, JSON.stringify(value)), ajv: schema({ v: value }) });
  };

  test.each(Object.keys(lists) as StringFormat[])("%s", (format) => {
    const verdict = verdicts(format);
    for (const value of lists[format].accepted) expect(verdict(value), value).toEqual({ ours: true, ajv: true });
    for (const value of lists[format].refused) expect(verdict(value), value).toEqual({ ours: false, ajv: false });
    for (const value of stricter[format] ?? []) expect(verdict(value), value).toEqual({ ours: false, ajv: true });
  });
});
