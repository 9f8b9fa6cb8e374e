// Whole inputs by hand: how rows are cut, what is refused and told, in which order. One case each.
import { model } from "../language/model.ts";
import { t } from "../language/t.ts";
import { nestedGroups } from "./test-composite-cases.ts";
import { extraGroups } from "./test-extra-cases.ts";
import { keyGroups } from "./test-key-cases.ts";
import { lineGroups } from "./test-line-cases.ts";
import {
  breaks,
  deep,
  early,
  eventModel,
  field,
  id,
  object,
  type RowGroup,
  refusedJson,
  utf8,
} from "./test-row-group.ts";

const openModel = model("Open", { id: t.int32() }, { extra: "drop" });
const oddModel = model("Odd", { a_name_of_sixteen_bytes_and_more: t.uint8().optional(), b: t.uint8() });

const flightModel = model("Flight", {
  seenAt: t.dateTime64(3),
  flight: t.string(),
  origin: t.string(),
  destination: t.string(),
  carrier: t.string(),
  altitude: t.int32(),
  speed: t.float64(),
  delay: t.int16(),
  onTime: t.boolean(),
});
const flight =
  '{"seenAt":"2026-01-31T12:00:00.123Z","flight":"MX1","origin":"SFO","destination":"BER","carrier":"ü","altitude":9000,"speed":412.5,"delay":-3,"onTime":true}';

