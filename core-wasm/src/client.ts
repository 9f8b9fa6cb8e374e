// The part of the package that clients load: the core for compiled programs, and events as JSON text. No compiler, no language.
export type * from "./host/core-interface.ts";
export { createProgramCore } from "./host/create-program-core.ts";
export { encodeEvent } from "./language/encode-event.ts";
