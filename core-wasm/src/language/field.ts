// A field while it is being described: an immutable builder whose type parameters carry what `Infer` reads.
import type {
  EpochUnit,
  FieldSpec,
  GeoName,
  JsonValue,
  PiiTreatment,
  ScalarName,
  StringFormat,
  TypeSpec,
} from "./model-spec.ts";
import { isWideInteger } from "./type-limits.ts";

export type FieldKind = ScalarName | "array" | "map" | "object" | "json" | GeoName;
export type Presence = "required" | "optional" | "default";

/** A field's spec before the model gives it its name. */
export type UnnamedField = Omit<FieldSpec, "name">;

type SmallIntegerKind = "int8" | "int16" | "int32" | "uint8" | "uint16" | "uint32";
type WideIntegerKind = "int64" | "int128" | "int256" | "uint64" | "uint128" | "uint256";
type Bounded = SmallIntegerKind | WideIntegerKind | "decimal" | "float32" | "float64" | "string";
type TimeKind = "dateTime" | "dateTime64";
type Bound<Kind> = Kind extends WideIntegerKind
  ? bigint | number | string
  : Kind extends "decimal"
    ? number | string
    : number;

/** `T` is what an application sends, `R` what a reader gets. Methods return a new field; mistakes are reported by `model()`. */
export class Field<T, R, Kind extends FieldKind, P extends Presence = "required"> {
  /** For the compiler only: never set. */
  declare readonly "~types": { readonly input: T; readonly row: R; readonly kind: Kind; readonly presence: P };
  readonly spec: UnnamedField;

  constructor(spec: UnnamedField) {
    this.spec = spec;
  }

  /** Absent and null are the same; NULL in ClickHouse, or an empty array, map or object. */
  optional(): Field<T, R, Kind, "optional"> {
    return new Field({ ...this.spec, optional: true });
  }

  /** Used when the field is absent. */
  default(value: T): Field<T, R, Kind, "default"> {
    return new Field({ ...this.spec, default: jsonForm(value) });
  }

  /** Stored as a dictionary: for strings with few different values. */
  lowCardinality(this: Field<T, R, "string", P>): Field<T, R, "string", P> {
    return new Field({ ...this.spec, lowCardinality: true });
  }

  /** First in ORDER BY, in the order of declaration. */
  key(): Field<T, R, Kind, P> {
    return new Field({ ...this.spec, key: true });
  }

  /** Goes to OpenAPI, the ClickHouse comment and the docs. */
  describe(description: string): Field<T, R, Kind, P> {
    return new Field({ ...this.spec, description });
  }

  /** ClickHouse column codec, as in `CODEC(...)`: `"Delta, ZSTD(1)"`. */
  codec(codec: string): Field<T, R, Kind, P> {
    return new Field({ ...this.spec, codec });
  }

  /**
   * Marks personal data, and says how whoever shows or exports it has to treat it. Moose carries the mark (model spec, JSON Schema `x-pii`,
   * ClickHouse comment) and stores the value as it was sent.
   */
  pii(treatment: PiiTreatment): Field<T, R, Kind, P> {
    return new Field({ ...this.spec, pii: treatment });
  }

  /** Smallest value, or the smallest length of a string in code points. */
  min<K extends Bounded>(this: Field<T, R, K, P>, bound: Bound<K>): Field<T, R, K, P> {
    return new Field(withBound(this.spec, "min", bound));
  }

  /** Largest value, or the largest length of a string in code points. */
  max<K extends Bounded>(this: Field<T, R, K, P>, bound: Bound<K>): Field<T, R, K, P> {
    return new Field(withBound(this.spec, "max", bound));
  }

  /**
   * Accepts only text of which a part matches: RE2-like syntax that means what a RegExp with the flag `u` means by it, runs in linear time.
   * @example t.string().pattern("^[A-Z]{3}$")
   */
  pattern(this: Field<T, R, "string", P>, pattern: string): Field<T, R, "string", P> {
    return new Field({ ...this.spec, type: { ...this.spec.type, pattern } as TypeSpec });
  }

  /** Accepts only text of a format, such as "email"; JSON Schema says the same. */
  format(this: Field<T, R, "string", P>, format: StringFormat): Field<T, R, "string", P> {
    return new Field({ ...this.spec, type: { ...this.spec.type, format } as TypeSpec });
  }

  /** Accepts integers, too: units of `unit` since 1970-01-01 UTC. */
  epoch<K extends TimeKind>(this: Field<T, R, K, P>, unit: EpochUnit): Field<T | number | bigint, R, K, P> {
    return new Field({ ...this.spec, type: { ...this.spec.type, epoch: unit } as TypeSpec });
  }
}

function withBound(spec: UnnamedField, side: "min" | "max", bound: bigint | number | string): UnnamedField {
  const wide = isWideInteger(spec.type.kind) || spec.type.kind === "decimal";
  return { ...spec, type: { ...spec.type, [side]: wide ? String(bound) : bound } as TypeSpec };
}

/** A value as JSON carries it: Date as RFC 3339, bigint as decimal digits. */
function jsonForm(value: unknown): JsonValue {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (Array.isArray(value)) return value.map(jsonForm);
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, jsonForm(member)]));
  }
  return value as JsonValue;
}

/** Fields by name. `any` keeps the variance of the parameters out of inference. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint that every field meets
export type Fields = Readonly<Record<string, Field<any, any, FieldKind, Presence>>>;
