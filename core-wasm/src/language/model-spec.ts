// The plain-JSON form of a data model: what every other part (validator, DDL, OpenAPI, SDKs) reads.

/** Scalar type names, as `t.*` spells them. */
export type ScalarName =
  | "string"
  | "fixedString"
  | "boolean"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "int128"
  | "int256"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uint128"
  | "uint256"
  | "float32"
  | "float64"
  | "decimal"
  | "uuid"
  | "ipv4"
  | "ipv6"
  | "date"
  | "date16"
  | "dateTime"
  | "dateTime64"
  | "enum";

/** A type without the modifiers of the field that carries it. */
export type TypeSpec =
  | {
      readonly kind: "string";
      readonly min?: number;
      readonly max?: number;
      readonly pattern?: string;
      readonly format?: StringFormat;
    }
  | { readonly kind: "boolean" | "uuid" | "date" | "date16" | "ipv4" | "ipv6" }
  | { readonly kind: "fixedString" /** Bytes. */; readonly length: number }
  | {
      readonly kind: "int8" | "int16" | "int32" | "uint8" | "uint16" | "uint32";
      readonly min?: number;
      readonly max?: number;
    }
  | {
      readonly kind: "int64" | "uint64" | "int128" | "int256" | "uint128" | "uint256";
      /** Decimal digits. */
      readonly min?: string;
      readonly max?: string;
    }
  | {
      readonly kind: "decimal";
      /** Digits at all, 1 to 76, and of them behind the point. */
      readonly precision: number;
      readonly scale: number;
      /** Decimal text. */
      readonly min?: string;
      readonly max?: string;
    }
  | { readonly kind: "float32" | "float64"; readonly min?: number; readonly max?: number }
  | { readonly kind: "dateTime"; readonly timezone?: string; readonly epoch?: EpochUnit }
  | {
      readonly kind: "dateTime64";
      /** Sub-second digits, 0 to 9. */
      readonly precision: number;
      readonly timezone?: string;
      readonly epoch?: EpochUnit;
    }
  | { readonly kind: "enum"; readonly values: Readonly<Record<string, number>> }
  | {
      readonly kind: "array";
      readonly element: TypeSpec /** Elements may be null. */;
      readonly optionalElement?: true;
    }
  | {
      readonly kind: "map";
      /** A type whose values are text in JSON, or an integer. */
      readonly key: TypeSpec;
      readonly value: TypeSpec /** Values may be null. */;
      readonly optionalValue?: true;
    }
  | { readonly kind: "object"; readonly fields: readonly FieldSpec[] }
  | { readonly kind: "json" | GeoName };

/** The closed list of string formats; docs/PATTERNS.md defines each. */
export type StringFormat = "date" | "date-time" | "email" | "hostname" | "ipv4" | "ipv6" | "time" | "uri" | "uuid";

/** Types that hold no field of their own choosing: a JSON text, and ClickHouse's shapes of points. */
export type GeoName = "point" | "ring" | "polygon" | "multiPolygon";

export type EpochUnit = "s" | "ms" | "us" | "ns";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What is to be done with personal data before somebody sees it who has no right to: a mark, which Moose carries and does not act upon. */
export type PiiTreatment = "mask" | "hash" | "drop";

export interface FieldSpec {
  readonly name: string;
  readonly type: TypeSpec;
  /** Absent and null are the same; Nullable in ClickHouse, or empty for an array, a map or an object. */
  readonly optional?: true;
  /** Used when the field is absent; in its JSON form. */
  readonly default?: JsonValue;
  readonly lowCardinality?: true;
  /** First in ORDER BY, in the order of declaration. */
  readonly key?: true;
  readonly description?: string;
  readonly codec?: string;
  readonly pii?: PiiTreatment;
}

export interface ModelSpec {
  readonly name: string;
  readonly version: string;
  readonly fields: readonly FieldSpec[];
  /** What an unknown field does to its row. "keep" stores it in the column `_extra`, a Map of names to JSON texts. */
  readonly extra: "reject" | "drop" | "keep";
  readonly orderBy?: readonly string[];
  readonly partitionBy?: string;
  readonly partitionKey?: string;
  readonly ttl?: string;
  readonly description?: string;
  /** When the table writer inserts: whichever comes first. */
  readonly flush?: { readonly rows?: number; readonly bytes?: number; readonly ms?: number };
  /** Whether the server keeps rows that it refuses, when a request does not say; absent: as the server is configured. */
  readonly quarantine?: boolean;
}
