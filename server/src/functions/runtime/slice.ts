// What the host and a function's process say to each other, and what one slice of a stream comes to. No code here.
import type { FieldSpec } from "@moose/core";
import type { FunctionLimits } from "../../model/function-spec.ts";
import type { LogFields } from "../api/function-context.ts";

/** The rows of one schema: sent once to each process before the first slice of it. */
export interface SliceSchema {
  readonly id: string;
  readonly model: string;
  readonly fields: readonly FieldSpec[];
  /** Field whose value is the key of order and of state. */
  readonly keyField?: string;
}

/** Events of one partition that follow each other; their bytes travel beside it. */
export interface SliceHead {
  /** Numbers the slices of a process from 1: how the watcher knows which one runs. */
  readonly number: number;
  readonly stream: string;
  readonly partition: number;
  readonly schemaId: string;
  readonly events: number;
  /** Of each event, for processes that take JSON lines; a Native block has them as columns. */
  readonly offsets?: readonly number[];
  readonly receivedAtMs?: readonly number[];
  /** No events, but time has passed: the watermark moves on by this much. */
  readonly idleMs?: number;
}

/** One output: the event that it came from (index in the slice; -1: a window that closed by the clock), its model, its JSON text. */
export type SliceOutput = readonly [event: number, model: string, text: string];

export type FailureCode =
  | "function_threw"
  | "function_late_event"
  | "function_deadline"
  | "function_memory"
  | "function_ended";

/** An event that came to nothing: it goes to quarantine. */
export interface SliceFailure {
  readonly event: number;
  readonly code: FailureCode;
  readonly message: string;
  readonly stack: string;
  readonly attempts: number;
  /** What is kept instead of the event: a window whose last call failed. */
  readonly text?: string;
}

export interface SliceResult {
  /** In the order of the events. */
  readonly outputs: readonly SliceOutput[];
  readonly failures: readonly SliceFailure[];
  /** Attempts beyond the first. */
  readonly retried: number;
  /** Late events that the function said to drop. */
  readonly dropped: number;
  /** Entries of the partition's state that are new, or gone (null). */
  readonly changes: readonly StateChange[];
}

export type StateChange = readonly [entry: string, text: string | null];

export type ToProcess =
  | { readonly kind: "start"; readonly limits: FunctionLimits; readonly name: string }
  | { readonly kind: "schema"; readonly schema: SliceSchema }
  /** The partition's state as it was committed; sent before its first slice. */
  | {
      readonly kind: "restore";
      readonly stream: string;
      readonly partition: number;
      readonly entries: readonly (readonly [string, string])[];
    }
  | { readonly kind: "forget"; readonly stream: string; readonly partition: number }
  | { readonly kind: "slice"; readonly slice: SliceHead };

export type FromProcess =
  | { readonly kind: "ready" }
  | {
      readonly kind: "log";
      readonly level: "debug" | "info" | "warn" | "error";
      readonly message: string;
      readonly fields?: LogFields;
    }
  | { readonly kind: "done"; readonly number: number; readonly result: SliceResult }
  /** The slice as a whole could not be run: a fault of ours or of the code around the function. */
  | { readonly kind: "refused"; readonly number: number; readonly message: string; readonly stack: string }
  /** The process ends itself. `suspects`: what ran at that moment. */
  | {
      readonly kind: "dying";
      readonly code: FailureCode;
      readonly message: string;
      readonly stack: string;
      readonly suspects: readonly Suspect[];
    };

export interface Suspect {
  /** Number of the slice. */
  readonly slice: number;
  /** Index in the slice; -1: the slice as a whole. */
  readonly event: number;
}
