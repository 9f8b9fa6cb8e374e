// What is loaded for models that were compiled before: the core without the compiler.
export { createProgramCore, encodeEvent } from "@moose/core/client";
