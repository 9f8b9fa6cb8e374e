// Random models and documents of every type and nesting: our Native rows are the rows that ClickHouse parses from the same JSON. MOOSE_SEED for a seed again.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Random } from "../ajv/test-random-cases.ts";
import { openRoundTrip, type RoundTrip } from "../host/test-round-trip.ts";
import { childTypes } from "../language/child-types.ts";
import type { FieldSpec, ModelSpec, TypeSpec } from "../language/model-spec.ts";
import { fittingDocument } from "./test-fitting-document.ts";
import { fuzzModel } from "./test-fuzz-models.ts";

const MODELS = 60;
const ROWS = 25;
const seed = Number(process.env.MOOSE_SEED ?? Date.now() % 2 ** 31);

let trip: RoundTrip;
beforeAll(async () => {
  trip = await openRoundTrip();
});
afterAll(() => trip.close());

/** What JSONEachRow can say: it has its own idea of JSON in a String and of integers as times, and the defaults stand in the DDL, not here. */
function comparable(fields: readonly FieldSpec[]): FieldSpec[] {
  return fields
    .filter((field) => !holdsJson(field.type) && !(field.type.kind === "object" && field.optional === true))
    .map(({ default: _, ...field }) => ({ ...field, type: comparableType(field.type) }))
    .filter((field) => field.type.kind !== "object" || field.type.fields.length > 0);
}

function comparableType(type: TypeSpec): TypeSpec {
  switch (type.kind) {
    case "dateTime":
    case "dateTime64": {
      const { epoch: _, ...rest } = type;
      return rest;
    }
    case "array":
      return { ...type, element: comparableType(type.element) };
    case "map":
      return { ...type, value: comparableType(type.value) };
    case "object":
      return { ...type, fields: comparable(type.fields) };
    default:
      return type;
  }
}

const holdsJson = (type: TypeSpec): boolean =>
  type.kind === "json" || childTypes(type).some((child) => holdsJson(child.type));

/** It does not read escapes in the names of a Tuple's elements and in the keys of a Map that are no text. */
const ESCAPED_NAME = /\\u[0-9a-f]{4}[^",{}[\]]*"\s*:/;

test(`${MODELS} random models: ClickHouse reads from our blocks what it reads from the JSON`, () => {
  console.log(`seed ${seed}: run again with MOOSE_SEED=${seed}`);
  const random = new Random(seed);
  let compared = 0;
  for (let index = 0; index < MODELS; index++) {
    const { partitionKey: _, ...model } = fuzzModel(random, index);
    const spec: ModelSpec = { ...model, extra: "drop", fields: comparable(model.fields) };
    if (spec.fields.length === 0) continue;
    const documents = Array.from({ length: ROWS }, () => fittingDocument(random, spec));
    const rows = accepted(spec, documents).filter((row) => !ESCAPED_NAME.test(row));
    const { native, parsed } = trip.shown(spec, rows);
    expect(native).toHaveLength(rows.length);
    rows.forEach((row, at) => {
      const again = `MOOSE_SEED=${seed}, model ${index}: ${JSON.stringify(spec.fields)}\n${row}`;
      expect(parsed[at], again).toBe(native[at]);
      compared++;
    });
  }
  console.log(`${compared} rows compared`);
  expect(compared).toBeGreaterThan(MODELS * 10);
}, 300_000);

function accepted(spec: ModelSpec, documents: readonly string[]): string[] {
  const input = new TextEncoder().encode(documents.join("\n"));
  const refused = new Set(trip.core.load(spec).validate(input, { format: "ndjson" }).rejectedRows);
  return documents.filter((_, row) => !refused.has(row));
}
