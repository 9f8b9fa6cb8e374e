// Patterns and formats of strings by hand, as test-value-cases.ts has the types.
import { t } from "../language/t.ts";
import { group, type ValueGroup } from "./test-value-group.ts";

export const patternGroups: readonly ValueGroup[] = [
  group(
    "Pattern",
    t.string().pattern("^[A-Z]{3}(-\\d+)?$").optional(),
    "a string, matching /^[A-Z]{3}(-\\d+)?$/ or null",
    [
      ['"ABC"', "ABC"],
      ['"ABC-0123"', "ABC-0123"],
      ['"\\u0041BC"', "ABC"],
      ["null", null],
    ],
    [
      ['"abc"', "invalid_format"],
      ['"ABCD"', "invalid_format"],
      ['"ABC-"', "invalid_format"],
      ['"ABC\\n"', "invalid_format"],
      ['""', "invalid_format"],
      ["1", "wrong_type"],
    ],
  ),
  group(
    "PatternBeyondAscii",
    t.string().pattern("^[α-ω]+.🚀$"),
    "a string, matching /^[α-ω]+.🚀$/",
    [
      ['"αω🚀🚀"', "αω🚀🚀"],
      ['"\\u03b1x\\ud83d\\ude80"', "αx🚀"],
    ],
    [
      ['"α🚀"', "invalid_format"],
      ['"Αx🚀"', "invalid_format"],
    ],
  ),
  group(
    "Email",
    t.string().format("email"),
    "a string, an e-mail address, as name@example.com",
    [
      ['"name@example.com"', "name@example.com"],
      ['"first.last+tag@a-b.example.org"', "first.last+tag@a-b.example.org"],
    ],
    [
      ['"name"', "invalid_format"],
      ['"name@"', "invalid_format"],
      ['"@example.com"', "invalid_format"],
      ['"a..b@example.com"', "invalid_format"],
      ['"name@-example.com"', "invalid_format"],
    ],
  ),
];
