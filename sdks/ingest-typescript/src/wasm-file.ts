// In pages: the core as a file of its own, which the browser keeps in its cache.
import type { WasmSource } from "@moose/core";

/** Written so that bundlers see the file and copy it; where one did not, the answer is no module, and the inlined copy is used. */
export function wasmFile(): Promise<WasmSource> | undefined {
  if (!import.meta.url.startsWith("http")) return undefined;
  return fetch(new URL("./core.wasm", import.meta.url));
}
