// What a finished slice puts into the log: outputs to their targets, refused events and outputs to quarantine, changes of state.

import type { ModelSpec } from "@moose/core";
import type { NewRecords } from "../model/record-batch.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Quarantine, QuarantinedEvents } from "../ports/quarantine.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { SliceCounts } from "../telemetry/function-metrics.ts";
import { judgeOutputs, type RefusedOutput } from "./judge-outputs.ts";
import type { PreparedSlice } from "./read-slice.ts";
import type { SliceFailure, SliceResult } from "./runtime/slice.ts";
import type { StateLog } from "./state-log.ts";

export interface Append {
  readonly stream: string;
  readonly records: NewRecords;
  readonly partition?: number;
}

export interface SliceRecords {
  readonly appends: readonly Append[];
  readonly counts: SliceCounts;
  /** Events emitted, by target stream. */
  readonly emitted: ReadonlyMap<string, number>;
  /** Outputs that their model refused. */
  readonly refused: number;
}

export interface SliceRecordsOptions {
  readonly log: StreamLog;
  readonly catalog: Catalog;
  readonly quarantine: Quarantine;
  /** The function's name. */
  readonly name: string;
  readonly stream: string;
  readonly partition: number;
  /** Partitions of a target's stream that is new. */
  readonly partitions: number;
  readonly state?: StateLog;
  readonly nowMs: number;
}

/** An idle slice of a window function has no events, so `slice` may be absent. */
export async function sliceRecords(
  options: SliceRecordsOptions,
  range: { readonly first: number; readonly last: number },
  slice: PreparedSlice | undefined,
  result: SliceResult,
): Promise<SliceRecords> {
  const { log, catalog, quarantine, partitions, state, nowMs } = options;
  const { accepted, refused } = judgeOutputs(result.outputs, catalog, nowMs);
  const appends: Append[] = [];
  for (const { target, records } of accepted) {
    await prepareTarget(log, target.stream, target.core, partitions);
    appends.push({ stream: target.stream, records });
  }
  for (const entry of [
    ...alike(result.failures, slice).map((failures) => failedEvents(options, slice, failures)),
    ...refused.map((output) => refusedOutput(options, slice, output)),
  ]) {
    appends.push(await quarantine.records(entry));
  }
  if (state !== undefined) appends.push(...state.changes(range.first, range.last, result.changes, nowMs));
  const emitted = new Map(accepted.map(({ target, records }) => [target.stream, records.ends.length]));
  const counts = {
    taken: slice?.offsets.length ?? 0,
    emitted: accepted.reduce((sum, { records }) => sum + records.ends.length, 0),
    failed: result.failures.length,
    retried: result.retried,
    quarantined: result.failures.length + refused.length,
    dropped: result.dropped,
  };
  return { appends, counts, emitted, refused: refused.length };
}

/** The stream exists, and the schema is kept beside it, before the first row under that schema is. */
async function prepareTarget(
  log: StreamLog,
  stream: string,
  core: { readonly schemaId: string; readonly spec: ModelSpec },
  partitions: number,
): Promise<void> {
  if (!log.streams().includes(stream)) await log.ensureStream(stream, { partitions });
  if (log.schema(core.schemaId) === undefined) await log.saveSchema(core.schemaId, JSON.stringify(core.spec));
}

/** Runs of events that follow each other and failed for one reason: one entry for quarantine, and one line in the log. */
function alike(failures: readonly SliceFailure[], slice: PreparedSlice | undefined): SliceFailure[][] {
  const runs: SliceFailure[][] = [];
  for (const failure of failures) {
    const last = runs.at(-1)?.at(-1);
    const follows = last !== undefined && slice?.offsets[failure.event] === (slice?.offsets[last.event] ?? 0) + 1;
    const same = last?.code === failure.code && last.message === failure.message && last.stack === failure.stack;
    if (follows && same && last.text === undefined && failure.text === undefined) runs.at(-1)!.push(failure);
    else runs.push([failure]);
  }
  return runs;
}

function failedEvents(
  { catalog, name, stream, partition, nowMs }: SliceRecordsOptions,
  slice: PreparedSlice | undefined,
  failures: readonly SliceFailure[],
): QuarantinedEvents {
  const { event, code, message, stack, attempts, text } = failures[0]!;
  const model = slice?.schema.model ?? "";
  const times = attempts > 1 ? ` (${attempts} attempts)` : "";
  const entry = {
    source: "function" as const,
    model,
    version: catalog.model(model)?.core.spec.version ?? "",
    stream,
    by: name,
    reason: `${message}${times}`,
    code,
    ...(stack === "" ? {} : { stack }),
  };
  // A window that could not be closed is no event: it has no place in the stream.
  if (text !== undefined || slice === undefined) {
    return { ...entry, code: "function_window_failed", events: [Buffer.from(text ?? "")], receivedAtMs: nowMs };
  }
  const place = { partition, firstOffset: slice.offsets[event]!, receivedAtMs: slice.receivedAtMs[event]! };
  return { ...entry, ...place, events: failures.map((failure) => slice.text(failure.event)) };
}

function refusedOutput(
  { name, stream, partition, nowMs }: SliceRecordsOptions,
  slice: PreparedSlice | undefined,
  { event, model, version, stream: target, text, reason }: RefusedOutput,
): QuarantinedEvents {
  const offset = slice?.offsets[event];
  const from = offset === undefined ? "" : ` (from ${stream}/${partition}/${offset})`;
  return {
    source: "function",
    model,
    version,
    stream: target,
    by: name,
    reason: `${reason}${from}`,
    code: "function_output_invalid",
    events: [Buffer.from(text)],
    receivedAtMs: nowMs,
  };
}
