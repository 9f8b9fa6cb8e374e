// Whose refusal it was: the table's, or a materialized view's that stands behind it.
import { ClickHouseError } from "@clickhouse/client";
import { expect, it } from "vitest";
import { translateError } from "./clickhouse-errors.ts";

const refusal = (message: string) =>
  translateError(new ClickHouseError({ message, code: "469", type: "VIOLATED_CONSTRAINT" }));

it.each([
  ["a table's", "Constraint `x` for table default.B is violated at row 1. Column values: v = 2000. ", undefined],
  [
    "a view's",
    "Constraint `x` for table default.B is violated at row 1. Column values: v = 2000: while pushing to view default.B_v (9f8b6c5a-0d7e-4a3b-8c1d-2e4f6a8b0c1d). ",
    true,
  ],
  [
    "a table's, of an event that says it was a view",
    "Constraint `x` for table default.B is violated at row 1. Column values: v = 'a: while pushing to view default.B_v. '. ",
    undefined,
  ],
])("knows %s refusal", (_, message, inView) => {
  expect(refusal(message)).toMatchObject({ code: "database_refused", extra: { clickhouseCode: 469 } });
  expect(refusal(message).extra.inView).toBe(inView);
});
