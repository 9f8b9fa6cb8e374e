// Says why a plain value does not fit a type: how a default is checked where it is written.

import { unmetConstraint } from "../pattern/string-constraints.ts";
import { maxLength } from "../pattern/string-format.ts";
import { compositeValueProblem } from "./check-composite-value.ts";
import type { JsonValue, TypeSpec } from "./model-spec.ts";
import {
  dayLimits,
  decimalLimits,
  epochDigits,
  integerLimits,
  isInteger,
  isWideInteger,
  scaledDecimal,
  tickLimits,
} from "./type-limits.ts";

/** Half of a surrogate pair, which UTF-8 cannot say. */
export const LONE_SURROGATE = /\p{Surrogate}/u;

/** The problem in words, or undefined when the value fits. */
export function valueProblem(type: TypeSpec, value: JsonValue): string | undefined {
  if (isInteger(type.kind)) return integerProblem(type as Extract<TypeSpec, { min?: number | string }>, value);
  switch (type.kind) {
    case "string":
      return stringProblem(value, type.min, maxLength(type)) ?? unmetConstraint(type, value);
    case "fixedString":
      return fixedStringProblem(value, type.length);
    case "decimal":
      return decimalProblem(type, value);
    case "ipv4":
      return typeof value === "string" && OCTETS.test(value) ? undefined : "must be an IPv4 address: 192.0.2.1";
    case "ipv6":
      return typeof value === "string" && isIpv6(value) ? undefined : "must be an IPv6 address: 2001:db8::1";
    case "boolean":
      return typeof value === "boolean" ? undefined : "must be true or false";
    case "float32":
    case "float64":
      return floatProblem(type, value);
    case "uuid":
      return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
        ? undefined
        : "must be a UUID: 8-4-4-4-12 hexadecimal digits";
    case "enum":
      return typeof value === "string" && Object.hasOwn(type.values, value)
        ? undefined
        : `must be one of ${Object.keys(type.values).join(", ")}`;
    case "map":
    case "object":
    case "json":
    case "point":
    case "ring":
    case "polygon":
    case "multiPolygon":
      return compositeValueProblem(type, value, valueProblem);
    case "array": {
      if (!Array.isArray(value)) return "must be an array";
      const problems = value.map((item) =>
        item === null && type.optionalElement === true ? undefined : valueProblem(type.element, item),
      );
      const at = problems.findIndex((problem) => problem !== undefined);
      return at < 0 ? undefined : `[${at}] ${problems[at]}`;
    }
    case "date":
    case "date16":
      return dateProblem(type.kind, value);
    case "dateTime":
      return timeProblem(type.kind, 0, type.epoch !== undefined ? epochDigits[type.epoch] : undefined, value);
    case "dateTime64":
      return timeProblem(
        type.kind,
        type.precision,
        type.epoch !== undefined ? epochDigits[type.epoch] : undefined,
        value,
      );
    default:
      return undefined;
  }
}

function stringProblem(value: JsonValue, min: number | undefined, max: number | undefined): string | undefined {
  if (typeof value !== "string") return "must be a string";
  if (LONE_SURROGATE.test(value)) return "holds half of a surrogate pair";
  const length = [...value].length;
  if (min !== undefined && length < min) return `must have at least ${min} characters`;
  return max !== undefined && length > max ? `must have at most ${max} characters` : undefined;
}

function fixedStringProblem(value: JsonValue, length: number): string | undefined {
  if (typeof value !== "string") return "must be a string";
  if (LONE_SURROGATE.test(value)) return "holds half of a surrogate pair";
  return new TextEncoder().encode(value).length > length ? `must have at most ${length} bytes` : undefined;
}

function decimalProblem(type: Extract<TypeSpec, { kind: "decimal" }>, value: JsonValue): string | undefined {
  const text = typeof value === "number" ? plainDigits(value) : value;
  if (typeof text !== "string" || !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return "must be a number or a decimal string";
  const scaled = scaledDecimal(text, type.scale);
  if (scaled === undefined) return `must have at most ${type.scale} digits behind the point`;
  const [least, most] = decimalLimits(type);
  return scaled < least || scaled > most ? `does not fit ${type.precision} digits or its bounds` : undefined;
}

/** The shortest digits of a number without an exponent. */
function plainDigits(value: number): string {
  const [mantissa, exponent = "0"] = String(value).split("e") as [string, string?];
  const [whole, fraction = ""] = mantissa.replace("-", "").split(".") as [string, string?];
  const digits = `${whole}${fraction}`;
  const point = whole.length + Number(exponent);
  const padded = point > 0 ? digits.padEnd(point, "0") : `${"0".repeat(1 - point)}${digits}`;
  const at = Math.max(1, point);
  const text = `${padded.slice(0, at)}.${padded.slice(at)}0`.replace(/^0+(?=\d)/, "");
  return value < 0 ? `-${text}` : text;
}

const OCTETS = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/;

function isIpv6(value: string): boolean {
  const tail = value.slice(value.lastIndexOf(":") + 1);
  const text = OCTETS.test(tail) ? `${value.slice(0, -tail.length)}0:0` : value;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  return (
    groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 2 ? groups.length <= 7 : groups.length === 8)
  );
}

