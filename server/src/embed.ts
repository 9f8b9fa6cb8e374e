// Public API for running Moose inside another Node process: tests, benchmarks, tools.
export type { App, AppOptions } from "./app/app.ts";
export { startApp } from "./app/app.ts";
export type { MooseConfig, UserConfig } from "./model/config.ts";
export { defaultConfig, withDefaults } from "./model/config.ts";
export type { Manifest } from "./model/manifest.ts";
export type { LoadedProject } from "./project/load-project.ts";
export { loadProject } from "./project/load-project.ts";
export { createJsonLog } from "./telemetry/json-log.ts";
export type { Log } from "./telemetry/log.ts";
export { silentLog } from "./telemetry/log.ts";
export { createTerminalLog } from "./telemetry/terminal-log.ts";
