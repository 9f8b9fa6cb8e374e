// Public API of the package: the data-model language and the host of the WebAssembly core.
export type * from "./host/core-interface.ts";
export type * from "./language/aggregation-spec.ts";
export type * from "./language/model-spec.ts";
