// Objects, maps, JSON values and shapes of points by hand; errors that point deep into them.
import { model } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { RowGroup } from "./test-row-group.ts";
import { group, type ValueGroup } from "./test-value-group.ts";

export const compositeGroups: readonly ValueGroup[] = [
  group(
    "MapOfStrings",
    t.map(t.string(), t.int32().optional()),
    "an object with keys that are a string",
    [
      ["{}", {}],
      ['{"a":1,"b":null}', { a: 1, b: null }],
      ['{"\\u00e9":-5,"":0}', { é: -5, "": 0 }],
    ],
    [
      ["[]", "wrong_type"],
      ["1", "wrong_type"],
      ["null", "wrong_type"],
    ],
  ),
  group(
    "ObjectOfTwo",
    t.object({ x: t.int8(), y: t.array(t.string()).optional() }),
    "an object with x, y",
    [
      ['{"x":1,"y":["a"]}', { x: 1, y: ["a"] }],
      ['{"y":null,"x":-128}', { x: -128, y: [] }],
      ['{"x":0}', { x: 0, y: [] }],
    ],
    [
      ["[]", "wrong_type"],
      ['"x"', "wrong_type"],
      ["null", "wrong_type"],
    ],
  ),
  group(
    "JsonValue",
    t.json(),
    "a JSON value",
    [
      ["1.50", "1.50"],
      ["18446744073709551616", "18446744073709551616"],
      ["[true,false]", "[true,false]"],
      ['{"b":1,"a":"é"}', '{"b":1,"a":"é"}'],
      ['"text"', '"text"'],
    ],
    [],
  ),
  group(
    "Point",
    t.point(),
    "a point: an array of two numbers",
    [
      ["[1,-2.5]", [1, -2.5]],
      ["[0,1e3]", [0, 1000]],
    ],
    [
      ["[1]", "too_short"],
      ["{}", "wrong_type"],
      ["null", "wrong_type"],
    ],
  ),
  group(
    "Polygon",
    t.polygon(),
    "a polygon: an array of rings",
    [
      ["[]", []],
      [
        "[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,1],[1,1]]]",
        [
          [
            [0, 0],
            [4, 0],
            [4, 4],
            [0, 0],
          ],
          [
            [1, 1],
            [2, 1],
            [1, 1],
          ],
        ],
      ],
    ],
    [["1", "wrong_type"]],
  ),
];

const personModel = model("Person", {
  name: t.string(),
  homes: t.array(t.object({ street: t.string().max(5), at: t.point(), n_1: t.uint8().optional() })),
  scores: t.map(t.string(), t.array(t.int8())),
});
const person =
  '{"name":"n","homes":[{"street":"s","at":[1,2]},{"at":[0,0.5],"street":"","n_1":7}],"scores":{"x":[1,-1],"":[]}}';
const says = { street: "a string of at most 5 characters", int8: "an integer from -128 to 127" };

export const nestedGroups: readonly RowGroup[] = [
  {
    name: "Nested",
    model: personModel,
    cases: [
      { name: "everything", format: "json", input: person, rows: 1, accepted: [person] },
      {
        name: "nothing in them",
        format: "json",
        input: '{"scores":{},"name":"","homes":[]}',
        rows: 1,
        accepted: ['{"scores":{},"name":"","homes":[]}'],
      },
      {
        name: "errors point into objects, arrays and maps",
        format: "json",
        input:
          '{"name":"n","homes":[{"street":"too long","at":[1,"2"],"n_1":256,"x":1},7],"scores":{"a/b":[1,300],"~\\n":2}}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/homes/0/street", "too_long", says.street, '"too long"'],
          [0, "/homes/0/at/1", "wrong_type", "a number, finite as float64", '"2"'],
          [0, "/homes/0/n_1", "out_of_range", "an integer from 0 to 255 or null", "256"],
          [0, "/homes/0/x", "unknown_field", "a field of Person 1.0", "1"],
          [0, "/homes/1", "wrong_type", "an object with street, at, n_1", "7"],
          [0, "/scores/a~1b/1", "out_of_range", says.int8, "300"],
          [0, "/scores/~0\n", "wrong_type", "an array", "2"],
        ],
      },
      {
        name: "a name twice, and names that are missing",
        format: "json",
        input: '{"name":"n","homes":[{"street":"a","street":"b"}],"scores":{"k":[],"\\u006b":[]}}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/homes/0/street", "duplicate_key", "each field once", '"b"'],
          [0, "/homes/0/at", "missing_field", "a point: an array of two numbers", ""],
          [0, "/scores/k", "duplicate_key", "each field once", "[]"],
        ],
      },
      {
        name: "a line that breaks deep inside spoils only itself",
        format: "ndjson",
        input: `${person}\n{"name":"n","homes":[{"street":"s","at":[1,]}]}\n${person}\n`,
        rows: 3,
        accepted: [person, person],
        errors: [[1, "", "invalid_json", "JSON (RFC 8259): it breaks at byte 43 of the row", "]}]}"]],
      },
    ],
  },
];
