// Checks one filter value against the type of its dimension and gives the ClickHouse type that it is bound as. Pure.
import type { DimensionSpec, FieldSpec } from "@moose/core";

export interface BoundValue {
  /** ClickHouse type of the parameter. */
  readonly type: string;
  readonly value: string | boolean;
}

const integerTypes: Readonly<Record<string, readonly [type: string, min: bigint, max: bigint]>> = {
  int8: ["Int8", -(2n ** 7n), 2n ** 7n - 1n],
  int16: ["Int16", -(2n ** 15n), 2n ** 15n - 1n],
  int32: ["Int32", -(2n ** 31n), 2n ** 31n - 1n],
  int64: ["Int64", -(2n ** 63n), 2n ** 63n - 1n],
  uint8: ["UInt8", 0n, 2n ** 8n - 1n],
  uint16: ["UInt16", 0n, 2n ** 16n - 1n],
  uint32: ["UInt32", 0n, 2n ** 32n - 1n],
  uint64: ["UInt64", 0n, 2n ** 64n - 1n],
  int128: ["Int128", -(2n ** 127n), 2n ** 127n - 1n],
  int256: ["Int256", -(2n ** 255n), 2n ** 255n - 1n],
  uint128: ["UInt128", 0n, 2n ** 128n - 1n],
  uint256: ["UInt256", 0n, 2n ** 256n - 1n],
};

/** Calls `refuse` with a sentence when the value does not fit the dimension. */
export function boundValue(
  value: unknown,
  dimension: DimensionSpec,
  field: FieldSpec,
  refuse: (message: string) => never,
): BoundValue {
  const kind = field.type.kind;
  const shown = typeof value === "bigint" ? String(value) : String(JSON.stringify(value)).slice(0, 100);
  const mismatch = (expected: string): never => refuse(`${dimension.name} is compared with ${expected}, not ${shown}.`);
  const integer = integerTypes[kind];
  if (integer) {
    const [type, min, max] = integer;
    const digits = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
    if (typeof digits !== "string" || !/^-?\d{1,78}$/.test(digits)) return mismatch("an integral number");
    const exact = BigInt(digits);
    if (exact < min || exact > max) return mismatch(`a number from ${min} to ${max}`);
    return { type, value: String(exact) };
  }
  switch (kind) {
    case "string":
      return typeof value === "string" ? { type: "String", value } : mismatch("a string");
    case "enum":
      if (typeof value !== "string" || !Object.hasOwn(field.type.values, value)) {
        return mismatch(`one of ${Object.keys(field.type.values).slice(0, 20).join(", ")}`);
      }
      return { type: "String", value };
    case "boolean":
      if (value === true || value === "true") return { type: "Bool", value: true };
      if (value === false || value === "false") return { type: "Bool", value: false };
      return mismatch("true or false");
    case "float32":
    case "float64": {
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number !== "number" || !Number.isFinite(number)) return mismatch("a finite number");
      return { type: kind === "float32" ? "Float32" : "Float64", value: String(number) };
    }
    case "uuid":
      if (typeof value !== "string" || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value))
        return mismatch("a UUID");
      return { type: "UUID", value };
    case "date":
    case "date16":
    case "dateTime":
    case "dateTime64":
      if (dimension.grain === undefined && (kind === "date" || kind === "date16")) {
        const day = utcText(value, /^\d{4}-\d\d-\d\d$/);
        return day === undefined
          ? mismatch("a day such as 2026-11-20")
          : { type: kind === "date" ? "Date32" : "Date", value: day.slice(0, 10) };
      }
      return { type: "DateTime64(6, 'UTC')", value: utcText(value) ?? mismatch("a time such as 2026-11-20T10:00:00Z") };
    default:
      return refuse(`${dimension.name} cannot be filtered: it is of type ${kind}.`);
  }
}

/** `YYYY-MM-DD hh:mm:ss[.ffffff]` in UTC, or undefined. Without an offset, a time is in UTC. */
function utcText(value: unknown, only?: RegExp): string | undefined {
  if (typeof value !== "string" || value.length > 40 || (only && !only.test(value))) return undefined;
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?)?$/.exec(value);
  if (!parts) return undefined;
  const [, day, time = "00:00:00", fraction = "", zone = "Z"] = parts;
  const instant = new Date(`${day}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  // Date rolls 30 February over into March: what comes back must be the day that was asked for.
  if (Number.isNaN(instant.getTime()) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day)
    return undefined;
  const seconds = instant.toISOString().slice(0, 19).replace("T", " ");
  return `${seconds}.${fraction.slice(0, 6).padEnd(6, "0")}`;
}
