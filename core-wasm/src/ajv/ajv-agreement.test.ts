// The core against Ajv on the JSON Schema that we emit: random models, random and edited documents, and each difference by itself.
// MOOSE_CASES=1000000 runs as many cases, MOOSE_SEED=1 those of a seed.
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import type { ModelCore } from "../host/core-interface.ts";
import { createCore } from "../host/create-core.ts";
import { jsonSchema } from "../language/json-schema.ts";
import { type Model, model, modelSpec } from "../language/model.ts";
import type { ModelSpec } from "../language/model-spec.ts";
import { t } from "../language/t.ts";
import { type DifferenceName, differenceNames, forAjv, stricter } from "./test-differences.ts";
import { exactTree } from "./test-exact-tree.ts";
import { Random, randomDocument, randomModel } from "./test-random-cases.ts";

const CASES = Number(process.env.MOOSE_CASES ?? 30_000);
const DOCUMENTS_PER_MODEL = 250;
const seed = Number(process.env.MOOSE_SEED ?? Date.now() % 2 ** 31);

const utf8 = new TextEncoder();

function compileAjv(spec: ModelSpec): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, logger: false });
  addFormats.default(ajv);
  return ajv.compile(jsonSchema(spec));
}

/** What Ajv says, and the differences that make the core refuse all the same. */
function expectation(spec: ModelSpec, ajv: ValidateFunction, text: string) {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return { accepted: false, differences: new Set<DifferenceName>() };
  }
  return { accepted: ajv(forAjv(spec.fields, row)), differences: stricter(spec, exactTree(text)) };
}

/** Which lines the core accepts. */
function verdicts(core: ModelCore, lines: readonly string[]): boolean[] {
  const { rows, rejectedRows } = core.validate(utf8.encode(lines.join("\n")), { format: "ndjson" });
  expect(rows).toBe(lines.length);
  const accepted = new Array<boolean>(rows).fill(true);
  for (const row of rejectedRows) accepted[row] = false;
  return accepted;
}

test(`${CASES} random documents have Ajv's verdict, but for the listed differences`, async () => {
  console.log(`seed ${seed}: run again with MOOSE_SEED=${seed}`);
  const random = new Random(seed);
  const counts = { accepted: 0, refused: 0, differing: 0 };
  const core = await createCore();
  for (let index = 0; index * DOCUMENTS_PER_MODEL < CASES; index++) {
    const spec = randomModel(random, index);
    const ajv = compileAjv(spec);
    const loaded = core.load(spec);
    const lines = Array.from({ length: DOCUMENTS_PER_MODEL }, () => randomDocument(random, spec)).filter(
      (line) => line.trim() !== "",
    );
    const ours = verdicts(loaded, lines);
    lines.forEach((line, at) => {
      const { accepted, differences } = expectation(spec, ajv, line);
      counts[ours[at] ? "accepted" : "refused"]++;
      if (accepted && differences.size > 0) counts.differing++;
      if (ours[at] !== (accepted && differences.size === 0)) {
        const verdict = `the core ${ours[at] ? "accepts" : "refuses"}, Ajv ${accepted ? "accepts" : "refuses"}, differences: ${[...differences].join(", ")}`;
        throw new Error(`seed ${seed}, model ${index}: ${verdict}\n${line}\n${JSON.stringify(spec.fields)}`);
      }
    });
    loaded.dispose();
  }
  console.log(
    `${counts.accepted} accepted, ${counts.refused} refused, of them ${counts.differing} by a listed difference`,
  );
  expect(counts.accepted).toBeGreaterThan(CASES / 10);
  expect(counts.refused).toBeGreaterThan(CASES / 10);
}, 3_600_000);

const v = (field: Parameters<typeof model>[1][string]): Model => model("D", { v: field });

/** For each difference: documents that Ajv takes and the core refuses (`times in UTC`: the other way round). */
const examples: Readonly<Record<DifferenceName, readonly (readonly [Model, string])[]>> = {
  "duplicate keys": [
    [v(t.int8()), '{"v":1,"v":2}'],
    [v(t.object({ a: t.int8() })), '{"v":{"a":1,"a":1}}'],
    [v(t.map(t.int8(), t.int8())), '{"v":{"0":1,"-0":1}}'],
    [v(t.json()), '{"v":[{"a":1,"a":1}]}'],
  ],
  "half surrogates": [
    [v(t.string()), '{"v":"\\ud800"}'],
    [model("X", { v: t.int8() }, { extra: "drop" }), '{"v":1,"w":"\\udc00"}'],
  ],
  "digits decide": [
    [v(t.int8()), '{"v":1.00000000000000000001}'],
    [v(t.uint32()), '{"v":4294967295.0000000001}'],
    [v(t.int64()), '{"v":9007199254740993.5}'],
  ],
  "wide integers": [
    [v(t.int64()), '{"v":9223372036854775808}'],
    [v(t.uint64()), '{"v":"18446744073709551616"}'],
    [v(t.int64().max(5)), '{"v":6}'],
  ],
  "map keys": [
    [v(t.map(t.int8(), t.boolean())), '{"v":{"128":true}}'],
    [v(t.map(t.uint64(), t.boolean())), '{"v":{"18446744073709551616":true}}'],
  ],
  decimals: [
    [v(t.decimal(4, 2)), '{"v":1.005}'],
    [v(t.decimal(4, 2)), '{"v":"100"}'],
  ],
  float32: [[v(t.float32()), '{"v":1e39}']],
  "fixed strings": [[v(t.fixedString(2)), '{"v":"世界"}']],
  formats: [
    [v(t.uuid()), '{"v":"urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301"}'],
    [v(t.string().format("hostname")), '{"v":"example.com."}'],
  ],
  "days and times": [
    [v(t.date()), '{"v":"1899-12-31"}'],
    [v(t.dateTime()), '{"v":"2106-02-07T06:28:16Z"}'],
    [v(t.dateTime64(3)), '{"v":"2001-01-31T12:00:00.0001Z"}'],
    [v(t.dateTime64(3)), '{"v":"2016-12-31T23:59:60Z"}'],
    [v(t.dateTime64(3)), '{"v":"2001-01-31T12:00:00+01"}'],
    [v(t.dateTime64(3).epoch("us")), '{"v":1}'],
  ],
  "times in UTC": [[v(t.dateTime()), '{"v":"2001-01-31 12:00:00"}']],
};

test.each(differenceNames)("difference: %s", async (name) => {
  const core = await createCore();
  for (const [of, text] of examples[name]) {
    const spec = modelSpec(of);
    const oursIsWider = name === "times in UTC";
    expect(compileAjv(spec)(JSON.parse(text)), text).toBe(!oursIsWider);
    expect(verdicts(core.load(spec), [text]), text).toEqual([oursIsWider]);
    expect([...stricter(spec, exactTree(text))], text).toEqual(oursIsWider ? [] : [name]);
  }
});

test("every difference has its section in AJV-DIFFERENCES.md, and no other has", () => {
  const text = readFileSync(new URL("../../AJV-DIFFERENCES.md", import.meta.url), "utf8");
  expect([...text.matchAll(/^## (.*)$/gm)].map(([, name]) => name)).toEqual(differenceNames);
});
