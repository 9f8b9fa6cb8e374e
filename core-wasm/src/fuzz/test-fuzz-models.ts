// Test fixture: random models of every type, with what only composites, dictionaries and options of a model can do.
import { type Random, randomModel } from "../ajv/test-random-cases.ts";
import { isComposite } from "../language/child-types.ts";
import { model, modelSpec } from "../language/model.ts";
import type { FieldSpec, ModelSpec } from "../language/model-spec.ts";
import { t } from "../language/t.ts";

const deepest = t.object({ e: t.object({ f: t.object({ g: t.array(t.array(t.array(t.int8()))) }) }) });

const specials: readonly FieldSpec[] = modelSpec(
  model("Special", {
    texts: t.array(t.object({ l: t.string().lowCardinality(), o: t.string().lowCardinality().optional() })),
    nested: t.object({ d: t.object({ deepest }) }),
    shapes: t.multiPolygon().default([]),
    line: t.array(t.ring()),
    days: t.map(t.date(), t.array(t.fixedString(3).optional())),
    ids: t.map(t.uuid(), t.map(t.ipv6(), t.decimal(40, 20))),
    moments: t.map(t.dateTime64(3), t.json()),
    sums: t.map(t.int256(), t.array(t.array(t.uint128().optional()))),
    home: t.object({ a: t.int8().default(5), b: t.string().optional(), c: t.json().optional() }).optional(),
    filled: t.object({ a: t.int8(), b: t.string().default("x"), p: t.point().default([0, 1]) }).default({ a: 7 }),
    grid: t.array(t.array(t.float32().optional())).default([[1, null]]),
    many: t.enum(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`name${i}`, i * 7 - 1000]))),
    word: t.string().lowCardinality().default("none"),
    fixed: t.fixedString(100).optional(),
    bounded: t.decimal(30, 5).min("-1.5").max("99999999999999999999.5"),
    huge: t
      .int256()
      .min(-(10n ** 70n))
      .max(10n ** 70n),
    email: t.string().format("email").pattern("^[^é]*$").min(3).optional(),
    at: t.dateTime64(9).epoch("ns"),
    zoned: t.dateTime("UTC").epoch("ms").optional(),
  }),
).fields;

/** A model of random fields; its options are random, too. */
export function fuzzModel(random: Random, index: number): ModelSpec {
  const spec = randomModel(random, index);
  const some = specials.filter(() => random.chance(8));
  const fields = [...spec.fields, ...some];
  const keys = fields.filter(({ type }) => !isComposite(type.kind));
  return {
    ...spec,
    fields,
    extra: random.one(["reject", "drop", "keep"]),
    ...(keys.length > 0 && random.chance(25) ? { partitionKey: random.one(keys).name } : {}),
  };
}
