// Hot path of the ingest SDK: one event as JSON text, with the values that JSON cannot say itself.

/**
 * Date becomes RFC 3339, bigint its decimal digits as a string; members that are undefined are left out.
 * Throws TypeError for what JSON would silently turn into null (NaN, infinities, invalid dates, functions).
 */
export function encodeEvent(value: object): string {
  return encode(value, "event", 0);
}

/** The core refuses deeper values, so there is no use in sending them; this also ends cycles. */
const MAX_DEPTH = 64;

function encode(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
      throw new TypeError(`${path} is ${value}, which JSON cannot say: leave it out or send a finite number`);
    case "boolean":
      return value ? "true" : "false";
    case "bigint":
      return `"${value}"`;
    case "object":
      if (value === null) return "null";
      if (depth >= MAX_DEPTH) throw new TypeError(`${path} is nested deeper than ${MAX_DEPTH} levels, or holds itself`);
      if (value instanceof Date) return encodeDate(value, path);
      if (Array.isArray(value)) {
        return `[${value.map((item, at) => (item === undefined ? "null" : encode(item, `${path}[${at}]`, depth + 1))).join(",")}]`;
      }
      return encodeMembers(value, path, depth);
    default:
      throw new TypeError(`${path} is a ${typeof value}, which JSON cannot say: leave it out`);
  }
}

function encodeMembers(value: object, path: string, depth: number): string {
  let text = "";
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${encode(member, name, depth + 1)}`;
  }
  return text === "" && typeof (value as { toJSON?: unknown }).toJSON === "function"
    ? encode((value as { toJSON: () => unknown }).toJSON(), path, depth + 1)
    : `{${text}}`;
}

function encodeDate(value: Date, path: string): string {
  if (Number.isNaN(value.getTime())) throw new TypeError(`${path} is an invalid date: check how it was parsed`);
  return `"${value.toISOString()}"`;
}
