// Public API of the package for a project's own files: light, because `moose.config.ts` imports it at every load.
export type { MooseConfig, UserConfig } from "./model/config.ts";
export { defineConfig } from "./model/config.ts";
