// `createCore()`: compiles the WebAssembly module once and loads models into it. Node and browsers alike.
import type { ModelSpec } from "../language/model-spec.ts";
import { compileProgram, schemaId } from "../program/compile-program.ts";
import type { Core, ModelCore } from "./core-interface.ts";
import { LoadedModel } from "./loaded-model.ts";
import { compileModule, Instance } from "./wasm-module.ts";

/** Inputs up to this size; bodies above are cut by whoever sends them. */
const MAX_INPUT_BYTES = 32 * 1024 * 1024;

/** Resolves with a core of its own: all its models validate in one linear memory, each encoder has another. */
export async function createCore(): Promise<Core> {
  const module = await compileModule();
  const validator = new Instance(module);
  const encoders = new Set<WeakRef<Instance>>();
  const newInstance = (): Instance => {
    const instance = new Instance(module);
    for (const reference of encoders) if (reference.deref() === undefined) encoders.delete(reference);
    encoders.add(new WeakRef(instance));
    return instance;
  };
  return {
    maxInputBytes: MAX_INPUT_BYTES,
    load(spec: ModelSpec): ModelCore {
      const program = compileProgram(spec);
      return new LoadedModel({
        spec,
        program,
        schemaId: schemaId(program),
        validator,
        newInstance,
        maxInputBytes: MAX_INPUT_BYTES,
      });
    },
    get memoryBytes(): number {
      let bytes = validator.memoryBytes;
      for (const reference of encoders) bytes += reference.deref()?.memoryBytes ?? 0;
      return bytes;
    },
  };
}
