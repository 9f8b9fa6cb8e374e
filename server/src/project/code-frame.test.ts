// The lines around a place and the mark under it.
import { expect, test } from "vitest";
import { codeFrame } from "./code-frame.ts";

test("marks a part of a line, with two lines around it", () => {
  const source = ["one", "two", "three", "  four()", "five", "six", "seven"].join("\n");
  expect(codeFrame(source, 4, 3, 4)).toBe(
    "  2 | two\n  3 | three\n> 4 |   four()\n    |   ^^^^\n  5 | five\n  6 | six",
  );
});

test("stays inside the file and inside the line, and keeps tabs", () => {
  expect(codeFrame("\tx", 1, 2, 99)).toBe("> 1 | \tx\n    | \t^");
  expect(codeFrame("x", 2, 1)).toBe("");
});
