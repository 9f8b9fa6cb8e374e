// One statement, its kind, and where an INSERT's rows begin.
import { expect, test } from "vitest";
import { readStatement } from "./sql-statement.ts";

const dataOf = (text: string) => {
  const statement = readStatement(text);
  if (statement.kind !== "insert") throw new Error("not an insert with data");
  const { target, settings, format, dataStart } = statement;
  return { target, settings, format, data: text.slice(dataStart) };
};

test.each([
  ["SELECT 1", true, undefined],
  ["  -- a; comment\n SELECT ';', \"a;b\", `c;d` FORMAT JSON ;", true, "JSON"],
  ["(SELECT 1) UNION ALL (SELECT 2)", true, undefined],
  ["WITH 1 AS x SELECT x FORMAT CSV", true, "CSV"],
  ["SELECT * FROM (SELECT 1 FORMAT CSV)", true, undefined],
  ["SHOW TABLES", false, undefined],
  ["SELECT $tag$ ; $tag$", true, undefined],
  ["SELECT 'it''s; \\' ; '", true, undefined],
  ["INSERT INTO t SELECT 1 FROM x", false, undefined],
  ["INSERT INTO values SELECT 1", false, undefined],
  ["INSERT INTO t (a) FROM INFILE 'x' FORMAT CSV", false, "CSV"],
])("%s is one statement", (sql, select, format) => {
  const statement = readStatement(sql);
  expect(statement).toMatchObject({ kind: "statement", select });
  expect(statement.kind === "statement" && statement.format).toBe(format);
});

test.each(["SELECT 1; DROP TABLE t", "SELECT 1; -- x\n SELECT 2", "INSERT INTO t SELECT 1; DROP TABLE t"])(
  "%s is refused",
  (sql) => {
    expect(() => readStatement(sql)).toThrow(/Multi-statements/);
  },
);

test("an empty text and a NUL byte are refused", () => {
  expect(() => readStatement("  -- nothing\n")).toThrow(/Empty/);
  expect(() => readStatement("SELECT 1\0; DROP TABLE t")).toThrow(/NUL/);
  expect(() => readStatement("INSERT INTO t\0 VALUES (1)")).toThrow(/NUL/);
});

test("the rows of an INSERT begin after the format's line", () => {
  expect(dataOf("INSERT INTO t (a, b) SETTINGS x = 1, y = 'FORMAT' FORMAT Native\n\n\0;DROP")).toEqual({
    target: "INSERT INTO t (a, b)",
    settings: "SETTINGS x = 1, y = 'FORMAT'",
    format: "Native",
    data: "\n\0;DROP",
  });
  expect(dataOf("insert into db.`a format b` values (1, ';')")).toMatchObject({ format: "Values", data: " (1, ';')" });
  expect(dataOf("INSERT INTO values VALUES (1)")).toMatchObject({ target: "INSERT INTO values", data: " (1)" });
  expect(dataOf("INSERT INTO FUNCTION file('x', 'CSV', 'a Int') FORMAT CSV 1")).toMatchObject({ data: "1" });
});
