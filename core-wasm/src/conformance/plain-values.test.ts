// The hot path against the general one: a value gives the same verdict and the same bytes whichever reads it.
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { Core } from "../host/core-interface.ts";
import { createCore } from "../host/create-core.ts";
import { model, modelSpec } from "../language/model.ts";
import { t } from "../language/t.ts";

let core: Core;
beforeAll(async () => {
  core = await createCore();
});

const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength });
const sign = fc.constantFrom("", "", "-");
const integers = fc.tuple(sign, digits(20)).map((parts) => parts.join(""));
const floats = fc
  .tuple(sign, digits(12), fc.option(digits(24)), fc.constantFrom("", "", "", "e2", "E-7", "e", "."))
  .map(([minus, whole, part, end]) => `${minus}${whole}${part === null ? "" : `.${part}`}${end}`);
const instants = fc
  .date({ min: new Date("1890-01-01"), max: new Date("2310-01-01"), noInvalidDate: true })
  .map((date) => JSON.stringify(date.toISOString()));
/** Text as it stands between quotes: mostly plain, of every length about the borders of vectors and of one byte of length. */
const characters = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(..."abc xyz 0") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("é", "東", "🛬", '\\"', "\\\\", "\\n", "\\/", "\\u0041", "\\u6771", "\\ud83d\\udeec"),
  },
);
const strings = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."ab c"), maxLength: 150 }).map((text) => `"${text}"`),
  fc.array(characters, { maxLength: 150 }).map((parts) => `"${parts.join("")}"`),
  fc.array(fc.constantFrom('\\"', "\\\\", "é", "東", "a"), { maxLength: 90 }).map((parts) => `"${parts.join("")}"`),
);
const shortStrings = fc.oneof(
  fc.constantFrom("ORD", "ATL", "DFW", "", "fifteen letters", "sixteen  letters").map((text) => `"${text}"`),
  strings,
);

/** One character of a text replaced, or left out. */
const edited = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(
      texts,
      fc.nat(),
      fc.constantFrom("", '"', "\\", "0", "9", "-", ".", "e", "Z", ":", "T", " ", "é", "\u0001", "\ud800", ",", "}"),
    )
    .map(([text, at, by]) => text.slice(0, at % text.length) + by + text.slice((at % text.length) + 1));
const mostly = (texts: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 8, arbitrary: texts },
    { weight: 4, arbitrary: edited(texts) },
    { weight: 1, arbitrary: fc.constantFrom("null", "[]", "{}", "1", '"x"') },
  );

const uuids = fc
  .oneof(
    fc.uuid(),
    fc.uuid().map((id) => id.toUpperCase()),
  )
  .map((id) => `"${id}"`);
const days = instants.map((text) => `${text.slice(0, 11)}"`);
const zones = fc.constantFrom('Z"', '.5Z"', '.123456Z"', '+01:30"', '"');
const times = fc.oneof(
  instants,
  fc.tuple(instants, zones).map(([text, zone]) => text.slice(0, 20) + zone),
);
const names = fc
  .constantFrom("scheduled", "boarding", "departed", "landed", "of sixteen bytes", "", "é")
  .map((name) => `"${name}"`);
const status = t.enum(["scheduled", "boarding", "departed", "landed", "of sixteen bytes", "é"]);

describe.each([
  ["string", t.string(), strings],
  ["string of 3 to 20", t.string().min(3).max(20), strings],
  ["string, optional", t.string().optional(), strings],
  ["string, low cardinality", t.string().lowCardinality(), shortStrings],
  ["string, low cardinality, optional, 3 to 15", t.string().min(3).max(15).lowCardinality().optional(), shortStrings],
  [
    "strings in an array",
    t.array(t.string()),
    fc.array(strings, { maxLength: 4 }).map((texts) => `[${texts.join(",")}]`),
  ],
  ["int8", t.int8(), integers],
  ["int32, optional", t.int32().optional(), integers],
  ["int64", t.int64(), integers],
  ["int16 from -7 to 99", t.int16().min(-7).max(99), integers],
  ["uint8", t.uint8(), integers],
  ["uint64", t.uint64(), integers],
  ["float64", t.float64(), floats],
  ["float64 from -5 to 1000, optional", t.float64().min(-5).max(1000).optional(), floats],
  ["float32", t.float32(), floats],
  ["boolean", t.boolean(), fc.constantFrom("true", "false")],
  ["dateTime64(3)", t.dateTime64(3), times],
  ["dateTime64(6), optional", t.dateTime64(6).optional(), times],
  ["dateTime", t.dateTime(), times],
  ["date", t.date(), days],
  ["date16", t.date16(), days],
  ["uuid", t.uuid(), uuids],
  ["enum", status, names],
] as const)("%s", (_, type, texts) => {
  test("expected by name, or looked up", () => {
    const loaded = core.load(
      modelSpec(model("Plain", { value: type as ReturnType<typeof t.string>, mark: t.uint8() })),
    );
    const encoder = loaded.encoder();
    fc.assert(
      fc.property(fc.array(mostly(texts), { minLength: 1, maxLength: 60 }), (values) => {
        // An escape in a name is never what is expected, so its value goes the general way.
        const [plain, general] = ["value", "v\\u0061lue"].map((name) => {
          const rows = values.map((value) => `{"${name}":${value.replaceAll("\n", " ")},"mark":1}`).join("\n");
          const input = new TextEncoder().encode(rows);
          const verdict = loaded.validate(input, { format: "ndjson", maxErrors: 200 });
          const { accepted, rejectedRows } = verdict;
          encoder.feed(loaded.collect(input, verdict).bytes, { partition: 0, baseOffset: 0, receivedAtMs: 0 });
          const errors = verdict.errors.map(({ row, path, code, expected, got }) =>
            code === "invalid_json" ? { row, code } : { row, path, code, expected, got },
          );
          return {
            accepted,
            rejectedRows: [...rejectedRows],
            errors,
            block: Buffer.from(encoder.finish()).toString("base64"),
          };
        });
        expect(plain).toEqual(general);
      }),
      { numRuns: 150 },
    );
  });
});
