// Lists of roles, and what is said of those that are none.
import { expect, test } from "vitest";
import { parseRoles } from "./parse-roles.ts";
import { UsageError } from "./usage-error.ts";

test("roles are read in the order in which they are named", () => {
  expect(parseRoles("writer, ingest", "--roles")).toEqual(["writer", "ingest"]);
});

test.each([
  ["", "--roles names no role. The roles are ingest, query, writer, functions."],
  ["ingest,", "--roles names no role between two commas."],
  ["ingets", '--roles: "ingets" is not a role: did you mean ingest?'],
  ["live", '--roles: "live" is not a role. The roles are'],
  ["query,ingest,query", "--roles names the role query twice."],
])("%j is refused", (text, message) => {
  expect(() => parseRoles(text, "--roles")).toThrowError(UsageError);
  expect(() => parseRoles(text, "--roles")).toThrowError(message);
});
