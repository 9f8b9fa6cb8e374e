// What a type accepts, in the words of an error: part of a program, so that no host repeats them.
import type { TypeSpec } from "../language/model-spec.ts";
import { integerLimits, isInteger } from "../language/type-limits.ts";
import { constraintsText } from "../pattern/string-constraints.ts";

const NAMES_SHOWN = 20;

/** `nullable`: null is accepted, too. */
export function expectedText(type: TypeSpec, nullable: boolean): string {
  return `${describe(type)}${nullable ? " or null" : ""}`;
}

function describe(type: TypeSpec): string {
  if (isInteger(type.kind)) {
    const { min, max } = type as { min?: number | string; max?: number | string };
    const [least, most] = integerLimits[type.kind];
    return `an integer from ${min ?? least} to ${max ?? most}`;
  }
  switch (type.kind) {
    case "string":
      return `a string${range(type, " of", " characters")}${constraintsText(type)}`;
    case "boolean":
      return "true or false";
    case "float32":
    case "float64":
      return `a number${range(type, "", "")}, finite as ${type.kind}`;
    case "fixedString":
      return `a string of at most ${type.length} bytes`;
    case "decimal": {
      const { precision, scale } = type;
      return `a number${range(type, "", "")} of at most ${precision} digits, ${scale} of them behind the point`;
    }
    case "ipv4":
      return "an IPv4 address: 192.0.2.1";
    case "ipv6":
      return "an IPv6 address: 2001:db8::1";
    case "uuid":
      return "a UUID: 8-4-4-4-12 hexadecimal digits";
    case "date":
      return "an existing day as YYYY-MM-DD, 1900-01-01 to 2299-12-31";
    case "date16":
      return "an existing day as YYYY-MM-DD, 1970-01-01 to 2149-06-06";
    case "dateTime":
    case "dateTime64": {
      const digits = type.kind === "dateTime64" ? type.precision : 0;
      const years = type.kind === "dateTime" ? "1970 to 2106" : digits === 9 ? "1900 to 2262" : "1900 to 2299";
      const epoch = type.epoch === undefined ? "" : `, or a whole number of ${type.epoch} since 1970-01-01`;
      return `a time as RFC 3339 or YYYY-MM-DD hh:mm:ss in UTC${epoch}, ${years}, ${subSecondDigits(digits)}`;
    }
    case "enum": {
      const names = Object.keys(type.values);
      const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
      return `one of ${names.slice(0, NAMES_SHOWN).join(", ")}${more}`;
    }
    case "map":
      return `an object with keys that are ${describe(type.key)}`;
    case "object": {
      const names = type.fields.map((field) => field.name);
      const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
      return `an object with ${names.slice(0, NAMES_SHOWN).join(", ")}${more}`;
    }
    case "json":
      return "a JSON value";
    case "point":
      return "a point: an array of two numbers";
    case "ring":
      return "a ring: an array of points";
    case "polygon":
      return "a polygon: an array of rings";
    case "multiPolygon":
      return "an array of polygons";
    default:
      return "an array";
  }
}

function range(type: { min?: number | string; max?: number | string }, before: string, after: string): string {
  if (type.min !== undefined && type.max !== undefined) return `${before} ${type.min} to ${type.max}${after}`;
  if (type.min !== undefined) return `${before} at least ${type.min}${after}`;
  return type.max === undefined ? "" : `${before} at most ${type.max}${after}`;
}

function subSecondDigits(digits: number): string {
  if (digits === 0) return "no sub-second digits";
  return `at most ${digits} sub-second ${digits === 1 ? "digit" : "digits"}`;
}
