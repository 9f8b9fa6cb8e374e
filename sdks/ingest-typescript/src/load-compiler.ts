// What is loaded for models that are defined in the app: the compiler.
export { createCore } from "@moose/core";
