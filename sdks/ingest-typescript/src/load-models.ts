// Loads the models of a client into the WebAssembly core, which is fetched when the client is created.
import { isModel, modelSpec, type ProgramModel } from "@moose/core";
import { IngestError } from "./errors.ts";
import type { AnyModel } from "./model-types.ts";

/** In the order of the models. Rejects with IngestError `core_unavailable`. */
export async function loadModels(models: readonly AnyModel[]): Promise<readonly ProgramModel[]> {
  try {
    const compiler = models.some((model) => isModel(model))
      ? await (await import("./load-compiler.ts")).createCore()
      : undefined;
    const programs = models.every((model) => isModel(model))
      ? undefined
      : await (await import("./load-core.ts")).createProgramCore();
    return models.map((model) =>
      isModel(model) ? compiler!.load(modelSpec(model)) : programs!.load(fromBase64(model.program), model.name),
    );
  } catch (cause) {
    const message =
      "The validation core could not be loaded: is WebAssembly allowed here (Content-Security-Policy wasm-unsafe-eval)?";
    throw new IngestError("core_unavailable", message, { cause });
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
