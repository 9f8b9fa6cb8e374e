// Which filter operators a dimension takes, by the type of its field: what createFilterWriter accepts, told beforehand. Pure.
import type { FieldSpec } from "@moose/core";
import { filterOperators } from "../model/parse-query-request.ts";
import type { FilterOperator } from "../model/query-request.ts";

const filterable: readonly string[] = [
  ...["int8", "int16", "int32", "int64", "int128", "int256"],
  ...["uint8", "uint16", "uint32", "uint64", "uint128", "uint256"],
  ...["string", "enum", "boolean", "float32", "float64", "uuid", "date", "date16", "dateTime", "dateTime64"],
];
/** An enum has names but no order. */
const unordered: readonly FilterOperator[] = ["eq", "neq", "in", "like"];

/** Empty for a type that cannot be filtered. */
export function operatorsOf({ type }: FieldSpec): readonly FilterOperator[] {
  if (!filterable.includes(type.kind)) return [];
  if (type.kind === "enum") return unordered;
  return type.kind === "string" ? filterOperators : filterOperators.filter((operator) => operator !== "like");
}
