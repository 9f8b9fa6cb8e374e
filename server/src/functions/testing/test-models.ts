// Models for tests of functions: the core's verdict on texts, and texts as the events that a function reads.
import { type BlockEncoder, type Core, createCore, type ModelCore, type ModelSpec } from "@moose/core";
import { inUtc } from "../in-utc.ts";
import { type DecodedSlice, decodeSlice } from "../runtime/decode-events.ts";

export interface TestModel {
  readonly spec: ModelSpec;
  readonly encoder: BlockEncoder;
  /** What the model refuses, by index. */
  refusals(texts: readonly string[]): { readonly row: number; readonly reason: string }[];
}

/** One for the process: loading the module takes longer than a test. */
let core: Promise<Core> | undefined;

export async function testModel(spec: ModelSpec): Promise<TestModel> {
  core ??= createCore();
  const loaded = await core;
  const judge = loaded.load(spec);
  return { spec, encoder: loaded.load(inUtc(spec)).encoder(), refusals: (texts) => refusals(judge, texts) };
}

function refusals(judge: ModelCore, texts: readonly string[]): { row: number; reason: string }[] {
  const input = Buffer.from(texts.map((text) => `${text}\n`).join(""));
  const { errors } = judge.validate(input, { format: "ndjson" });
  return errors.map(({ row, path, code, expected, got }) => ({
    row,
    reason: `${path === "" ? "the event" : path}: ${code}, expected ${expected}${got === "" ? "" : `, got ${got}`}`,
  }));
}

/** Texts that the model takes, as they come out of a stream from an offset on. */
export function decodeRows({ spec, encoder }: TestModel, texts: readonly string[], baseOffset: number): DecodedSlice {
  if (texts.length === 0) return { events: [], origins: [], keys: [] };
  encoder.feed(Buffer.from(texts.map((text) => `${text}\n`).join("")), { partition: 0, baseOffset, receivedAtMs: 0 });
  const keyField = spec.partitionKey === undefined ? {} : { keyField: spec.partitionKey };
  const schema = { id: "", model: spec.name, fields: spec.fields, ...keyField };
  return decodeSlice(encoder.finish(), schema, `${spec.name}.${spec.version}`, 0);
}
