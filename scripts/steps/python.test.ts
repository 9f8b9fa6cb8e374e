// How the Python suite's report is counted: what did not pass never counts as passed.
import { expect, test } from "vitest";
import { countTests } from "./python.mjs";

const report = (counts: string): string =>
  `<?xml version="1.0"?><testsuites name="pytest"><testsuite ${counts}></testsuite></testsuites>`;

test.each([
  ['name="pytest" errors="0" failures="0" skipped="0" tests="250"', { passed: 250, failed: 0 }],
  ['name="pytest" errors="1" failures="2" skipped="3" tests="10"', { passed: 4, failed: 6 }],
])("%s", (counts, expected) => {
  expect(countTests(report(counts))).toEqual(expected);
});

test("without a report nothing passed", () => {
  expect(countTests("")).toEqual({ passed: 0, failed: 0 });
});