export const rowGroups: readonly RowGroup[] = [
  {
    name: "Documents",
    model: eventModel,
    cases: [
      { name: "one object", format: "json", input: '{"id":1}', rows: 1, accepted: ['{"id":1}'] },
      {
        name: "white space around",
        format: "json",
        input: ' \t\r\n{ "id" : 1 } \n',
        rows: 1,
        accepted: ['{ "id" : 1 }'],
      },
      { name: "an empty array", format: "json", input: " [ ] ", rows: 0, accepted: [] },
      {
        name: "two objects",
        format: "json",
        input: '[{"id":1} , {"id":2}]',
        rows: 2,
        accepted: ['{"id":1}', '{"id":2}'],
      },
      {
        name: "every member, shuffled",
        format: "json",
        input: '{"kind":"k","tags":[["a"],[]],"name":null,"id":-7}',
        rows: 1,
        accepted: ['{"kind":"k","tags":[["a"],[]],"name":null,"id":-7}'],
      },
      { name: "an escaped name", format: "json", input: '{"\\u0069d":5}', rows: 1, accepted: ['{"\\u0069d":5}'] },
      {
        name: "rows that are no objects",
        format: "json",
        input: '[1,"x",null,[],{"id":1}]',
        rows: 5,
        accepted: ['{"id":1}'],
        errors: [
          [0, "", "not_an_object", object, "1"],
          [1, "", "not_an_object", object, '"x"'],
          [2, "", "not_an_object", object, "null"],
          [3, "", "not_an_object", object, "[]"],
        ],
      },
      refusedJson("nothing", "", early, 0),
      refusedJson("white space only", " \n", early, 2),
      refusedJson("an object that is not closed", '{"id":1', early, 7),
      refusedJson("a string that is not closed", '{"id":"', early, 7),
      refusedJson("a comma too many", '{"id":1,}', breaks(8), 8),
      refusedJson("a comma too many in the array", '[{"id":1},]', breaks(10), 10),
      refusedJson("something behind the value", '{"id":1}x', breaks(8), 8),
      refusedJson("two values", '{"id":1}{"id":2}', breaks(8), 8),
      refusedJson("a leading zero", '{"id":01}', breaks(7), 7),
      refusedJson(
        "a byte order mark",
        { latin1: '\xef\xbb\xbf{"id":1}' },
        "the text begins with a byte order mark, which JSON does not allow",
        0,
      ),
      refusedJson("single quotes", "{'id':1}", breaks(1), 1),
      refusedJson("a line break in a string", '{"name":"\n"}', breaks(9), 9),
      refusedJson("an escape that is none", '{"name":"\\x"}', breaks(9), 9),
      refusedJson(
        "endless nesting",
        `{"x":${deep(5000)}}`,
        "the JSON text is nested far deeper than 64 levels at byte 4101",
        4101,
      ),
    ],
  },
  {
    name: "Errors",
    model: eventModel,
    cases: [
      {
        name: "all of a row, in the order of the text, missing fields last",
        format: "json",
        input: '{"name":1,"tags":[["a",2],3],"id":1.5,"x":{},"name":"n"}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/name", "wrong_type", "a string or null", "1"],
          [0, "/tags/0/1", "wrong_type", "a string", "2"],
          [0, "/tags/1", "wrong_type", "an array", "3"],
          [0, "/id", "not_integral", id, "1.5"],
          [0, "/x", "unknown_field", field, "{}"],
          [0, "/name", "duplicate_key", "each field once", '"n"'],
        ],
      },
      {
        name: "a missing field",
        format: "json",
        input: "{}",
        rows: 1,
        accepted: [],
        errors: [[0, "/id", "missing_field", id, ""]],
      },
      {
        name: "an unknown name in a pointer",
        format: "json",
        input: '{"id":1,"a/b~c":1,"\\u007e\\/\\n":2,"":3}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/a~1b~0c", "unknown_field", field, "1"],
          [0, "/~0~1\n", "unknown_field", field, "2"],
          [0, "/", "unknown_field", field, "3"],
        ],
      },
      {
        name: "an unknown name twice",
        format: "json",
        input: '{"id":1,"q":1,"\\u0071":2}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/q", "unknown_field", field, "1"],
          [0, "/q", "duplicate_key", "each field once", "2"],
        ],
      },
      {
        name: "got is cut to 100 characters, never in half of one",
        format: "json",
        input: `{"id":"${"🚀".repeat(150)}"}`,
        rows: 1,
        accepted: [],
        errors: [[0, "/id", "wrong_type", id, `"${"🚀".repeat(99)}`]],
      },
      {
        name: "half of a surrogate pair",
        format: "json",
        input: '{"id":1,"name":"\\ud800"}',
        rows: 1,
        accepted: [],
        errors: [[0, "/name", "invalid_utf8", utf8, '"\\ud800"']],
      },
      {
        name: "bytes that are no UTF-8",
        format: "json",
        input: { latin1: '{"id":1,"name":"a\xff\xc3"}' },
        rows: 1,
        accepted: [],
        errors: [[0, "/name", "invalid_utf8", utf8, '"a\ufffd\ufffd"']],
      },
      {
        name: "an unknown name that is no UTF-8",
        format: "json",
        input: { latin1: '{"id":1,"\xc0\xaf":2}' },
        rows: 1,
        accepted: [],
        errors: [
          [0, "/\ufffd\ufffd", "invalid_utf8", utf8, '"\ufffd\ufffd"'],
          [0, "/\ufffd\ufffd", "unknown_field", field, "2"],
        ],
      },
      {
        name: "65 levels",
        format: "json",
        input: `{"id":${deep(64)}}`,
        rows: 1,
        accepted: [],
        errors: [
          [0, "/id", "wrong_type", id, deep(64).slice(0, 100)],
          [0, "/id", "too_deep", "at most 64 levels of nesting", deep(64).slice(0, 100)],
        ],
      },
      {
        name: "no more errors than asked for",
        format: "ndjson",
        input: '{"id":"a"}\n{"id":"b","name":1}\n{"id":1}\n',
        maxErrors: 2,
        rows: 3,
        accepted: ['{"id":1}'],
        errors: [
          [0, "/id", "wrong_type", id, '"a"'],
          [1, "/id", "wrong_type", id, '"b"'],
        ],
        truncated: true,
      },
      {
        name: "no errors asked for",
        format: "json",
        input: "{}",
        maxErrors: 0,
        rows: 1,
        accepted: [],
        refused: [0],
        truncated: true,
      },
    ],
  },
  ...keyGroups,
  ...extraGroups,
  ...lineGroups,
  ...nestedGroups,
  {
    name: "Dropped",
    model: openModel,
    cases: [
      {
        name: "unknown fields are dropped",
        format: "json",
        input: '{"x":[1,{"y":null}],"id":1,"z":"\\u0041"}',
        rows: 1,
        accepted: ['{"x":[1,{"y":null}],"id":1,"z":"\\u0041"}'],
      },
      {
        name: "64 levels",
        format: "json",
        input: `{"x":${deep(63)},"id":1}`,
        rows: 1,
        accepted: [`{"x":${deep(63)},"id":1}`],
      },
      {
        name: "a number of any size",
        format: "json",
        input: '{"x":1e99999,"id":1}',
        rows: 1,
        accepted: ['{"x":1e99999,"id":1}'],
      },
      {
        name: "a dropped name twice",
        format: "json",
        input: '{"x":1,"id":1,"x":2}',
        rows: 1,
        accepted: [],
        errors: [[0, "/x", "duplicate_key", "each field once", "2"]],
      },
      {
        name: "half a surrogate pair in what is dropped",
        format: "json",
        input: '{"x":["\\udc00"],"id":1}',
        rows: 1,
        accepted: [],
        errors: [[0, "/x", "invalid_utf8", utf8, '["\\udc00"]']],
      },
      refusedJson("broken in what is dropped", '{"x":[1,],"id":1}', breaks(8), 8),
    ],
  },
  {
    name: "Names",
    model: oddModel,
    cases: [
      {
        name: "a name beyond 16 bytes",
        format: "json",
        input: '[{"a_name_of_sixteen_bytes_and_more":1,"b":2},{"b":2,"a_name_of_sixteen_bytes_and_more":null}]',
        rows: 2,
        accepted: ['{"a_name_of_sixteen_bytes_and_more":1,"b":2}', '{"b":2,"a_name_of_sixteen_bytes_and_more":null}'],
      },
      {
        name: "a name that begins like one",
        format: "json",
        input: '{"a_name_of_sixteen_bytes_and_mor":1,"b":2,"bb":3}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/a_name_of_sixteen_bytes_and_mor", "unknown_field", "a field of Odd 1.0", "1"],
          [0, "/bb", "unknown_field", "a field of Odd 1.0", "3"],
        ],
      },
    ],
  },
  {
    name: "Flight",
    model: flightModel,
    cases: [
      {
        name: "a usual batch",
        format: "ndjson",
        input: `${flight}\n${flight}\n`,
        rows: 2,
        accepted: [flight, flight],
      },
      {
        name: "a usual batch with a bad row",
        format: "ndjson",
        input: `${flight}\n${flight.replace(":-3,", ":-32769,").replace("true", "1")}\n${flight}\n`,
        rows: 3,
        accepted: [flight, flight],
        errors: [
          [1, "/delay", "out_of_range", "an integer from -32768 to 32767", "-32769"],
          [1, "/onTime", "wrong_type", "true or false", "1"],
        ],
      },
    ],
  },
];
