// The core with the compiler, for models that are defined in the app. Loaded when it is needed.
export { createCore } from "@moose/core";
