// Outside of pages, and where everything is to be in one file: the copy of the core that is inlined in @moose/core.
import type { WasmSource } from "@moose/core";

export const wasmFile = (): Promise<WasmSource> | undefined => undefined;
