// Public API of the package: the only file others import.
/** What the types of a generated SDK are made of. */
export type { Aggregation, Field, Measure, TimeDimension } from "@moose/core";
export type { Consumption, RequestOf, UntypedRow } from "./consumption.ts";
export { createConsumption } from "./create-consumption.ts";
export {
  type ClientErrorCode,
  ConsumptionError,
  type ConsumptionErrorCode,
  isConsumptionError,
} from "./errors.ts";
export { KeyedRows, type RowOrder } from "./keyed-rows.ts";
export type {
  EventOptions,
  EventSubscription,
  LiveOptions,
  LiveQuery,
  LiveStatus,
  LiveUpdate,
  StreamEvent,
} from "./live-update.ts";
export type { Clock, ConsumptionOptions, WebSocketConstructor, WebSocketLike } from "./options.ts";
export type { CallOptions, Column, FilterConditions, Grain, QueryAnswer, QueryRequest } from "./request.ts";
export type { RequestedRow } from "./requested-row.ts";
