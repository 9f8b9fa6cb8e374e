// Days and times by hand, as test-value-cases.ts has the other types.
import { t } from "../language/t.ts";
import { group, type ValueGroup } from "./test-value-group.ts";

export const timeGroups: readonly ValueGroup[] = [
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
    "a time as RFC 3339 or YYYY-MM-DD hh:mm:ss in UTC, 1970 to 2106, no sub-second digits",
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
];
