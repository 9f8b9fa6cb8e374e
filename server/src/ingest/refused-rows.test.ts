// With the real core: the rows it refuses are found byte for byte, in both formats, whatever stands around them.
import { type Core, createCore, model, modelSpec, t } from "@moose/core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { refusedRows } from "./refused-rows.ts";

let core: Core;
beforeAll(async () => {
  core = await createCore();
});

const good = fc.nat().map((n) => Buffer.from(`{"a":${n}}`));
const badValue = fc
  .oneof(
    fc.constant({ a: "x" }),
    fc.constant({ a: "],[{,\\" }),
    fc.constant([1, [2]]),
    fc.constant(7),
    fc.constant({ b: {} }),
  )
  .map((value) => Buffer.from(JSON.stringify(value)));
/** Lines may be anything at all. */
const badLine = fc.oneof(
  badValue,
  fc.constantFrom("{", "}", '{"a":', "not json", '"', "\\").map((text) => Buffer.from(text)),
  fc
    .uint8Array({ minLength: 1, maxLength: 9 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte <= 0x20 ? 0xff : byte)))),
);
const space = fc.constantFrom("", " ", "\t", "\r\n ", "  ").map((text) => Buffer.from(text));
const row = (bad: fc.Arbitrary<Buffer>) =>
  fc.record({ text: fc.oneof(good, bad), before: space, after: space, blank: fc.boolean() });

describe("refusedRows", () => {
  const flight = () => core.load(modelSpec(model("F", { a: t.uint32() })));

  it("finds lines", () => {
    fc.assert(
      fc.property(fc.array(row(badLine), { minLength: 1, maxLength: 12 }), fc.boolean(), (rows, ends) => {
        const line = (space: Buffer) => space.toString().replaceAll("\n", "");
        const parts = rows.flatMap(({ text, before, after, blank }) => [
          Buffer.from(line(before)),
          text,
          Buffer.from(`${line(after)}\n${blank ? " \t\r\n\n" : ""}`),
        ]);
        const body = Buffer.concat(parts);
        const sent = ends ? body : Buffer.from(body.toString("latin1").trimEnd(), "latin1");
        const { rejectedRows, rows: count } = flight().validate(sent, { format: "ndjson" });
        expect(count).toBe(rows.length);
        const expected = [...rejectedRows].map((at) => rows[at]!.text.toString("hex"));
        expect(refusedRows(sent, "ndjson", rejectedRows).map((found) => Buffer.from(found).toString("hex"))).toEqual(
          expected,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("finds elements of an array, and the one value", () => {
    fc.assert(
      fc.property(fc.array(row(badValue), { minLength: 1, maxLength: 12 }), (rows) => {
        const elements = rows.map(({ text, before, after }) => Buffer.concat([before, text, after]).toString());
        const sent = Buffer.from(` [${elements.join(",")}]\n`);
        const { rejectedRows } = flight().validate(sent, { format: "json" });
        const expected = [...rejectedRows].map((at) => rows[at]!.text.toString());
        expect(refusedRows(sent, "json", rejectedRows).map((found) => Buffer.from(found).toString())).toEqual(expected);
      }),
      { numRuns: 300 },
    );
    const one = Buffer.from(' {"a": "[,]"} ');
    expect(refusedRows(one, "json", Uint32Array.of(0)).map(String)).toEqual(['{"a": "[,]"}']);
  });
});
