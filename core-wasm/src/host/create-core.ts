// `createCore()`: the core for those who hold models: compiles them and loads their programs.
import type { ModelSpec } from "../language/model-spec.ts";
import { compileProgram } from "../program/compile-program.ts";
import type { Core, CoreOptions, ModelCore } from "./core-interface.ts";
import { createProgramCore } from "./create-program-core.ts";

/** Resolves with a core of its own: all its models validate in one linear memory, each encoder has another. */
export async function createCore(options: CoreOptions = {}): Promise<Core> {
  const core = await createProgramCore(options);
  return {
    maxInputBytes: core.maxInputBytes,
    load: (spec: ModelSpec): ModelCore => Object.assign(core.load(compileProgram(spec), spec.name), { spec }),
    get memoryBytes(): number {
      return core.memoryBytes;
    },
  };
}
