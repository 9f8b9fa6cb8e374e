// The plain form of a stream function: what the host reads of it; the code runs elsewhere.

/** A model by name; the version is "" where it was only named, until the manifest binds it. */
export interface ModelRef {
  readonly model: string;
  readonly version: string;
}

/**
 * - `event`: one event at a time, several at once as long as their keys differ.
 * - `batch`: all events of a slice in one call.
 * - `state`: one event at a time, with a state for each key.
 * - `window`: the same, with a state for each key and window, and a last call when the window closes.
 */
export type FunctionMode = "event" | "batch" | "state" | "window";

/** Event time is a stretch of milliseconds since 1970; windows are half open: [start, end). */
export type WindowShape =
  | { readonly kind: "tumbling"; readonly sizeMs: number }
  | { readonly kind: "sliding"; readonly sizeMs: number; readonly everyMs: number }
  | { readonly kind: "session"; readonly gapMs: number };

export interface WindowSpec {
  readonly shape: WindowShape;
  /** Field of the source model that holds the event's time. */
  readonly eventTime: string;
  /** The watermark stays this far behind the greatest event time of its partition. */
  readonly allowedLatenessMs: number;
  /** What becomes of an event whose windows have all closed. */
  readonly late: "quarantine" | "drop";
  /** After so long without an event the watermark goes on with the clock. Absent: it waits for the next event. */
  readonly idleAfterMs?: number;
}

export interface FunctionLimits {
  /** Events that run at the same time. */
  readonly concurrency: number;
  /** For one attempt at one event (or one batch). */
  readonly deadlineMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Memory of the function's process beyond what it needs to stand idle. */
  readonly memoryMb: number;
  /** Events that are handed over at once, at most. */
  readonly batchRows: number;
}

export interface FunctionSpec {
  readonly name: string;
  readonly language: "typescript" | "python";
  readonly mode: FunctionMode;
  readonly from: readonly ModelRef[];
  readonly to: readonly ModelRef[];
  /** Only what the function itself says; the rest is the server's configuration. */
  readonly limits: Partial<FunctionLimits>;
  readonly window?: WindowSpec;
  /** Where it begins when it has never run: with the first event that is still in the stream, or with the next one. */
  readonly startAt: "first" | "next";
}

/** A function with the code that runs it, as the project was loaded. */
export interface LoadedFunction {
  readonly spec: FunctionSpec;
  /** File of the project, with forward slashes. */
  readonly file: string;
  /** Changes with the code: equal digests need no restart. */
  readonly digest: string;
  readonly program: FunctionProgram;
}

export type FunctionProgram =
  | {
      readonly language: "typescript";
      /** Two modules: of the process, and of its thread. */
      readonly processCode: string;
      readonly threadCode: string;
      /** Where they are to be written. */
      readonly directory: string;
      readonly projectDir: string;
    }
  | {
      readonly language: "python";
      /** The command of the interpreter. */
      readonly python: string;
      /** The user's file, absolute. */
      readonly path: string;
      /** Where the runner and the generated dataclasses are found. */
      readonly pythonPath: readonly string[];
      readonly projectDir: string;
    };

export const defaultFunctionLimits: FunctionLimits = {
  concurrency: 1,
  deadlineMs: 10_000,
  retries: 3,
  memoryMb: 256,
  batchRows: 1_000,
};

/** What each may be: least and most. */
export const functionLimitRanges: { readonly [K in keyof FunctionLimits]: readonly [least: number, most: number] } = {
  concurrency: [1, 1_000],
  deadlineMs: [1, 3_600_000],
  retries: [0, 100],
  memoryMb: [16, 65_536],
  batchRows: [1, 100_000],
};
