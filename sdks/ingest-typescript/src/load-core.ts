// The core without the compiler, for models that were compiled before. Loaded when it is needed.
export { createProgramCore } from "@moose/core";
