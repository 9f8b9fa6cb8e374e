// Test fixture: for every type, JSON texts with its extremes. The compiler holds that no type is left out.
import type { Field, FieldKind } from "../language/field.ts";
import { t } from "../language/t.ts";
import { type IntegerName, integerLimits } from "../language/type-limits.ts";

// biome-ignore lint/suspicious/noExplicitAny: any field
export type AnyField = Field<any, any, any, any>;

export interface Extremes {
  readonly field: AnyField;
  /** JSON texts that the core takes. */
  readonly takes: readonly string[];
  /** Of these, what ClickHouse refuses in JSONEachRow, so that there is nothing to compare. */
  readonly clickHouseRefuses?: readonly string[];
  /** Of these, what ClickHouse takes and reads as something else than the text says: what it shows of our row, and of its own. */
  readonly clickHouseDiffers?: Readonly<Record<string, readonly [ours: string, theirs: string]>>;
}

const quoted = (texts: readonly string[]): string[] => texts.map((text) => JSON.stringify(text));

function integer(kind: IntegerName): Extremes[] {
  const [least, most] = integerLimits[kind].map(String) as [string, string];
  const texts = [least, most, "0", "1", "-0"];
  const wide = /64|128|256/.test(kind) ? quoted([least, most, "0"]) : [];
  return [
    { field: t[kind]() as AnyField, takes: [...texts, ...wide], clickHouseRefuses: kind.startsWith("u") ? ["-0"] : [] },
    { field: (t[kind]() as AnyField).optional(), takes: [most, "null"] },
    { field: t.array(t[kind]() as AnyField), takes: [`[${least},${most}]`, "[]"] },
    { field: t.array((t[kind]() as AnyField).optional()), takes: [`[null,${most}]`] },
  ];
}

const nines = (count: number): string => "9".repeat(count);

function decimal(precision: number, scale: number): Extremes {
  const most = `${scale === precision ? "0" : nines(precision - scale)}${scale === 0 ? "" : `.${nines(scale)}`}`;
  const least = scale === 0 ? "1" : `0.${"0".repeat(scale - 1)}1`;
  return {
    field: t.decimal(precision, scale),
    takes: [most, `-${most}`, `"${most}"`, `"-${most}"`, least, "0", `-${least}`],
  };
}

const decimals = [9, 10, 18, 19, 38, 39, 76].flatMap((precision) => [
  decimal(precision, 0),
  decimal(precision, Math.floor(precision / 2)),
  decimal(precision, precision),
]);

function dateTime64(precision: number): Extremes[] {
  const fraction = precision === 0 ? "" : `.${nines(precision)}`;
  const last = precision === 9 ? "2262-04-11T23:47:16.854775807Z" : `2299-12-31T23:59:59${fraction}Z`;
  const first = "1900-01-01T00:00:00Z";
  const some = ["1970-01-01T00:00:00Z", `1969-12-31T23:59:59${fraction}Z`, `2024-02-29T23:59:59${fraction}+05:30`];
  return [
    { field: t.dateTime64(precision), takes: quoted([first, last, ...some, `2024-02-29 12:00:00${fraction}`]) },
    { field: t.dateTime64(precision, "Asia/Kathmandu"), takes: quoted([`2024-02-29T12:00:00${fraction}Z`]) },
    { field: t.dateTime64(precision).optional(), takes: ['"1970-01-01T00:00:00Z"', "null"] },
  ];
}

const float32 = [
  "0",
  "-0.0",
  "3.4028234663852886e38",
  "-3.4028234663852886e38",
  "1e-45",
  "1.17549435e-38",
  "0.1",
  "16777217",
  "123456789",
];
const float64 = [
  ...[
    "0",
    "-0.0",
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "5e-324",
    "2.2250738585072014e-308",
    "0.1",
    "1e23",
  ],
  ...[
    "9007199254740993",
    "0.30000000000000004",
    "179769313486231570000000000000000000000",
    "123456789012345678901234567890",
  ],
];

