// Partition keys by hand: the hashes are the published vectors of Kafka's own test of murmur2.
import { model } from "../language/model.ts";
import { t } from "../language/t.ts";
import type { RowGroup } from "./test-row-group.ts";

const vectors = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
] as const;
const rows = vectors.map(([key]) => `{"n":1,"key":"${key}"}`);

export const keyGroups: readonly RowGroup[] = [
  {
    name: "PartitionKeys",
    model: model("Keyed", { n: t.int32(), key: t.string().default("abc") }, { partitionKey: "key" }),
    cases: [
      {
        name: "the vectors of Kafka",
        format: "ndjson",
        input: rows.join("\n"),
        rows: rows.length,
        accepted: rows,
        keys: vectors.map(([key, hash]) => [hash, `"${key}"`]),
      },
      {
        name: "an escaped key is hashed as its text; a default has no place; refused rows have none",
        format: "json",
        input: '[{"key":"\\u0061bc","n":1},{"key":"abc"},{"n":2}]',
        rows: 3,
        accepted: ['{"key":"\\u0061bc","n":1}', '{"n":2}'],
        errors: [[1, "/n", "missing_field", "an integer from -2147483648 to 2147483647", ""]],
        keys: [[479470107, '"\\u0061bc"'], [479470107]],
      },
    ],
  },
  {
    name: "PartitionNumbers",
    model: model("Numbered", { key: t.uint64().optional() }, { partitionKey: "key" }),
    cases: [
      {
        name: "a number is hashed as its digits, however it was written; a key that is null has hash 0",
        format: "ndjson",
        input: '{"key":21}\n{"key":"21"}\n{"key":2.1e1}\n{"key":21.0}\n{"key":null}\n{}\n',
        rows: 6,
        accepted: ['{"key":21}', '{"key":"21"}', '{"key":2.1e1}', '{"key":21.0}', '{"key":null}', "{}"],
        beyondClickHouse: true,
        keys: [[-973932308, "21"], [-973932308, '"21"'], [-973932308, "2.1e1"], [-973932308, "21.0"], [0], [0]],
      },
    ],
  },
  {
    name: "PartitionDecimals",
    model: model("Priced", { key: t.decimal(40, 4).default("21.00") }, { partitionKey: "key" }),
    cases: [
      {
        name: "a decimal is hashed without the zeros at its end; a default as if it had been sent",
        format: "ndjson",
        input: '{"key":21.0000}\n{"key":"21.0"}\n{"key":210e-1}\n{}\n',
        rows: 4,
        accepted: ['{"key":21.0000}', '{"key":"21.0"}', '{"key":210e-1}', "{}"],
        keys: [[-973932308, "21.0000"], [-973932308, '"21.0"'], [-973932308, "210e-1"], [-973932308]],
      },
    ],
  },
];
