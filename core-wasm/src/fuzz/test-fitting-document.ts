// Test fixture: random documents that fit their model, with the extremes of every type and all the ways in which JSON can write them.
import type { Random } from "../ajv/test-random-cases.ts";
import { isEmptyable } from "../language/child-types.ts";
import type { FieldSpec, ModelSpec, TypeSpec } from "../language/model-spec.ts";
import {
  decimalLimits,
  epochDigits,
  integerLimits,
  isInteger,
  isWideInteger,
  tickLimits,
} from "../language/type-limits.ts";

export function fittingDocument(random: Random, spec: ModelSpec): string {
  return object(random, spec.fields, spec.extra === "reject" ? [] : ['"zz":[1,{"é":"\\u0000"}]', '"z\\n":1e400']);
}

function object(random: Random, fields: readonly FieldSpec[], more: readonly string[]): string {
  const members = fields
    .filter((field) => (field.optional !== true && field.default === undefined) || random.chance(60))
    .map((field) => {
      const isNull = field.optional === true && random.chance(20);
      return `${name(random, field.name)}${space(random)}:${space(random)}${isNull ? "null" : value(random, field.type)}`;
    });
  members.push(...more.filter(() => random.chance(20)));
  if (random.chance(20)) members.reverse();
  return `{${space(random)}${members.join(`${space(random)},${space(random)}`)}${space(random)}}`;
}

const space = (random: Random): string => (random.chance(95) ? "" : random.one([" ", "\t", "  \r", " ".repeat(40)]));

const name = (random: Random, text: string): string =>
  random.chance(95) ? `"${text}"` : `"\\u${text.charCodeAt(0).toString(16).padStart(4, "0")}${text.slice(1)}"`;

function list(random: Random, item: () => string): string {
  const items = Array.from({ length: random.next(4) }, item);
  return `[${space(random)}${items.join(`${space(random)},`)}${space(random)}]`;
}

const numbers = [
  "0",
  "-0.0",
  "1.5",
  "-1e2",
  "1e-7",
  "0.1",
  "3.4028234663852886e38",
  "1.17549435E-38",
  "16777217",
  "7e-46",
  "123456789.123456789",
];
const doubles = [
  "1.7976931348623157e308",
  "5e-324",
  "2.2250738585072011e-308",
  "9007199254740993",
  "1e23",
  "-4.35e-9999",
];
const strings = ["", "a", "abc", "é世🛫", "\u2028\u0000", 'q"\\/', "x".repeat(15), "y".repeat(16), "z".repeat(300)];
const anything = [
  "1.50",
  "null",
  "[]",
  '{"a":{"b":[{}]}}',
  '"\\ud83d\\ude80"',
  "18446744073709551616",
  "[[[[[[1]]]]]]",
];

function value(random: Random, type: TypeSpec): string {
  if (isInteger(type.kind)) return integer(random, type);
  switch (type.kind) {
    case "string":
      return text(random, stringFor(random, type));
    case "fixedString":
      return text(random, random.one(strings.filter((one) => new TextEncoder().encode(one).length <= type.length)));
    case "boolean":
      return random.one(["true", "false"]);
    case "float32":
      return random.one(numbers);
    case "float64":
      return type.min === undefined ? random.one([...numbers, ...doubles]) : random.one(["0", "1.5", "1e-7", "999.25"]);
    case "decimal":
      return decimal(random, type);
    case "uuid":
      return `"${random.one(["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "FFFFFFFF-ffff-ffff-FFFF-ffffffffffff"])}"`;
    case "ipv4":
      return `"${random.one(["0.0.0.0", "255.255.255.255", "192.0.2.1"])}"`;
    case "ipv6":
      return `"${random.one(["::", "::1", "2001:DB8::1", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "fe80:0:0:0::1"])}"`;
    case "date":
      return `"${random.one(["1900-01-01", "2299-12-31", "2024-02-29", "1970-01-01"])}"`;
    case "date16":
      return `"${random.one(["1970-01-01", "2149-06-06", "2000-02-29"])}"`;
    case "dateTime":
    case "dateTime64":
      return time(random, type);
    case "enum":
      return text(random, random.one(Object.keys(type.values)));
    case "json":
      return random.one(anything);
    default:
      return composite(random, type);
  }
}

