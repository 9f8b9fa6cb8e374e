// Slices are whole rows, lose nothing, and are valid exactly when the whole is.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutBody } from "./cut-body.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (slice: Uint8Array): string => new TextDecoder().decode(slice);
const row = fc.record({
  a: fc.string({ unit: "grapheme", maxLength: 12 }),
  b: fc.array(fc.integer(), { maxLength: 4 }),
});

describe("cutBody", () => {
  it("keeps every row of an array, in order", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 300, max: 500 }), (rows, limit) => {
        const slices = cutBody(bytes(JSON.stringify(rows, null, 1)), "json", limit);
        for (const slice of slices) expect(slice.length).toBeLessThanOrEqual(limit);
        expect(slices.flatMap((slice) => JSON.parse(text(slice)) as unknown[])).toEqual(rows);
      }),
    );
  });

  it("keeps every line of NDJSON", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), fc.integer({ min: 200, max: 500 }), (rows, limit) => {
        const body = rows.map((value) => `${JSON.stringify(value)}\n`).join("");
        const slices = cutBody(bytes(body), "ndjson", limit);
        for (const slice of slices) expect(slice.length).toBeLessThanOrEqual(limit);
        expect(slices.map(text).join("")).toBe(body);
        for (const slice of slices) expect(text(slice).endsWith("\n")).toBe(true);
      }),
    );
  });

  it.each([
    '[{"a":1},{"a":2},]',
    '[{"a":1},,{"a":2}]',
    '[{"a":1},{"a":2}',
    '[{"a":1},{"a":2}]]',
    '[{"a":1},{"a":2}] x',
    '[,{"a":1},{"a":2}]',
    '[{"a":1},{"a":2]}',
  ])("never makes the broken %s whole", (broken) => {
    const isWhole = (): boolean => {
      try {
        for (const slice of cutBody(bytes(broken), "json", 12)) JSON.parse(text(slice));
        return true;
      } catch {
        return false;
      }
    };
    expect(isWhole()).toBe(false);
  });

  it.each([
    ["ndjson", `${"x".repeat(50)}\n`],
    ["json", `["${"x".repeat(50)}"]`],
    ["json", `{"a":"${"x".repeat(50)}","b":1}`],
  ] as const)("refuses one %s row over the limit", (format, body) => {
    expect(() => cutBody(bytes(body), format, 40)).toThrow(expect.objectContaining({ code: "body_too_large" }));
  });
});
