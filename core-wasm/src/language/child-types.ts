// The types inside a type, in the order in which a Native block has their values: one list for programs, checks and texts.
import type { FieldSpec, TypeSpec } from "./model-spec.ts";

export interface ChildType {
  readonly type: TypeSpec;
  /** Null is accepted, too. */
  readonly optional?: true;
  readonly lowCardinality?: true;
  /** The field of an object. */
  readonly field?: FieldSpec;
  /** The key of a map. */
  readonly isKey?: true;
}

const coordinate: ChildType = { type: { kind: "float64" } };

export function childTypes(type: TypeSpec): readonly ChildType[] {
  switch (type.kind) {
    case "array":
      return [{ type: type.element, ...(type.optionalElement === true ? { optional: true } : {}) }];
    case "map":
      return [
        { type: type.key, isKey: true },
        { type: type.value, ...(type.optionalValue === true ? { optional: true } : {}) },
      ];
    case "object":
      return type.fields.map((field) => ({
        type: field.type,
        field,
        ...(field.optional === true ? { optional: true } : {}),
        ...(field.lowCardinality === true ? { lowCardinality: true } : {}),
      }));
    case "point":
      return [coordinate, coordinate];
    case "ring":
      return [{ type: { kind: "point" } }];
    case "polygon":
      return [{ type: { kind: "ring" } }];
    case "multiPolygon":
      return [{ type: { kind: "polygon" } }];
    default:
      return [];
  }
}

/** Types that are stored as arrays: without elements they are what null is elsewhere. */
const ARRAYS: readonly string[] = ["array", "ring", "polygon", "multiPolygon"];

export const isArrayType = (kind: string): boolean => ARRAYS.includes(kind);

/** Whether `.optional()` makes an empty value of the type, not NULL. */
export const isEmptyable = (kind: string): boolean => isArrayType(kind) || kind === "map" || kind === "object";

/** Whether the type holds others, or a text that is no plain value: no dimension, measure, key or filter. */
export const isComposite = (kind: string): boolean => isEmptyable(kind) || kind === "point" || kind === "json";

export const aOrAn = (kind: string): string => `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
