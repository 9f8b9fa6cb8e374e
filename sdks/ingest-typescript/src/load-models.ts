// Loads the models of a client into the WebAssembly core, once for each client. Nothing of the core is in the bundle that a page begins with.
import type { WasmSource } from "@moose/core";
import { IngestError } from "./errors.ts";
import type { EventJudge } from "./event-gatherer.ts";
import { type AnyModel, type CompiledModel, specOf } from "./model-types.ts";

export interface LoadedCore {
  /** In the order of the models. */
  readonly judges: readonly EventJudge[];
  /** An event as JSON text. Throws TypeError for what JSON cannot say. */
  readonly encodeEvent: (event: object) => string;
}

export type WasmLoader = () => WasmSource | Promise<WasmSource> | undefined;

/**
 * A `wasm` that cannot be used is replaced by the inlined copy. Where WebAssembly is not allowed, events are checked by the server alone.
 * Rejects with IngestError `core_unavailable`.
 */
export async function loadModels(models: readonly AnyModel[], wasm: WasmLoader): Promise<LoadedCore> {
  try {
    const source = wasm();
    if (source !== undefined) return await load(models, source);
  } catch {
    // No such file, or something else in its place.
  }
  try {
    return await load(models);
  } catch (cause) {
    if (isForbidden(cause)) {
      console.warn(
        "moose: WebAssembly is not allowed here (Content-Security-Policy 'wasm-unsafe-eval'): events are checked by the server only",
      );
      const { encodeEvent } = await import("./load-core.ts");
      return { encodeEvent, judges: models.map(({ name }) => ({ name, validate: () => UNJUDGED })) };
    }
    throw new IngestError("core_unavailable", "The validation core could not be loaded.", { cause, retryable: true });
  }
}

async function load(models: readonly AnyModel[], wasm?: WasmSource | Promise<WasmSource>): Promise<LoadedCore> {
  const options = wasm === undefined ? {} : { wasm: await wasm };
  const [{ createProgramCore, encodeEvent }, compiler] = await Promise.all([
    import("./load-core.ts"),
    models.some(isDefined) ? import("./load-compiler.ts").then(({ createCore }) => createCore(options)) : undefined,
  ]);
  // Of a client with both kinds the second core takes the inlined copy: a response is read once.
  const programs = models.every(isDefined) ? undefined : await createProgramCore(compiler ? {} : options);
  const judges = models.map((model) => {
    const spec = specOf(model);
    return spec ? compiler!.load(spec) : programs!.load(fromBase64((model as CompiledModel).program), model.name);
  });
  return { judges, encodeEvent };
}

const isDefined = (model: AnyModel): boolean => specOf(model) !== undefined;

const UNJUDGED = { rejected: 0, errors: [] };

function isForbidden(cause: unknown): boolean {
  return !("WebAssembly" in globalThis) || (cause instanceof Error && cause.name === "CompileError");
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
