// Texts of every type with one to three random edits: the core reads them exactly when JSON.parse does.
import fc from "fast-check";
import { expect, test } from "vitest";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import { createCore } from "./create-core.ts";

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

test("edited texts are readable exactly when JSON.parse reads them", async () => {
  const core = (await createCore()).load(modelSpec(model("Every", fields, { extra: "drop" })));
  const utf8 = new TextEncoder();
  fc.assert(
    fc.property(edited, (text) => {
      const { unreadable } = core.validate(utf8.encode(text), { format: "json" });
      expect([text, unreadable === undefined]).toEqual([text, isJson(text)]);
    }),
    { numRuns: 60_000 },
  );
});
