// `createProgramCore()`: the core for those who hold compiled programs and need no compiler. Node and browsers alike.
import { HEADER_BYTES, MAGIC, RULES_BYTES } from "../program/layout.ts";
import { schemaId } from "../program/schema-id.ts";
import type { CoreOptions, ProgramCore } from "./core-interface.ts";
import { LoadedModel } from "./loaded-model.ts";
import { compileModule, Instance } from "./wasm-module.ts";

/** Inputs up to this size; bodies above are cut by whoever sends them. */
const MAX_INPUT_BYTES = 32 * 1024 * 1024;

/** Resolves with a core of its own: all its models validate in one linear memory, each encoder has another. */
export async function createProgramCore(options: CoreOptions = {}): Promise<ProgramCore> {
  const module = await compileModule(options.wasm);
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
    load(program: Uint8Array, name: string): LoadedModel {
      mustBeProgram(program);
      const id = schemaId(program);
      return new LoadedModel({ name, program, schemaId: id, validator, newInstance, maxInputBytes: MAX_INPUT_BYTES });
    },
    get memoryBytes(): number {
      let bytes = validator.memoryBytes;
      for (const reference of encoders) bytes += reference.deref()?.memoryBytes ?? 0;
      return bytes;
    },
  };
}

function mustBeProgram(program: Uint8Array): void {
  const words = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const whole =
    program.length >= HEADER_BYTES &&
    words.getUint32(0, true) === MAGIC &&
    words.getUint32(RULES_BYTES, true) <= program.length;
  if (!whole)
    throw new TypeError("not a compiled program, or one of another version of the core: compile the model again");
}
