// Values of every type by hand: what is sent, and what ClickHouse shows or which code refuses it. One case each.
import type { RowErrorCode } from "../host/core-interface.ts";
import type { Field, FieldKind, Presence } from "../language/field.ts";
import { t } from "../language/t.ts";

export interface ValueGroup {
  /** Name of the file and of its model. */
  readonly name: string;
  readonly field: Field<unknown, unknown, FieldKind, Presence>;
  /** What an error of the field says was expected. */
  readonly says: string;
  /** JSON text of the value, and what ClickHouse shows for it. "digits": a double cannot tell it, so JSON.parse cannot either. */
  readonly accepts: ReadonlyArray<readonly [sent: string, shown: unknown, why?: "digits"]>;
  readonly refuses: ReadonlyArray<readonly [sent: string, code: RowErrorCode, why?: "digits"]>;
}

const group = (
  name: string,
  field: unknown,
  says: string,
  accepts: ValueGroup["accepts"],
  refuses: ValueGroup["refuses"],
): ValueGroup => ({ name, field: field as ValueGroup["field"], says, accepts, refuses });

export const valueGroups: readonly ValueGroup[] = [
  group(
    "String",
    t.string(),
    "a string",
    [
      ['""', ""],
      ['"a"', "a"],
      ['"quote \\" backslash \\\\ solidus \\/"', 'quote " backslash \\ solidus /'],
      ['"\\b\\f\\n\\r\\t"', "\b\f\n\r\t"],
      ['"\\u0000\\u001f"', "\0\u001f"],
      ['"\\u00e9\\u20AC"', "é€"],
      ['"\\ud83d\\ude80"', "🚀"],
      ['"\u007f\u0080\u07ff\u0800\uffff"', "\u007f\u0080\u07ff\u0800\uffff"],
      ['"\u{10000}\u{10ffff}"', "\u{10000}\u{10ffff}"],
      ['"fifteen letters"', "fifteen letters"],
      ['"sixteen letters!"', "sixteen letters!"],
      ['"seventeen letters"', "seventeen letters"],
      [`"${"long ".repeat(60)}"`, "long ".repeat(60)],
    ],
    [
      ["1", "wrong_type"],
      ["null", "wrong_type"],
      ["true", "wrong_type"],
      ['["a"]', "wrong_type"],
      ['{"a":"b"}', "wrong_type"],
    ],
  ),
  group(
    "ShortString",
    t.string().min(2).max(4),
    "a string of 2 to 4 characters",
    [
      ['"ab"', "ab"],
      ['"🚀🚀🚀🚀"', "🚀🚀🚀🚀"],
      ['"\\u0041\\n\\/\\ud83d\\ude80"', "A\n/🚀"],
    ],
    [
      ['"a"', "too_short"],
      ['"🚀"', "too_short"],
      ['"abcde"', "too_long"],
      [`"${"é".repeat(120)}"`, "too_long"],
    ],
  ),
  group(
    "LowCardinality",
    t.string().lowCardinality().optional(),
    "a string or null",
    [
      ['"x"', "x"],
      ["null", null],
      ['""', ""],
    ],
    [["0", "wrong_type"]],
  ),
  group(
    "Boolean",
    t.boolean(),
    "true or false",
    [
      ["true", true],
      ["false", false],
    ],
    [
      ["1", "wrong_type"],
      ['"true"', "wrong_type"],
      ["null", "wrong_type"],
    ],
  ),
  group(
    "Int8",
    t.int8(),
    "an integer from -128 to 127",
    [
      ["-128", -128],
      ["127", 127],
      ["-0", 0],
      ["1.0", 1],
      ["1.27e2", 127],
      ["1270e-1", 127],
      ["0e999", 0],
      ["0.000e-5", 0],
    ],
    [
      ["-129", "out_of_range"],
      ["128", "out_of_range"],
      ["1e3", "out_of_range"],
      ["1e999", "out_of_range", "digits"],
      ["0.5", "not_integral"],
      ["1e-1", "not_integral"],
      ["127.000000000000000000001", "not_integral", "digits"],
      ['"1"', "wrong_type"],
      ["true", "wrong_type"],
    ],
  ),
  group(
    "BoundedInt16",
    t.int16().min(-5).max(200),
    "an integer from -5 to 200",
    [
      ["-5", -5],
      ["200", 200],
    ],
    [
      ["-6", "out_of_range"],
      ["201", "out_of_range"],
    ],
  ),
  group(
    "UInt16",
    t.uint16(),
    "an integer from 0 to 65535",
    [
      ["0", 0],
      ["65535", 65535],
      ["6.5535E+4", 65535],
    ],
    [
      ["-1", "out_of_range"],
      ["65536", "out_of_range"],
    ],
  ),
  group(
    "Int32",
    t.int32(),
    "an integer from -2147483648 to 2147483647",
    [["-2147483648", -2147483648]],
    [["2147483648", "out_of_range"]],
  ),
  group(
    "UInt32",
    t.uint32(),
    "an integer from 0 to 4294967295",
    [["4294967295", 4294967295]],
    [["4294967296", "out_of_range"]],
  ),
  group(
    "Int64",
    t.int64(),
    "an integer from -9223372036854775808 to 9223372036854775807",
    [
      ["9223372036854775807", "9223372036854775807", "digits"],
      ["-9223372036854775808", "-9223372036854775808"],
      ['"9223372036854775807"', "9223372036854775807"],
      ['"-9223372036854775808"', "-9223372036854775808"],
      ["9007199254740993", "9007199254740993", "digits"],
      ["9.007199254740993e15", "9007199254740993", "digits"],
      ['"0"', "0"],
    ],
    [
      ["9223372036854775808", "out_of_range"],
      ["-9223372036854775809", "out_of_range", "digits"],
      ['"9223372036854775808"', "out_of_range"],
      ['"1.0"', "invalid_format"],
      ['"01"', "invalid_format"],
      ['"+1"', "invalid_format"],
      ['" 1"', "invalid_format"],
      ['""', "invalid_format"],
      ["1.5", "not_integral"],
    ],
  ),
  group(
    "UInt64",
    t.uint64(),
    "an integer from 0 to 18446744073709551615",
    [
      ["18446744073709551615", "18446744073709551615", "digits"],
      ['"18446744073709551615"', "18446744073709551615"],
      ["1e19", "10000000000000000000"],
    ],
    [
      ["18446744073709551616", "out_of_range"],
      ["-1", "out_of_range"],
      ['"-1"', "out_of_range"],
    ],
  ),
  group(
    "Float32",
    t.float32(),
    "a number, finite as float32",
    [
      ["0.1", 0.1],
      ["16777217", 16777216],
      ["3.4028234663852886e38", 3.4028235e38],
      ["1e-45", 1e-45],
      ["1e-50", 0],
    ],
    [
      ["3.5e38", "out_of_range"],
      ["-1e39", "out_of_range"],
    ],
  ),
  group(
    "Float64",
    t.float64(),
    "a number, finite as float64",
    [
      ["0", 0],
      ["-0.0", -0],
      ["0.1", 0.1],
      ["1e23", 1e23],
      ["9007199254740993", 9007199254740992],
      ["2.2250738585072011e-308", 2.225073858507201e-308],
      ["5e-324", 5e-324],
      ["2e-324", 0],
      ["1.7976931348623157e308", 1.7976931348623157e308],
      ["1.7976931348623158e308", 1.7976931348623157e308],
      ["0.000000000000000000000000000000000000000000000000000001e54", 1],
      ["123456789012345678901234567890", 1.2345678901234568e29],
    ],
    [
      ["1.8e308", "out_of_range"],
      ["-1e400", "out_of_range"],
      ['"1"', "wrong_type"],
      ["null", "wrong_type"],
    ],
  ),
  group(
    "BoundedFloat64",
    t.float64().min(-1.5).max(1e10),
    "a number -1.5 to 10000000000, finite as float64",
    [["-1.5", -1.5]],
    [
      ["-1.5000000000000002", "out_of_range"],
      ["10000000000.1", "out_of_range"],
    ],
  ),
  group(
    "Uuid",
    t.uuid(),
    "a UUID: 8-4-4-4-12 hexadecimal digits",
    [
      ['"3F2504E0-4f89-41d3-9a0c-0305e82c3301"', "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
      ['"00000000-0000-0000-0000-000000000000"', "00000000-0000-0000-0000-000000000000"],
      ['"ffffffff-ffff-ffff-ffff-ffffffffffff"', "ffffffff-ffff-ffff-ffff-ffffffffffff"],
      ['"\\u0033f2504e0-4f89-41d3-9a0c-0305e82c3301"', "3f2504e0-4f89-41d3-9a0c-0305e82c3301"],
    ],
    [
      ['"3f2504e04f8941d39a0c0305e82c3301"', "invalid_format"],
      ['"3f2504e0-4f89-41d3-9a0c-0305e82c330g"', "invalid_format"],
      ['"{3f2504e0-4f89-41d3-9a0c-0305e82c3301}"', "invalid_format"],
      ["1", "wrong_type"],
    ],
  ),
  group(
    "Date32",
    t.date(),
    "an existing day as YYYY-MM-DD, 1900-01-01 to 2299-12-31",
    [
      ['"1900-01-01"', "1900-01-01"],
      ['"2299-12-31"', "2299-12-31"],
      ['"2000-02-29"', "2000-02-29"],
      ['"1969-12-31"', "1969-12-31"],
    ],
    [
      ['"1899-12-31"', "out_of_range"],
      ['"2300-01-01"', "out_of_range"],
      ['"1900-02-29"', "invalid_format"],
      ['"2001-04-31"', "invalid_format"],
      ['"2001-00-01"', "invalid_format"],
      ['"2001-13-01"', "invalid_format"],
      ['"2001-1-1"', "invalid_format"],
      ['"2001-01-01 "', "invalid_format"],
      ["20010101", "wrong_type"],
    ],
  ),
  group(
    "Date16",
    t.date16(),
    "an existing day as YYYY-MM-DD, 1970-01-01 to 2149-06-06",
    [
      ['"1970-01-01"', "1970-01-01"],
      ['"2149-06-06"', "2149-06-06"],
    ],
    [
      ['"1969-12-31"', "out_of_range"],
      ['"2149-06-07"', "out_of_range"],
    ],
  ),
  group(
    "DateTime",
    t.dateTime(),
    "a time as RFC 3339 or YYYY-MM-DD hh:mm:ss in UTC, 1970 to 2106, at most 0 sub-second digits",
    [
      ['"1970-01-01T00:00:00Z"', "1970-01-01 00:00:00"],
      ['"2106-02-07T06:28:15Z"', "2106-02-07 06:28:15"],
      ['"2001-01-31T12:00:00+01:30"', "2001-01-31 10:30:00"],
      ['"2001-01-31t12:00:00z"', "2001-01-31 12:00:00"],
      ['"2001-01-31 12:00:00"', "2001-01-31 12:00:00"],
      ['"2001-01-31T12:00:00.000Z"', "2001-01-31 12:00:00"],
    ],
    [
      ['"2106-02-07T06:28:16Z"', "out_of_range"],
      ['"1970-01-01T00:59:59+01:00"', "out_of_range"],
      ['"2001-01-31T12:00:00.5Z"', "precision_loss"],
      ['"2001-01-31T24:00:00Z"', "invalid_format"],
      ['"2001-01-31T12:60:00Z"', "invalid_format"],
      ['"2001-01-31T12:00:60Z"', "invalid_format"],
      ['"2001-01-31T12:00:00"', "invalid_format"],
      ['"2001-02-29T12:00:00Z"', "invalid_format"],
      ['"2001-01-31"', "invalid_format"],
      ["980942400", "wrong_type"],
    ],
  ),
  group(
    "DateTime64",
    t.dateTime64(3).epoch("ms"),
    "a time as RFC 3339 or YYYY-MM-DD hh:mm:ss in UTC, or a whole number of ms since 1970-01-01, 1900 to 2299, at most 3 sub-second digits",
    [
      ['"2001-01-31T12:00:00.123Z"', "2001-01-31 12:00:00.123"],
      ['"2001-01-31T12:00:00.1Z"', "2001-01-31 12:00:00.100"],
      ['"2001-01-31T12:00:00.123000000000Z"', "2001-01-31 12:00:00.123"],
      ['"1900-01-01T00:00:00Z"', "1900-01-01 00:00:00.000"],
      ['"2299-12-31T23:59:59.999Z"', "2299-12-31 23:59:59.999"],
      ['"1969-12-31 23:59:59.999"', "1969-12-31 23:59:59.999"],
      ["-1", "1969-12-31 23:59:59.999"],
      ["1700000000123", "2023-11-14 22:13:20.123"],
    ],
    [
      ['"2001-01-31T12:00:00.1234Z"', "precision_loss"],
      ['"1899-12-31T23:59:59.999Z"', "out_of_range"],
      ["1e15", "out_of_range"],
      ["0.5", "not_integral"],
    ],
  ),
  group(
    "Nanoseconds",
    t.dateTime64(9),
    "a time as RFC 3339 or YYYY-MM-DD hh:mm:ss in UTC, 1900 to 2262, at most 9 sub-second digits",
    [
      ['"2262-04-11T23:47:16.854775807Z"', "2262-04-11 23:47:16.854775807"],
      ['"1900-01-01T00:00:00.000000001Z"', "1900-01-01 00:00:00.000000001"],
    ],
    [
      ['"2262-04-11T23:47:16.854775808Z"', "out_of_range"],
      ['"2001-01-31T12:00:00.1234567891Z"', "precision_loss"],
    ],
  ),
  group(
    "Enum",
    t.enum({ low: -128, zero: 0, "it's": 127 }),
    "one of low, zero, it's",
    [
      ['"low"', "low"],
      ['"it\'s"', "it's"],
      ['"\\u007aero"', "zero"],
    ],
    [
      ['"Low"', "not_in_enum"],
      ['""', "not_in_enum"],
      ["0", "wrong_type"],
    ],
  ),
  group(
    "Enum16",
    t.enum({ least: -32768, most: 32767 }).optional(),
    "one of least, most or null",
    [
      ['"least"', "least"],
      ['"most"', "most"],
      ["null", null],
    ],
    [['"other"', "not_in_enum"]],
  ),
  group(
    "Array",
    t.array(t.array(t.uint8().optional())).optional(),
    "an array or null",
    [
      ["[]", []],
      ["null", []],
      ["[[]]", [[]]],
      ["[[1,null,255],[],[0]]", [[1, null, 255], [], [0]]],
    ],
    [
      ["{}", "wrong_type"],
      ["1", "wrong_type"],
    ],
  ),
];
