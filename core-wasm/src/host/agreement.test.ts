// One verdict whatever the way in: lines, arrays and sequences agree, and an encoder takes exactly what validation accepted.
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { encodeEvent } from "../language/encode-event.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { ModelCore } from "./core-interface.ts";
import { createCore } from "./create-core.ts";

const utf8 = new TextEncoder();
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
let event: ModelCore;
beforeAll(async () => {
  const Event = model(
    "Event",
    {
      id: t.uuid(),
      at: t.dateTime64(3).epoch("ms"),
      name: t.string().lowCardinality(),
      alias: t.string().lowCardinality().optional(),
      aVeryLongFieldNameThatSpansMoreThanOneVector: t.int64(),
      aVeryLongFieldNameThatSpansMoreThanOneVectorToo: t.float32().optional(),
      state: t.enum(["on", "off"]).default("off"),
      tags: t.array(t.string().optional()).optional(),
      grid: t.array(t.array(t.int8())).default([[1]]),
    },
    { extra: "drop" },
  );
  event = (await createCore()).load(modelSpec(Event));
});

const word = fc.string({ unit: "binary", maxLength: 12 });
const good = fc.record(
  {
    id: fc.uuid(),
    at: fc.oneof(
      fc.constantFrom("2001-01-01T00:00:00.5Z", "2001-01-01 00:00:00"),
      fc.integer({ min: 0, max: 2 ** 40 }),
    ),
    name: word,
    alias: fc.option(word),
    aVeryLongFieldNameThatSpansMoreThanOneVector: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    aVeryLongFieldNameThatSpansMoreThanOneVectorToo: fc.option(fc.float({ noNaN: true, noDefaultInfinity: true })),
    state: fc.constantFrom("on", "off"),
    tags: fc.option(fc.array(fc.option(word), { maxLength: 3 })),
    grid: fc.array(fc.array(fc.integer({ min: -128, max: 127 }), { maxLength: 3 }), { maxLength: 3 }),
    more: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ["id", "at", "name", "aVeryLongFieldNameThatSpansMoreThanOneVector"] },
);

/** The members in any order, sometimes with white space, sometimes with one damaged byte. */
const row = fc
  .tuple(
    good,
    fc.boolean(),
    fc.boolean(),
    fc.option(fc.tuple(fc.nat(), fc.constantFrom('"', "}", ",", "0", "x", " ", "é"))),
  )
  .map(([value, reverse, spaced, damage]) => {
    const entries = Object.entries(value);
    const line = encodeEvent(Object.fromEntries(reverse ? entries.reverse() : entries));
    const source = spaced ? line.replaceAll(/,"/g, ' , \t"').replaceAll('":', '" : ') : line;
    if (damage === null) return { line: source, damaged: false };
    const characters = [...source];
    characters[damage[0] % characters.length] = damage[1];
    return { line: characters.join(""), damaged: true };
  });

test("lines, arrays, sequences and encoders agree", () => {
  let accepted = 0;
  let rejected = 0;
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
      const lines = rows.map(({ line }) => line);
      const input = utf8.encode(lines.join("\n"));
      const verdict = event.validate(input, { format: "ndjson" });
      expect(verdict.rows).toBe(lines.length);
      const refused = new Set(verdict.rejectedRows);
      accepted += verdict.accepted;
      rejected += verdict.rejected;
      rows.forEach(({ damaged, line }, index) => {
        // White space put into a name or a text may change it, never break it; only a damaged byte may.
        if (!damaged && !line.includes(" , \t")) expect([line, refused.has(index)]).toEqual([line, false]);
      });
      const kept = lines.filter((_, index) => !refused.has(index));
      const { bytes, ends } = event.collect(input, verdict);
      expect(text(bytes)).toBe(kept.map((line) => `${line.trim()}\n`).join(""));
      expect([...ends].every((end) => bytes[end] === 0x0a)).toBe(true);
      const encoder = event.encoder();
      expect(encoder.feed(bytes, { partition: 0, baseOffset: 0, receivedAtMs: 0 })).toBe(kept.length);
      for (const [format, source] of [
        ["sequence", text(bytes)],
        ["json", `[${kept.join(" ,\n")}]`],
        ["ndjson", kept.join("\r\n")],
      ] as const) {
        expect(event.validate(utf8.encode(source), { format })).toMatchObject({
          rows: kept.length,
          accepted: kept.length,
        });
      }
      lines.forEach((line, index) => {
        const alone = event.validate(utf8.encode(line), { format: "json" });
        expect([line, alone.accepted === 1]).toEqual([line, !refused.has(index)]);
      });
    }),
    { numRuns: 800 },
  );
  // Both sides were met often.
  expect(Math.min(accepted, rejected)).toBeGreaterThan(500);
});
