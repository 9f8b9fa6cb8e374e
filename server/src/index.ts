// Public API of the package for a project's own files: light, because `moose.config.ts` imports it at every load.

export { type Emitted, emit } from "./functions/api/emit.ts";
export type * from "./functions/api/function-context.ts";
export {
  type EventOf,
  type StreamFunction,
  statefulFunction,
  streamFunction,
  windowFunction,
} from "./functions/api/stream-function.ts";
export { session, sliding, tumbling } from "./functions/api/window.ts";
export type { MooseConfig, UserConfig } from "./model/config.ts";
export { defineConfig } from "./model/config.ts";
