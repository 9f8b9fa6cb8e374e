// NDJSON and sequences by hand: where rows end, and what a broken one spoils.
import { breaks, broken, deep, eventModel, type RowGroup } from "./test-row-group.ts";

export const lineGroups: readonly RowGroup[] = [
  {
    name: "Lines",
    model: eventModel,
    cases: [
      { name: "nothing", format: "ndjson", input: "", rows: 0, accepted: [] },
      { name: "blank lines", format: "ndjson", input: "\n \n\t\r\n", rows: 0, accepted: [] },
      {
        name: "no last line break",
        format: "ndjson",
        input: '{"id":1}\n{"id":2}',
        rows: 2,
        accepted: ['{"id":1}', '{"id":2}'],
      },
      {
        name: "carriage returns and spaces",
        format: "ndjson",
        input: ' {"id":1} \r\n\r\n{"id":2}\r\n',
        rows: 2,
        accepted: ['{"id":1}', '{"id":2}'],
      },
      {
        name: "a broken line spoils only itself",
        format: "ndjson",
        input: '{"id":1}\n{"id":\n{"id":2}\n{"id":3}}\n{"id":4}\n',
        rows: 5,
        accepted: ['{"id":1}', '{"id":2}', '{"id":4}'],
        errors: [
          [1, "", "invalid_json", broken(6), ""],
          [3, "", "invalid_json", broken(8), "}"],
        ],
      },
      {
        name: "what was wrong before a line broke is not told",
        format: "ndjson",
        input: '{"id":"x","name":1,}\n{"id":1}',
        rows: 2,
        accepted: ['{"id":1}'],
        errors: [[0, "", "invalid_json", broken(19), "}"]],
      },
      {
        name: "an object over two lines is two broken ones",
        format: "ndjson",
        input: '{"id":\n1}\n',
        rows: 2,
        accepted: [],
        errors: [
          [0, "", "invalid_json", broken(6), ""],
          [1, "", "invalid_json", broken(1), "}"],
        ],
      },
      {
        name: "two objects in a line",
        format: "ndjson",
        input: '{"id":1} {"id":2}\n{"id":3}',
        rows: 2,
        accepted: ['{"id":3}'],
        errors: [[0, "", "invalid_json", broken(9), '{"id":2}']],
      },
      {
        name: "a zero byte",
        format: "ndjson",
        input: '{"id":1}\u0000\n{"id":3}',
        rows: 2,
        accepted: ['{"id":3}'],
        errors: [[0, "", "invalid_json", broken(8), "\u0000"]],
      },
      {
        name: "a byte order mark spoils its line",
        format: "ndjson",
        input: '\ufeff{"id":1}\n{"id":3}',
        rows: 2,
        accepted: ['{"id":3}'],
        errors: [[0, "", "invalid_json", broken(0), '\ufeff{"id":1}']],
      },
      {
        name: "a line of endless nesting",
        format: "ndjson",
        input: `{"x":${deep(5000)}}\n{"id":3}`,
        rows: 2,
        accepted: ['{"id":3}'],
        errors: [[0, "", "too_deep", "at most 64 levels of nesting", "[".repeat(100)]],
      },
    ],
  },
  {
    name: "Sequences",
    model: eventModel,
    cases: [
      {
        name: "values with white space between",
        format: "sequence",
        input: '{"id":1}\n{"id":2} {"id":3}',
        rows: 3,
        accepted: ['{"id":1}', '{"id":2}', '{"id":3}'],
      },
      { name: "a value over two lines", format: "sequence", input: '{"id":\n1}\n', rows: 1, accepted: ['{"id":\n1}'] },
      {
        name: "values without white space",
        format: "sequence",
        input: '{"id":1}{"id":2}',
        rows: 2,
        accepted: ['{"id":1}', '{"id":2}'],
      },
      { name: "nothing", format: "sequence", input: " ", rows: 0, accepted: [] },
      {
        name: "a broken value",
        format: "sequence",
        input: '{"id":1} {"id":}',
        rows: 0,
        accepted: [],
        unreadable: { message: breaks(15), offset: 15 },
      },
    ],
  },
];
