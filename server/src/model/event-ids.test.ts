// The header of event ids: what it means, what is refused, and that writing and reading are inverse.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventIdsOf, parseEventIds, rangesOf, rangesText } from "./event-ids.ts";

const producer = "0123456789abcdef";

describe("parseEventIds", () => {
  it("reads a producer and its ranges", () => {
    const header = parseEventIds(`${producer};100-149,152`);
    expect(header).toEqual({ producer, ranges: [[100, 149], [152, 152]], count: 51 }); // biome-ignore format: one header
    const { sequences } = eventIdsOf(header, 51);
    expect([sequences[0], sequences[49], sequences[50]]).toEqual([100, 149, 152]);
  });

  it("reads what it writes", () => {
    const ascending = fc
      .uniqueArray(fc.maxSafeNat(), { minLength: 1, maxLength: 200 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(ascending, (sequences) => {
        const ids = { producer, sequences: Float64Array.from(sequences) };
        const header = parseEventIds(`${producer};${rangesText(rangesOf(ids))}`);
        expect(header.ranges).toEqual(rangesOf(ids));
        expect([...eventIdsOf(header, sequences.length).sequences]).toEqual(sequences);
      }),
    );
  });

  it.each([
    "",
    "short;1",
    `${producer}`,
    `${producer};`,
    `${producer};1;2`,
    `${producer};1,1`,
    `${producer};5-4`,
    `${producer};3,1`,
    `${producer};1-5,5-6`,
    `${producer};-1`,
    `${producer};1.5`,
    `${producer};9007199254740992`,
    `${producer};0-9999999999999999`,
    `${"p".repeat(65)};1`,
    `producer with space;1`,
  ])("refuses %j", (header) => {
    expect(() => parseEventIds(header)).toThrow(expect.objectContaining({ code: "invalid_parameter" }));
  });

  it("refuses another count than the body has rows, before it makes room for them", () => {
    const header = parseEventIds(`${producer};0-9007199254740991`);
    expect(() => eventIdsOf(header, 3)).toThrow(/and the body has 3 rows/);
  });
});
