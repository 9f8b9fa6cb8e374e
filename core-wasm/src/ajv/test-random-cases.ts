// Test fixture: random models and documents from a seed; half of the documents are meant to be right, the others are edited.
import type { FieldSpec, ModelSpec, StringFormat, TypeSpec } from "../language/model-spec.ts";
import { integerLimits, isInteger } from "../language/type-limits.ts";

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 to `below` - 1 (mulberry32). */
  next(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  one<T>(of: readonly T[]): T {
    return of[this.next(of.length)]!;
  }

  chance(percent: number): boolean {
    return this.next(100) < percent;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.next(10)).join("");
  }
}

const patterns = ["^[a-c]*$", "b", "^.{1,3}$", "^\\w+(?:-\\w+)*$", "[^\\s\\d]", "é|世|🛫", "^$|^x", "\\d{2,4}$"];
const formats: StringFormat[] = ["date", "date-time", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid"];
const integers = ["int8", "int16", "int32", "uint8", "uint16", "uint32"] as const;
const wideIntegers = ["int64", "uint64", "int128", "uint128", "int256", "uint256"] as const;

function randomType(random: Random, depth: number): TypeSpec {
  switch (random.next(depth > 1 ? 15 : 18)) {
    case 0:
      return { kind: "string" };
    case 1:
      return { kind: "string", min: random.next(3), max: 2 + random.next(4) };
    case 2:
      return { kind: "string", pattern: random.one(patterns) };
    case 3:
      return { kind: "string", format: random.one(formats) };
    case 4:
      return { kind: "fixedString", length: 1 + random.next(6) };
    case 5:
      return { kind: "boolean" };
    case 6:
      return { kind: random.one(integers) };
    case 7:
      return { kind: random.one(integers), min: random.next(50), max: 50 + random.next(50) };
    case 8:
      return { kind: random.one(wideIntegers) };
    case 9:
      return random.chance(50) ? { kind: "float32" } : { kind: "float64", min: -10, max: 1000 };
    case 10: {
      const precision = 1 + random.next(76);
      return { kind: "decimal", precision, scale: random.next(precision + 1) };
    }
    case 11:
      return { kind: random.one(["uuid", "ipv4", "ipv6"] as const) };
    case 12:
      return { kind: random.one(["date", "date16"] as const) };
    case 13:
      return { kind: "dateTime", ...(random.chance(30) ? { epoch: random.one(["s", "ms"] as const) } : {}) };
    case 14:
      return random.chance(50)
        ? { kind: "dateTime64", precision: random.next(10), ...(random.chance(30) ? { epoch: "us" } : {}) }
        : { kind: "enum", values: { a: 1, "b c": -5, é: 300 } };
    case 15:
      return randomComposite(random, depth);
    default: {
      const element = randomType(random, depth + 1);
      return { kind: "array", element, ...(isScalar(element) && random.chance(30) ? { optionalElement: true } : {}) };
    }
  }
}

function randomComposite(random: Random, depth: number): TypeSpec {
  switch (random.next(4)) {
    case 0:
      return { kind: "json" };
    case 1:
      return { kind: random.one(["point", "ring", "polygon"] as const) };
    case 2: {
      const value = randomType(random, depth + 1);
      const key: TypeSpec = random.one([
        { kind: "string" },
        { kind: "string", min: 1, max: 3 },
        { kind: "int8" },
        { kind: "uint64" },
        { kind: "enum", values: { a: 1, k: 2 } },
      ]);
      return { kind: "map", key, value, ...(isScalar(value) && random.chance(30) ? { optionalValue: true } : {}) };
    }
    default:
      return { kind: "object", fields: randomFields(random, depth + 1, 3) };
  }
}

const isScalar = (type: TypeSpec): boolean =>
  !["array", "map", "object", "json", "point", "ring", "polygon", "multiPolygon"].includes(type.kind);

/** An absent object is one without members; shapes have nothing that says it. */
const canBeAbsent = (type: TypeSpec): boolean =>
  type.kind === "object"
    ? type.fields.every((field) => field.optional === true || field.default !== undefined)
    : isScalar(type) || ["array", "map", "json"].includes(type.kind);

function randomFields(random: Random, depth: number, most: number): FieldSpec[] {
  return Array.from({ length: 1 + random.next(most) }, (_, i): FieldSpec => {
    const type = randomType(random, depth);
    const presence =
      random.chance(30) && canBeAbsent(type)
        ? { optional: true as const }
        : type.kind === "boolean"
          ? { default: true }
          : {};
    return { name: random.one(["a", "id", "aNameThatIsLongerThanSixteen", "n_"]) + i, type, ...presence };
  });
}

export function randomModel(random: Random, index: number): ModelSpec {
  const fields = randomFields(random, 0, 4).map((field) =>
    field.type.kind === "string" && random.chance(20) ? { ...field, lowCardinality: true as const } : field,
  );
  return { name: `M${index}`, version: "1.0", extra: random.chance(50) ? "reject" : "drop", fields };
}

const words = [
  "",
  "a",
  "b",
  "abc",
  "x-1",
  "é",
  "世界",
  "🛫",
  "a b",
  "12",
  "2024",
  "\n",
  "\u2028",
  "aaaaaaa",
  "\u0000",
  '"',
  "\\",
];
const texts = [
  ["2001-01-31", "2024-02-29", "2023-02-29", "1899-12-31", "2300-01-01", "1970-01-01", "2149-06-07", "2001-1-1"],
  [
    "2001-01-31T12:00:00Z",
    "2001-01-31 12:00:00",
    "2001-01-31T12:00:00.123456789+02:00",
    "2016-12-31T23:59:60Z",
    "2001-01-31T12:00:00+01",
    "1899-12-31T23:59:59Z",
    "2106-02-07T06:28:16Z",
    "2001-01-31 12:00:00Z",
    "2001-02-30 12:00:00",
    "2001-01-31T24:00:00Z",
  ],
  ["12:00:00Z", "12:00:00+05:30", "12:00:00", "23:59:60Z"],
  ["a@b.cd", "a@b", "a..b@c.de", "localhost", "www.example.com", "-a.b", "example.com."],
  [
    "192.0.2.1",
    "256.0.0.1",
    "1.2.3",
    "01.2.3.4",
    "::",
    "2001:db8::1",
    "::ffff:1.2.3.4",
    "1::2::3",
    "12345::",
    "::1%eth0",
  ],
  ["https://example.com/a?b#c", "urn:isbn:1", "/path", "http://h/ b", "a:"],
  [
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
    "urn:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "3f2504e04f8941d39a0c0305e82c3301",
  ],
];

const isTextKind = (type: TypeSpec): boolean =>
  ["string", "fixedString", "uuid", "ipv4", "ipv6", "date", "date16", "dateTime", "dateTime64"].includes(type.kind);

/** JSON text that often fits the type. */
function randomValue(random: Random, type: TypeSpec): string {
  if (isInteger(type.kind)) return randomInteger(random, type);
  if (type.kind === "array") {
    const { element } = type;
    return `[${Array.from({ length: random.next(4) }, () => (random.chance(type.optionalElement === true ? 20 : 2) ? "null" : randomValue(random, element))).join(",")}]`;
  }
  if (type.kind === "boolean") return random.one(["true", "false"]);
  if (type.kind === "enum") return random.one(['"a"', '"b c"', '"\\u00e9"', '"é"', '"A"']);
  if (type.kind === "float32" || type.kind === "float64") {
    return random.one(
      [
        "0",
        "-0.0",
        "1.5",
        "1e3",
        "-9.99",
        "1000.0000000000001",
        "1e38",
        "3.5e38",
        "1e308",
        "1e400",
        "5e-324",
        random.digits(20),
      ].map(tidy),
    );
  }
  if (type.kind === "decimal") return randomDecimal(random, type.precision, type.scale);
  if ((type.kind === "dateTime" || type.kind === "dateTime64") && type.epoch !== undefined && random.chance(50)) {
    return random.one([
      "0",
      "-1",
      "1700000000",
      "1700000000123",
      "978307200000000",
      "1e9",
      "1.5",
      "4294967296",
      "9223372036854775808",
    ]);
  }
  if (isTextKind(type)) return randomText(random, type);
  return randomCompositeValue(random, type);
}

const anything = [
  '{"a":[1,{"b":null}]}',
  '"x"',
  "5",
  "null",
  "[]",
  '{"a":1,"a":2}',
  '[{"b":{"c":1,"c":1}}]',
  "1e400",
  '"\\ud800"',
];

function randomCompositeValue(random: Random, type: TypeSpec): string {
  const list = (most: number, item: () => string): string =>
    `[${Array.from({ length: random.next(most) }, item).join(",")}]`;
  const point = (): string => random.one(["[0,1.5]", "[-1e3,2]", "[0,0]", "[180.5,-90]", "[1]", "[1,2,3]", '["1",2]']);
  const ring = (): string => list(4, () => (random.chance(80) ? "[1,2]" : point()));
  switch (type.kind) {
    case "map":
      return `{${Array.from({ length: random.next(4) }, () => `${JSON.stringify(randomKey(random, type.key))}:${randomValue(random, type.value)}`).join(",")}}`;
    case "object":
      return randomObject(random, type.fields);
    case "point":
      return random.chance(80) ? "[1.5,-2]" : point();
    case "ring":
      return ring();
    case "polygon":
      return list(3, ring);
    case "multiPolygon":
      return list(3, () => list(3, ring));
    default:
      return random.one(anything);
  }
}

function randomKey(random: Random, type: TypeSpec): string {
  if (!isInteger(type.kind)) return random.one(["a", "k", "a", "", "abcd", "é"]);
  return random.one([
    "0",
    "1",
    "-1",
    "127",
    "128",
    "99",
    "18446744073709551615",
    "18446744073709551616",
    "01",
    "x",
    "-0",
  ]);
}

const tidy = (digits: string): string => digits.replace(/^0+(?=\d)/, "");

function randomInteger(random: Random, type: TypeSpec): string {
  const [least, most] = integerLimits[type.kind as keyof typeof integerLimits];
  const { min, max } = type as { min?: number; max?: number };
  const [from, to] = [BigInt(min ?? least), BigInt(max ?? most)];
  if (random.chance(70)) return random.one([from, to, (from + to) / 2n]).toString();
  const edge = random.one([least, most, least - 1n, most + 1n, 0n, 50n, 60n, 99n, BigInt(random.next(300))]).toString();
  const number = random.one([
    edge,
    edge,
    edge,
    `${edge}.0`,
    `${edge}e0`,
    `${edge}.5`,
    "1e2",
    "6.0e1",
    "1.00000000000000000001",
    "-0",
    "1e999",
  ]);
  return random.chance(15) ? `"${random.chance(10) ? "-0" : edge}"` : number;
}

function randomDecimal(random: Random, precision: number, scale: number): string {
  const whole = tidy(random.digits(Math.max(1, precision - scale + random.next(2))));
  const fraction = random.digits(random.next(scale + 2));
  const text = `${random.one(["", "-"])}${whole}${fraction === "" ? "" : `.${fraction}`}`;
  return random.one([text, `"${text}"`, `"${text}"`, "0", "1e2", "1e-3", "10e-1", '"1e2"', '"-0"', '"1."']);
}

function randomText(random: Random, type: TypeSpec): string {
  const text =
    type.kind === "string" && type.format === undefined
      ? words
      : random.chance(20)
        ? words
        : texts[textsFor(random, type)]!;
  const json = JSON.stringify(random.one(text));
  if (random.chance(4)) return `"${random.one(["\\ud800", "\\udc00x", "\\ud83d\\udeeb", "\\u0061", "\\/"])}"`;
  return random.chance(10) ? json.replace(/a/g, "\\u0061") : json;
}

function textsFor(random: Random, type: TypeSpec): number {
  const name = type.kind === "string" ? type.format! : type.kind;
  const index = ["date", "dateTime", "time", "email", "ip", "uri", "uuid"].findIndex((prefix) =>
    (name === "date-time" ? "dateTime" : name === "hostname" ? "email" : name === "date16" ? "date" : name).startsWith(
      prefix,
    ),
  );
  // "date" is how "dateTime" begins.
  if (name.startsWith("dateTime") || name === "date-time") return 1;
  return index < 0 || random.chance(10) ? random.next(texts.length) : index;
}

function randomObject(random: Random, fields: readonly FieldSpec[]): string {
  const members = fields
    .filter((field) => !random.chance(field.optional === true || field.default !== undefined ? 40 : 4))
    .map((field) => {
      const odd = random.chance(3) ? random.one(["null", "{}", "[]", "5", '""', "true"]) : undefined;
      return `"${field.name}":${odd ?? randomValue(random, field.type)}`;
    });
  if (random.chance(6))
    members.push(`"more${random.next(3)}":${random.one(["1", '{"a":[null]}', '"\\ud800"', "[[]]"])}`);
  if (random.chance(3) && members.length > 0) members.push(random.one(members));
  if (random.chance(20)) members.reverse();
  return random.chance(15) ? ` { ${members.join(" , ")}\t} ` : `{${members.join(",")}}`;
}

export function randomDocument(random: Random, spec: ModelSpec): string {
  const text = randomObject(random, spec.fields);
  return random.chance(12) ? edit(random, text) : text;
}

const edits = [
  "",
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "1",
  "-",
  ".",
  "e",
  "\\",
  "u",
  "x",
  " ",
  "null",
  "é",
  "\u0001",
  "\u007f",
];

/** One place changed; never by a line end, which would make two lines of one. */
function edit(random: Random, text: string): string {
  const at = random.next(text.length);
  const edited = text.slice(0, at) + random.one(edits) + text.slice(at + random.next(3));
  // Half of a pair has no UTF-8: it becomes U+FFFD, as in the core's input.
  return new TextDecoder().decode(new TextEncoder().encode(edited));
}
