// Texts of every type with one to three random edits: the core reads them exactly when JSON.parse does.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ExactValue, exactTree } from "../ajv/test-exact-tree.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { createCore } from "./create-core.ts";

/** Many times what it takes on a machine that has nothing else to do. */
const LIMIT_MS = 300_000;

const fields = {
  s: t.string().optional(),
  l: t.string().lowCardinality().optional(),
  n: t.float64().optional(),
  m: t.float32().optional(),
  i: t.int16().optional(),
  w: t.uint64().optional(),
  b: t.boolean().optional(),
  u: t.uuid().optional(),
  d: t.date().optional(),
  c: t.dateTime64(3).epoch("ms").optional(),
  e: t.enum(["x", "yy"]).optional(),
  a: t.array(t.array(t.int32().optional())).optional(),
};

const sources = [
  '{"s":"abc\\u00e9\\n","l":"é🚀","n":-1.5e10,"m":0.25,"i":-7,"w":18446744073709551615}',
  '{"b":true,"u":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","d":"2001-01-31","c":"2001-01-01T00:00:00Z","e":"yy"}',
  '{"b":false,"w":"12","c":1234,"n":0.001,"m":12,"a":[[1,-2,null],[],[0]]}',
  '{"n":1}',
  '{"m":-0.5}',
  '{"i":10}',
  '[{"n":0},{"s":"\\ud83d\\ude80"},{"x":{"y":[null,true,false,{"z":"","":1e5}]}}]',
  " [ ] ",
  '[{"a":"\\ud83d"},{"\\udc00":[]},{"a":1,"\\u0061":2},5,{"b":{"a":1,"a":2},"c":["\\ud800\\udc00"]},[{}]]',
  `{"x":${"[".repeat(63)}${"]".repeat(63)}}`,
];
const characters = [...'{}[]:,"\\ntrfuasdexl0123456789.-+E \n\t\r\u0000\u001f\u007fé🚀'];
const edit = fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.constantFrom("", ...characters));
const edited = fc
  .tuple(fc.constantFrom(...sources), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([source, edits]) => {
    const text = [...source];
    for (const [at, remove, insert] of edits) text.splice(at % (text.length + 1), remove, insert);
    return text.join("");
  });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test(
  "edited texts are readable exactly when JSON.parse reads them",
  async () => {
    const core = (await createCore()).load(modelSpec(model("Every", fields, { extra: "drop" })));
    const utf8 = new TextEncoder();
    fc.assert(
      fc.property(edited, (text) => {
        const { unreadable } = core.validate(utf8.encode(text), { format: "json" });
        expect([text, unreadable === undefined]).toEqual([text, isJson(text)]);
      }),
      { numRuns: 60_000 },
    );
  },
  LIMIT_MS,
);

const hasHalfSurrogate = (value: ExactValue): boolean =>
  (value.kind === "string" && /\p{Surrogate}/u.test(value.text)) ||
  (value.kind === "array" && value.items.some(hasHalfSurrogate)) ||
  (value.kind === "object" &&
    value.members.some(([name, member]) => /\p{Surrogate}/u.test(name) || hasHalfSurrogate(member)));

const depth = (value: ExactValue): number => {
  if (value.kind === "array") return 1 + Math.max(0, ...value.items.map(depth));
  return value.kind === "object" ? 1 + Math.max(0, ...value.members.map(([, member]) => depth(member))) : 0;
};

/** The rules of JSON.md that are stricter than JSON.parse, of a row whose fields are all dropped. */
const keepsRules = (row: ExactValue): boolean =>
  row.kind === "object" &&
  new Set(row.members.map(([name]) => name)).size === row.members.length &&
  !hasHalfSurrogate(row) &&
  depth(row) <= 64;

test(
  "edited texts are accepted exactly when JSON.parse reads them and they keep the stricter rules",
  async () => {
    const any = model("Any", { nowhere: t.json().optional() }, { extra: "drop" });
    const core = (await createCore()).load(modelSpec(any));
    const utf8 = new TextEncoder();
    const counts = { kept: 0, broken: 0 };
    fc.assert(
      fc.property(edited, (text) => {
        const { rows, accepted } = core.validate(utf8.encode(text), { format: "json" });
        const tree = isJson(text) ? exactTree(text) : undefined;
        const expected = tree === undefined ? [] : tree.kind === "array" ? tree.items : [tree];
        const kept = expected.filter(keepsRules).length;
        expect([text, rows, accepted]).toEqual([text, expected.length, kept]);
        counts.kept += kept;
        counts.broken += expected.length - kept;
      }),
      { numRuns: 20_000 },
    );
    // Both sides were met often.
    expect(Math.min(counts.kept, counts.broken)).toBeGreaterThan(300);
  },
  LIMIT_MS,
);