function integerProblem(type: { kind: string; min?: number | string; max?: number | string }, value: JsonValue) {
  if (!isInteger(type.kind)) return undefined;
  const [least, most] = integerLimits[type.kind];
  const wide = isWideInteger(type.kind);
  const integer =
    typeof value === "number" && Number.isInteger(value)
      ? BigInt(value)
      : wide && typeof value === "string" && /^-?(0|[1-9]\d*)$/.test(value)
        ? BigInt(value)
        : undefined;
  if (integer === undefined) return wide ? "must be an integer or a string of decimal digits" : "must be an integer";
  const [min, max] = [
    type.min === undefined ? least : BigInt(type.min),
    type.max === undefined ? most : BigInt(type.max),
  ];
  return integer < min || integer > max ? `must be from ${min} to ${max}` : undefined;
}

function floatProblem(type: { kind: string; min?: number; max?: number }, value: JsonValue): string | undefined {
  if (typeof value !== "number") return "must be a number";
  if (!Number.isFinite(type.kind === "float32" ? Math.fround(value) : value)) return `must be finite as ${type.kind}`;
  if (type.min !== undefined && value < type.min) return `must be at least ${type.min}`;
  return type.max !== undefined && value > type.max ? `must be at most ${type.max}` : undefined;
}

/** Days since 1970-01-01 of an existing day, or undefined. */
function dayNumber(text: string): bigint | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(text) ? undefined : BigInt(time / 86_400_000);
}

function dateProblem(kind: "date" | "date16", value: JsonValue): string | undefined {
  const day = typeof value === "string" ? dayNumber(value) : undefined;
  if (day === undefined) return "must be an existing day as YYYY-MM-DD";
  return day < dayLimits[kind][0] || day > dayLimits[kind][1] ? `is outside the range of ${kind}` : undefined;
}

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?)(Z|z|[+-]([01]\d|2[0-3]):([0-5]\d))?$/;

function timeProblem(
  kind: "dateTime" | "dateTime64",
  precision: number,
  epoch: number | undefined,
  value: JsonValue,
): string | undefined {
  const scale = 10n ** BigInt(precision);
  let ticks: bigint;
  if (epoch !== undefined && typeof value === "number" && Number.isInteger(value)) {
    const scaled = BigInt(value) * scale;
    if (scaled % 10n ** BigInt(epoch) !== 0n) return moreDigits(precision);
    ticks = scaled / 10n ** BigInt(epoch);
  } else {
    const parts = typeof value === "string" ? TIME.exec(value) : null;
    const day = parts === null ? undefined : dayNumber(parts[1]!);
    if (parts === null || day === undefined || (parts[6] === undefined && value?.toString()[10] !== " ")) {
      return "must be a time as RFC 3339 (2001-01-31T13:05:00Z) or YYYY-MM-DD hh:mm:ss in UTC";
    }
    const digits = (parts[5] ?? "").replace(/0+$/, "");
    if (digits.length > precision) return moreDigits(precision);
    const offset = parts[7] === undefined ? 0n : BigInt(parts[7]) * 3600n + BigInt(parts[8]!) * 60n;
    const seconds =
      day * 86_400n +
      BigInt(parts[2]!) * 3600n +
      BigInt(parts[3]!) * 60n +
      BigInt(parts[4]!) +
      (parts[6]?.[0] === "-" ? offset : -offset);
    ticks = seconds * scale + BigInt(digits.padEnd(precision, "0") || "0");
  }
  const [least, most] = tickLimits(kind, precision);
  return ticks < least || ticks > most ? `is outside the range of ${kind}` : undefined;
}

const moreDigits = (precision: number): string =>
  precision === 0 ? "has sub-second digits, and none fit" : `has more sub-second digits than ${precision}`;
