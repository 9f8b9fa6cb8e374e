// Public API of the package: the data-model language and the host of the WebAssembly core.
export { CoreError, type CoreErrorCode } from "./host/core-error.ts";
export type * from "./host/core-interface.ts";
export { createCore } from "./host/create-core.ts";
export { createProgramCore } from "./host/create-program-core.ts";
export {
  type Aggregation,
  aggregation,
  aggregationSpec,
  avg,
  count,
  type InferAggregation,
  isAggregation,
  type Measure,
  max,
  min,
  sum,
  type TimeDimension,
  time,
  type UncheckedFields,
} from "./language/aggregation.ts";
export type * from "./language/aggregation-spec.ts";
export { checkAggregation } from "./language/check-aggregation.ts";
export { checkModel, RESERVED_COLUMNS } from "./language/check-model.ts";
export { clickHouseType } from "./language/clickhouse-type.ts";
export { DefinitionError } from "./language/definition-error.ts";
export { encodeEvent } from "./language/encode-event.ts";
export type { Fields } from "./language/field.ts";
export { Field } from "./language/field.ts";
export type { Infer, InferRow } from "./language/infer.ts";
export { jsonSchema } from "./language/json-schema.ts";
export { isModel, type Model, type ModelOptions, model, modelSpec } from "./language/model.ts";
export type * from "./language/model-spec.ts";
export { t } from "./language/t.ts";
export { NativeError } from "./native/native-error.ts";
export { type NativeBlock, type NativeColumn, readNativeBlocks } from "./native/read-native.ts";
export type { StandardIssue, StandardResult, StandardSchema } from "./standard/standard-schema.ts";
