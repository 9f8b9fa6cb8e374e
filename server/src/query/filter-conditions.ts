// Writes the WHERE conditions of a query: values are checked against the dimension's type, then bound, never part of the text. Pure.
import type { DimensionSpec, FieldSpec } from "@moose/core";
import type { QueryFilter } from "../model/query-request.ts";
import { boundValue } from "./filter-values.ts";

export interface FilteredColumn {
  readonly dimension: DimensionSpec;
  readonly field: FieldSpec;
  /** SQL for the dimension's stored column. */
  readonly stored: string;
  /** SQL for what the result shows. */
  readonly shown: string;
}

export interface FilterWriter {
  condition(filter: QueryFilter, column: FilteredColumn): string;
}

const maxListValues = 1_000;
/** Parameters travel in the URL of the database's HTTP interface, whose headers are limited. Characters. */
const maxValueChars = 4_000;

const comparison = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

export function createFilterWriter(
  bind: (type: string, value: unknown) => string,
  refuse: (path: string, message: string) => never,
): FilterWriter {
  let chars = 0;
  return {
    condition({ op, value }, { dimension, field, stored, shown }) {
      const path = `/filters/${dimension.name}/${op}`;
      const checked = (operand: unknown) => {
        const bound = boundValue(operand, dimension, field, (message) => refuse(path, message));
        chars += encodeURIComponent(String(bound.value)).length;
        if (chars > maxValueChars)
          refuse(path, `The filter values are too long together: at most ${maxValueChars} characters.`);
        return bound;
      };
      const one = (operand: unknown): string => {
        const bound = checked(operand);
        return bind(bound.type, bound.value);
      };
      // An enum has names but no order: it is compared as text.
      const text = field.type.kind === "enum" ? (sql: string) => `toString(${sql})` : (sql: string) => sql;
      switch (op) {
        case "eq":
          return value === null ? `isNull(${shown})` : `${text(shown)} = ${one(value)}`;
        case "neq":
          if (value === null) return `isNotNull(${shown})`;
          return field.optional
            ? `(${text(shown)} != ${one(value)} OR isNull(${shown}))`
            : `${text(shown)} != ${one(value)}`;
        case "in": {
          if (!Array.isArray(value) || value.length > maxListValues) {
            return refuse(path, `\`in\` needs an array of at most ${maxListValues} values.`);
          }
          const bound = value.map(checked);
          // An empty list is allowed, and matches nothing.
          if (bound.length === 0) return "false";
          return `${text(shown)} IN ${bind(
            `Array(${bound[0]!.type})`,
            bound.map((item) => item.value),
          )}`;
        }
        case "gt":
        case "gte":
        case "lt":
        case "lte":
          if (field.type.kind === "enum")
            refuse(path, `${dimension.name} is an enum, which has no order. Use eq, neq or in.`);
          return `${stored} ${comparison[op]} ${one(value)}`;
        case "between":
          if (field.type.kind === "enum")
            refuse(path, `${dimension.name} is an enum, which has no order. Use eq, neq or in.`);
          if (!Array.isArray(value) || value.length !== 2)
            return refuse(path, "`between` needs an array of two values.");
          return `${stored} BETWEEN ${one(value[0])} AND ${one(value[1])}`;
        case "like":
          if (field.type.kind !== "string" && field.type.kind !== "enum") {
            refuse(path, `\`like\` works on strings only, and ${dimension.name} is not one.`);
          }
          if (typeof value !== "string") return refuse(path, "`like` needs a string.");
          // ClickHouse fails on it (code 25): the backslash escapes what follows, and nothing does.
          if (/\\*$/.exec(value)![0].length % 2 === 1) {
            return refuse(path, "A `like` pattern cannot end in a single backslash. Write two for one that is meant.");
          }
          checked(field.type.kind === "enum" ? Object.keys(field.type.values)[0] : value);
          return `${text(shown)} LIKE ${bind("String", value)}`;
      }
    },
  };
}
