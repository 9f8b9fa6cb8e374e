// The manifest: everything that a project defines, as plain values.
import type { AggregationSpec, ModelSpec } from "@moose/core";
import type { LoadedFunction } from "./function-spec.ts";

export interface Manifest {
  readonly models: readonly ModelSpec[];
  readonly aggregations: readonly AggregationSpec[];
  /** Absent: none. */
  readonly functions?: readonly LoadedFunction[];
}

/** Stream of a model version. Names match exactly: the version is part of the name. */
export const streamName = (model: { name: string; version: string }): string => `${model.name}.${model.version}`;

/** Name of the model that a stream belongs to: a model's name holds no dot. */
export const modelOfStream = (stream: string): string => stream.slice(0, stream.indexOf("."));

/** Whether a model is one of Moose itself: `model()` gives no name that begins with "_". */
export const isSystemModel = (model: { name: string }): boolean => model.name.startsWith("_");

/**
 * Where events of a stream go that are given to one function's input again: into the same stream, however often. It belongs to no model,
 * so no table takes them twice.
 */
export function functionReplayStream(name: string, sourceStream: string): string {
  const replays = `_replay-${name}.`;
  return sourceStream.startsWith(replays) ? sourceStream : `${replays}${sourceStream}`;
}

/** Stream of the state that a function keeps of a stream that it reads; it belongs to no model. */
export const functionStateStream = (name: string, stream: string): string => `_state-${name}.${stream}`;

const FUNCTION_GROUP = "functions.";

/** Consumer group of a function. */
export const functionGroup = (name: string): string => `${FUNCTION_GROUP}${name}`;

/** Name of the function whose group it is; undefined for another group. */
export const functionOfGroup = (group: string): string | undefined =>
  group.startsWith(FUNCTION_GROUP) ? group.slice(FUNCTION_GROUP.length) : undefined;

/** Whether a function of the manifest reads the stream in this group. */
export function hasReader({ functions = [] }: Manifest, group: string, stream: string): boolean {
  const spec = functions.find((loaded) => functionGroup(loaded.spec.name) === group)?.spec;
  if (spec === undefined) return false;
  const replayed = functionReplayStream(spec.name, "");
  const source = stream.startsWith(replayed) ? stream.slice(replayed.length) : stream;
  return spec.from.some(({ model }) => model === modelOfStream(source));
}

/** Table of a model, unquoted. */
export const tableName = (model: { name: string; version: string }): string => model.name;

/** Target table of an aggregation's materialized view, and the view itself, unquoted. */
export const aggregationTable = (name: string): string => name;
export const aggregationView = (name: string): string => `${name}_view`;
