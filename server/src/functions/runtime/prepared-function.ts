// A stream function with everything that running it needs: its spec, its code, its limits.
import { defaultFunctionLimits, type FunctionLimits, type FunctionSpec } from "../../model/function-spec.ts";
import type { FunctionLog } from "../api/function-context.ts";
import { type FunctionBody, functionBody, functionSpec, type StreamFunction } from "../api/stream-function.ts";

export interface PreparedFunction {
  readonly spec: FunctionSpec;
  readonly body: FunctionBody;
  readonly limits: FunctionLimits;
}

export function prepareFunction(fn: StreamFunction, name: string, limits?: FunctionLimits): PreparedFunction {
  const spec = functionSpec(fn, name);
  return { spec, body: functionBody(fn), limits: limits ?? { ...defaultFunctionLimits, ...spec.limits } };
}

/** What runs at this moment, for whoever watches over deadlines and deaths. */
export interface RunBoard {
  /** Returns the slot to be given back to `end`. `event`: index in the slice, -1 for the slice as a whole. */
  begin(event: number): number;
  end(slot: number): void;
}

export interface RunEnvironment {
  readonly log: FunctionLog;
  readonly board: RunBoard;
  /** Between two attempts. */
  readonly wait: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}