function composite(random: Random, type: TypeSpec): string {
  switch (type.kind) {
    case "array":
      return list(random, () =>
        type.optionalElement === true && random.chance(30) ? "null" : value(random, type.element),
      );
    case "map":
      return map(random, type);
    case "object":
      return object(random, type.fields, []);
    case "point":
      return `[${random.one(numbers)},${random.one(doubles)}]`;
    case "ring":
      return list(random, () => value(random, { kind: "point" }));
    case "polygon":
      return list(random, () => value(random, { kind: "ring" }));
    default:
      return list(random, () => value(random, { kind: "polygon" }));
  }
}

function map(random: Random, type: Extract<TypeSpec, { kind: "map" }>): string {
  const members = new Map<string, string>();
  for (let left = random.next(4); left > 0; left--) {
    const key = value(random, type.key);
    const digits = isInteger(type.key.kind) ? BigInt(key.replaceAll('"', "")).toString() : undefined;
    // One value is written in one way only: a key twice is refused.
    const written = digits === undefined ? (JSON.parse(key) as string) : digits;
    if (type.key.kind === "string" || type.key.kind === "enum" || digits !== undefined || members.size === 0) {
      const isNull = type.optionalValue === true && !isEmptyable(type.value.kind) && random.chance(30);
      members.set(written, isNull ? "null" : value(random, type.value));
    }
  }
  return `{${[...members].map(([key, member]) => `${text(random, key)}:${member}`).join(",")}}`;
}

/** JSON of a text, sometimes with an escape that is not needed. */
function text(random: Random, of: string): string {
  const json = JSON.stringify(of);
  return random.chance(85)
    ? json
    : json
        .replace(/[a-zé]/, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)
        .replace("\\\\u", "\\\\\\u005cu");
}

const formatted: Readonly<Record<string, string>> = {
  date: "2024-02-29",
  "date-time": "2001-01-31T12:00:00.5+02:00",
  email: "a@b.cd",
  hostname: "www.example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  time: "12:00:00Z",
  uri: "https://example.com/a?b#c",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
};

function stringFor(random: Random, type: Extract<TypeSpec, { kind: "string" }>): string {
  if (type.format !== undefined) return formatted[type.format]!;
  const fits = [...strings, "b", "12", "x-1", "cab"].filter((one) => {
    const points = [...one].length;
    const matches = type.pattern === undefined || new RegExp(type.pattern, "u").test(one);
    return matches && points >= (type.min ?? 0) && points <= (type.max ?? Number.POSITIVE_INFINITY);
  });
  return random.one(fits.length === 0 ? ["x"] : fits);
}

function integer(random: Random, type: TypeSpec): string {
  const [least, most] = integerLimits[type.kind as keyof typeof integerLimits];
  const { min, max } = type as { min?: number | string; max?: number | string };
  const [from, to] = [BigInt(min ?? least), BigInt(max ?? most)];
  const digits = random.one([from, to, (from + to) / 2n, from < 0n && to > 0n ? 0n : to]).toString();
  return isWideInteger(type.kind) && random.chance(30) ? `"${digits}"` : digits;
}

function decimal(random: Random, type: Extract<TypeSpec, { kind: "decimal" }>): string {
  const [least, most] = decimalLimits(type);
  const scaled = random.one([least, most, (least + most) / 2n]);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(type.scale + 1, "0");
  const fraction = type.scale === 0 ? "" : `.${digits.slice(-type.scale)}`;
  const written = `${scaled < 0n ? "-" : ""}${type.scale === 0 ? digits : digits.slice(0, -type.scale)}${fraction}`;
  return random.chance(50) ? written : `"${written}"`;
}

function time(random: Random, type: Extract<TypeSpec, { kind: "dateTime" | "dateTime64" }>): string {
  const precision = type.kind === "dateTime" ? 0 : type.precision;
  const [least, most] = tickLimits(type.kind, precision);
  const ticks = random.one([least, most, 0n, 1n, (least + most) / 2n]);
  if (type.epoch !== undefined && random.chance(50)) {
    const power = epochDigits[type.epoch] - precision;
    return (power >= 0 ? ticks * 10n ** BigInt(power) : ticks / 10n ** BigInt(-power)).toString();
  }
  const scale = 10n ** BigInt(precision);
  const part = ((ticks % scale) + scale) % scale;
  const second = new Date(Number((ticks - part) / scale) * 1000).toISOString().slice(0, 19);
  const fraction = precision === 0 ? "" : `.${part.toString().padStart(precision, "0")}`;
  return random.chance(50) ? `"${second}${fraction}Z"` : `"${second.replace("T", " ")}${fraction}"`;
}