const words = ["", "é世🛫", "\u0000\u001f", 'q"\\/\b\f\n\r\t', "\u2028", "x".repeat(70_000)];
const addresses = [
  "::",
  "::1",
  "::ffff:255.255.255.255",
  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
  "2001:DB8::A",
  "1:2:3:4:5:6:7::",
];
const ring = "[[0,0],[1.5,-2e3],[0,0]]";

export const extremes: Readonly<Record<FieldKind, readonly Extremes[]>> = {
  string: [
    { field: t.string(), takes: [...quoted(words), '"\\ud83d\\ude80\\u0041\\/"'] },
    { field: t.string().optional(), takes: ['""', "null"] },
    { field: t.string().lowCardinality(), takes: quoted([...words.slice(0, 5), "", "a", "a"]) },
    { field: t.string().lowCardinality().optional(), takes: ['""', "null", '"a"', "null", '"a"'] },
    { field: t.array(t.string().optional()), takes: ['["",null,"é"]', "[]"] },
  ],
  fixedString: [
    { field: t.fixedString(4), takes: quoted(["", "abcd", "é", "🛫"]) },
    { field: t.fixedString(1).optional(), takes: ['"a"', "null"] },
    { field: t.array(t.fixedString(256)), takes: [`["${"y".repeat(256)}",""]`] },
  ],
  boolean: [
    { field: t.boolean(), takes: ["true", "false"] },
    { field: t.boolean().optional(), takes: ["true", "null", "false"] },
  ],
  int8: integer("int8"),
  int16: integer("int16"),
  int32: integer("int32"),
  int64: integer("int64"),
  int128: integer("int128"),
  int256: integer("int256"),
  uint8: integer("uint8"),
  uint16: integer("uint16"),
  uint32: integer("uint32"),
  uint64: integer("uint64"),
  uint128: integer("uint128"),
  uint256: integer("uint256"),
  float32: [
    { field: t.float32(), takes: float32 },
    { field: t.float32().optional(), takes: ["1e-45", "null"] },
  ],
  float64: [
    { field: t.float64(), takes: float64 },
    { field: t.array(t.array(t.float64().optional())), takes: ["[[5e-324,null],[]]"] },
  ],
  decimal: [...decimals, { field: t.decimal(38, 10).optional(), takes: ["null", "1.5"] }],
  uuid: [
    {
      field: t.uuid(),
      takes: quoted([
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-ffff-ffff-ffff-ffffffffffff",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
      ]),
    },
    { field: t.uuid().optional(), takes: ["null", '"3f2504e0-4f89-41d3-9a0c-0305e82c3301"'] },
  ],
  ipv4: [
    { field: t.ipv4(), takes: quoted(["0.0.0.0", "255.255.255.255", "192.0.2.1"]) },
    { field: t.ipv4().optional(), takes: ["null", '"1.2.3.4"'] },
  ],
  ipv6: [
    { field: t.ipv6(), takes: quoted(addresses) },
    { field: t.ipv6().optional(), takes: ["null", '"::1"'] },
  ],
  date: [
    {
      field: t.date(),
      takes: quoted(["1900-01-01", "2299-12-31", "1969-12-31", "1970-01-01", "2024-02-29", "2100-03-01"]),
    },
    { field: t.date().optional(), takes: ["null", '"1900-01-01"'] },
  ],
  date16: [
    { field: t.date16(), takes: quoted(["1970-01-01", "2149-06-06", "2000-02-29"]) },
    { field: t.date16().optional(), takes: ["null", '"2149-06-06"'] },
  ],
  dateTime: [
    {
      field: t.dateTime(),
      takes: quoted([
        "1970-01-01T00:00:00Z",
        "2106-02-07T06:28:15Z",
        "2024-02-29T23:59:59+05:30",
        "2024-02-29 12:00:00",
      ]),
    },
    { field: t.dateTime("America/New_York"), takes: quoted(["2024-03-10T07:30:00Z", "2024-11-03T05:30:00Z"]) },
    { field: t.dateTime().optional(), takes: ["null", '"2106-02-07T06:28:15Z"'] },
  ],
  dateTime64: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap(dateTime64),
  enum: [
    { field: t.enum({ low: -128, zero: 0, high: 127 }), takes: quoted(["low", "zero", "high"]) },
    {
      field: t.enum({ low: -32768, minus: -1, "it's": 300, "é\\": 32767 }),
      takes: quoted(["low", "minus", "it's", "é\\"]),
    },
    { field: t.enum(["a", "b"]).optional(), takes: ["null", '"b"'] },
    { field: t.array(t.enum(["a", "b"]).optional()), takes: ['["a",null,"b"]'] },
  ],
  array: [
    { field: t.array(t.array(t.array(t.int8()))), takes: ["[[[1],[]],[]]", "[]"] },
    { field: t.array(t.string()).optional(), takes: ['["a"]', "null", "[]"] },
    {
      field: t.array(t.object({ s: t.string().lowCardinality(), n: t.int64().optional() })),
      takes: ['[{"s":"a","n":null},{"n":5,"s":"a"}]', "[]"],
    },
    { field: t.array(t.map(t.string(), t.uint8())), takes: ['[{"a":1},{}]'] },
  ],
  map: [
    { field: t.map(t.string(), t.string()), takes: ["{}", '{"":"","é":"\\u0000"}'] },
    {
      field: t.map(t.int64(), t.float64().optional()),
      takes: ['{"-9223372036854775808":null,"9223372036854775807":1.5}'],
    },
    { field: t.map(t.uint256(), t.array(t.date())), takes: [`{"${2n ** 256n - 1n}":["1900-01-01"]}`] },
    { field: t.map(t.uuid(), t.boolean()), takes: ['{"3F2504E0-4f89-41d3-9a0c-0305e82c3301":true}'] },
    { field: t.map(t.date(), t.map(t.ipv4(), t.int8())), takes: ['{"2299-12-31":{"255.255.255.255":-128}}'] },
    {
      field: t.map(t.enum({ low: -300, high: 300 }), t.uuid()),
      takes: ['{"low":"3f2504e0-4f89-41d3-9a0c-0305e82c3301"}'],
    },
    { field: t.map(t.string(), t.int8()).optional(), takes: ['{"a":1}', "null"] },
  ],
  object: [
    {
      field: t.object({ a: t.int256(), b: t.object({ c: t.array(t.string().optional()) }) }),
      takes: [`{"a":-${2n ** 255n},"b":{"c":["",null]}}`, '{"b":{"c":[]},"a":0}'],
    },
    {
      field: t.object({
        l: t.string().lowCardinality().optional(),
        p: t.point(),
        m: t.map(t.string(), t.decimal(76, 38)),
      }),
      takes: ['{"l":null,"p":[0,1],"m":{"k":0.5}}'],
    },
  ],
  json: [
    {
      field: t.json(),
      // A String takes the text of a string, and of everything else the JSON; ours is JSON always.
      clickHouseDiffers: { '"x"': ['"\\"x\\""', '"x"'] },
      takes: ['{"a":[1,2.50,null,{"b":"\\u0041"}]}', "[]", '"x"', "18446744073709551616", "true", "-0.0", "1e400"],
    },
  ],
  point: [{ field: t.point(), takes: ["[0,0]", "[-1.7976931348623157e308,5e-324]", "[1e3,-0.0]"] }],
  ring: [
    { field: t.ring(), takes: ["[]", ring] },
    { field: t.ring().optional(), takes: [ring] },
  ],
  polygon: [{ field: t.polygon(), takes: ["[]", `[${ring},${ring}]`, "[[]]"] }],
  multiPolygon: [{ field: t.multiPolygon(), takes: ["[]", `[[${ring}],[]]`] }],
};
