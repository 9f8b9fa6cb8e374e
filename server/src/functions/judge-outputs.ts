// The core's verdict on a function's outputs: records for the targets' streams, and what a target model refuses.
import type { ModelCore, RowError } from "@moose/core";
import type { NewRecords } from "../model/record-batch.ts";
import { keysOf } from "../model/row-keys.ts";
import type { Catalog, CatalogModel } from "../ports/catalog.ts";
import type { SliceOutput } from "./runtime/slice.ts";

export interface TargetRecords {
  readonly target: CatalogModel;
  readonly records: NewRecords;
}

export interface RefusedOutput {
  /** Index of the event that it came from; -1 for none. */
  readonly event: number;
  readonly model: string;
  readonly version: string;
  readonly stream: string;
  readonly text: string;
  readonly reason: string;
}

export interface JudgedOutputs {
  readonly accepted: readonly TargetRecords[];
  readonly refused: readonly RefusedOutput[];
}

export function judgeOutputs(outputs: readonly SliceOutput[], catalog: Catalog, receivedAtMs: number): JudgedOutputs {
  const byModel = new Map<string, SliceOutput[]>();
  for (const output of outputs) {
    const list = byModel.get(output[1]);
    if (list === undefined) byModel.set(output[1], [output]);
    else list.push(output);
  }
  const accepted: TargetRecords[] = [];
  const refused: RefusedOutput[] = [];
  for (const [model, list] of byModel) {
    const target = catalog.model(model);
    if (target === undefined) {
      refused.push(
        ...list.map(([event, , text]) => ({
          event,
          model,
          version: "",
          stream: "",
          text,
          reason: `no model is named ${model}`,
        })),
      );
      continue;
    }
    const input = Buffer.from(list.map(([, , text]) => `${text}\n`).join(""));
    const validation = target.core.validate(input, { format: "ndjson", maxErrors: MAX_ERRORS });
    const { version } = target.core.spec;
    for (const row of validation.rejectedRows) {
      const [event, , text] = list[row]!;
      const reason = describe(
        model,
        target.core,
        validation.errors.find((error) => error.row === row),
      );
      refused.push({ event, model, version, stream: target.stream, text, reason });
    }
    if (validation.accepted === 0) continue;
    const { bytes, ends } = target.core.collect(input, validation);
    const keys = keysOf(validation, ends);
    const records = { bytes, ends, schemaId: target.core.schemaId, receivedAtMs };
    accepted.push({ target, records: keys === undefined ? records : { ...records, keys } });
  }
  return { accepted, refused };
}

const MAX_ERRORS = 1_000;

function describe(model: string, { spec }: ModelCore, error: RowError | undefined): string {
  if (error === undefined) return `${model} ${spec.version} does not take this output`;
  const { path, code, expected, got } = error;
  return `${model} ${spec.version} does not take this output: ${path === "" ? "the event" : path}: ${code}, expected ${expected}${got === "" ? "" : `, got ${got}`}`;
}
