// Which known name a mistyped one is taken for, and which are too far away.
import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const known = ["string", "boolean", "dateTime64", "enum", "port"];

test.each([
  ["strng", "string"],
  ["String", "string"],
  ["datetime64", "dateTime64"],
  ["prot", "port"],
  ["bolean", "boolean"],
])("%s is taken for %s", (typed, meant) => {
  expect(nearestName(typed, known)).toBe(meant);
});

test.each(["x", "array", "something"])("%s is near nothing", (typed) => {
  expect(nearestName(typed, known)).toBeUndefined();
});
