// Unknown fields by hand: kept in a map of their names to their JSON texts, or dropped, in rows and in objects.
import { model } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { RowGroup } from "./test-row-group.ts";

const keptModel = model("Kept", { id: t.int32(), o: t.object({ a: t.int8() }) }, { extra: "keep" });
const droppedModel = model("DroppedInside", { id: t.int32(), o: t.object({ a: t.int8() }) }, { extra: "drop" });

export const extraGroups: readonly RowGroup[] = [
  {
    name: "Kept",
    model: keptModel,
    cases: [
      {
        name: "unknown fields are kept as their JSON text, their names unescaped",
        format: "ndjson",
        input:
          '{"x":{"y":[1, 2.50]},"id":1,"\\u00e9":"\\u0041","o":{"a":1},"n":null}\n{"id":2,"o":{"a":2}}\n{"id":3,"":18446744073709551616,"o":{"a":3}}\n',
        rows: 3,
        accepted: [
          '{"x":{"y":[1, 2.50]},"id":1,"\\u00e9":"\\u0041","o":{"a":1},"n":null}',
          '{"id":2,"o":{"a":2}}',
          '{"id":3,"":18446744073709551616,"o":{"a":3}}',
        ],
        kept: [{ x: '{"y":[1, 2.50]}', é: '"\\u0041"', n: "null" }, {}, { "": "18446744073709551616" }],
      },
      {
        name: "an unknown field of an object, a name twice, and half of a surrogate pair are refused",
        format: "json",
        input: '{"id":1,"o":{"a":1,"b":2},"x":1,"x":2,"y":"\\ud800"}',
        rows: 1,
        accepted: [],
        errors: [
          [0, "/o/b", "unknown_field", "a field of Kept 1.0", "2"],
          [0, "/x", "duplicate_key", "each field once", "2"],
          [0, "/y", "invalid_utf8", "well-formed UTF-8, surrogates in pairs", '"\\ud800"'],
        ],
      },
      {
        name: "a broken line keeps nothing",
        format: "ndjson",
        input: '{"x":1,"id":1,"o":{"a":1}\n{"id":2,"o":{"a":2}}\n',
        rows: 2,
        accepted: ['{"id":2,"o":{"a":2}}'],
        errors: [[0, "", "invalid_json", "JSON (RFC 8259): it breaks at byte 25 of the row", ""]],
        kept: [{}],
      },
    ],
  },
  {
    name: "DroppedInside",
    model: droppedModel,
    cases: [
      {
        name: "unknown fields are dropped in objects, too",
        format: "json",
        input: '{"x":1,"o":{"b":[{}],"a":1},"id":1}',
        rows: 1,
        accepted: ['{"x":1,"o":{"b":[{}],"a":1},"id":1}'],
      },
      {
        name: "a dropped name twice in an object",
        format: "json",
        input: '{"o":{"b":1,"a":1,"b":2},"id":1}',
        rows: 1,
        accepted: [],
        errors: [[0, "/o/b", "duplicate_key", "each field once", "2"]],
      },
    ],
  },
];
