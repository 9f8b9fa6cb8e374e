// The tables of the mapping: each scalar type of Prisma, each native type of its databases, and what it becomes.

export type ScalarType = "String" | "Boolean" | "Int" | "BigInt" | "Float" | "Decimal" | "DateTime" | "Json" | "Bytes";

/** A call of `t`, with bounds: `{ name: "dateTime64", arguments: [3] }`. */
export interface TypeCall {
  readonly name: string;
  readonly arguments?: readonly (number | string)[];
  readonly min?: number;
  readonly max?: number;
}

/** A type, a type made from the numbers in brackets, or why there is none and what to do. */
type Native = TypeCall | ((numbers: readonly number[]) => TypeCall | string) | string;

const type = (name: string, ...rest: readonly number[]): TypeCall => ({ name, arguments: rest });
const bounded = (name: string, min: number, max: number): TypeCall => ({ name, min, max });
const text = type("string");
const atMost = ([max]: readonly number[]): TypeCall => (max === undefined ? text : { name: "string", max });
const digits = ([precision, scale = 0]: readonly number[]): TypeCall | string =>
  precision === undefined ? PLAIN_TYPES.Decimal : type("decimal", precision, scale);
/** Without a number, Prisma's own precision: milliseconds. */
const instant = ([precision = 3]: readonly number[]): TypeCall => type("dateTime64", precision);
const timeOfDay = "is a time of day, which ClickHouse does not have: use an Int of seconds, or a whole DateTime";
const money = "has an amount of digits that depends on the database: say them, as in @db.Decimal(18, 4)";

/** What a scalar is without `@db.*`; a sentence where it cannot be. */
export const PLAIN_TYPES = {
  String: text,
  Boolean: type("boolean"),
  Int: type("int32"),
  BigInt: type("int64"),
  Float: type("float64"),
  Decimal: "needs its digits: add @db.Decimal(18, 4), for 18 digits of which 4 stand behind the point",
  DateTime: type("dateTime64", 3),
  Json: type("json"),
  Bytes: "cannot be carried by JSON: send the bytes as base64 text in a String",
} as const satisfies Record<ScalarType, TypeCall | string>;

/** Native types by scalar, as Prisma's connectors for PostgreSQL, MySQL, SQL Server and CockroachDB name them. */
export const NATIVE_TYPES: Readonly<Record<ScalarType, Readonly<Record<string, Native>>>> = {
  String: {
    Text: text,
    TinyText: text,
    MediumText: text,
    LongText: text,
    NText: text,
    Citext: text,
    String: atMost,
    VarChar: atMost,
    NVarChar: atMost,
    Char: atMost,
    NChar: atMost,
    Uuid: type("uuid"),
    UniqueIdentifier: type("uuid"),
    Inet: "may hold addresses of both kinds: write @moose.type ipv4 or @moose.type ipv6 instead",
    Xml: "has no counterpart in ClickHouse: remove it, and the text is stored as it comes",
    Bit: "has no counterpart in ClickHouse: remove it, and the text is stored as it comes",
    VarBit: "has no counterpart in ClickHouse: remove it, and the text is stored as it comes",
  },
  Boolean: { Boolean: type("boolean"), Bool: type("boolean"), Bit: type("boolean"), TinyInt: type("boolean") },
  Int: {
    Int: type("int32"),
    Integer: type("int32"),
    Int4: type("int32"),
    UnsignedInt: type("uint32"),
    Oid: type("uint32"),
    MediumInt: bounded("int32", -8_388_608, 8_388_607),
    UnsignedMediumInt: bounded("uint32", 0, 16_777_215),
    SmallInt: type("int16"),
    Int2: type("int16"),
    UnsignedSmallInt: type("uint16"),
    TinyInt: type("int8"),
    UnsignedTinyInt: type("uint8"),
    Year: bounded("uint16", 1901, 2155),
  },
  BigInt: { BigInt: type("int64"), Int8: type("int64"), UnsignedBigInt: type("uint64") },
  Float: {
    Double: type("float64"),
    DoublePrecision: type("float64"),
    Float8: type("float64"),
    // SQL Server counts bits of the mantissa here; MySQL's Float without a number is narrower, which loses nothing.
    Float: ([bits = 53]) => type(bits <= 24 ? "float32" : "float64"),
    Real: type("float32"),
    Float4: type("float32"),
    Money: money,
    SmallMoney: money,
  },
  Decimal: { Decimal: digits, Numeric: digits, Money: money, SmallMoney: money },
  DateTime: {
    Timestamp: instant,
    Timestamptz: instant,
    DateTime: instant,
    DateTime2: instant,
    DateTimeOffset: instant,
    SmallDateTime: type("dateTime"),
    Date: type("date"),
    Time: timeOfDay,
    Timetz: timeOfDay,
  },
  Json: { Json: type("json"), JsonB: type("json") },
  Bytes: {},
};

const integers = ["8", "16", "32", "64", "128", "256"].flatMap((bits) => [`int${bits}`, `uint${bits}`]);

/** What `@moose.type` may make of a scalar. Names that this version of the language lacks are left out by the reader. */
export const POSSIBLE_TYPES: Readonly<Record<ScalarType, readonly string[]>> = {
  String: ["string", "fixedString", "uuid", "ipv4", "ipv6"],
  Boolean: ["boolean"],
  Int: integers,
  BigInt: integers,
  Float: ["float32", "float64"],
  Decimal: ["decimal", "float32", "float64"],
  DateTime: ["date", "date16", "dateTime", "dateTime64"],
  Json: ["json", "point", "ring", "polygon", "multiPolygon"],
  Bytes: [],
};
