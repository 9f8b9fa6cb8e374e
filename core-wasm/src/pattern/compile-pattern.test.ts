// Patterns mean what ECMAScript's RegExp (flag u) means by them; what a finite automaton cannot run is refused with the place.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, matchesPattern } from "./compile-pattern.ts";
import { PatternError } from "./pattern-error.ts";

const letter = fc.constantFrom("a", "b", "c", "0", "é", "世", "🛫", " ", "-");
const member = fc.oneof(
  letter.map((text) => (text === "-" ? "\\-" : text)),
  fc.constantFrom("a-c", "0-9", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "à-ž", "\\u{1F600}-\\u{1F6FF}", "\\x61"),
);
const atom = fc.oneof(
  { weight: 5, arbitrary: letter },
  {
    weight: 3,
    arbitrary: fc.constantFrom(".", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\.", "\\u0061", "\\ud83d\\udeeb"),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.boolean(), fc.array(member, { minLength: 1, maxLength: 3 }))
      .map(([negated, members]) => `[${negated ? "^" : ""}${members.join("")}]`),
  },
);
const times = fc.constantFrom("", "", "", "", "*", "+", "?", "*?", "{2}", "{0}", "{1,3}", "{2,}", "{0,1}?");
const { pattern } = fc.letrec<{ pattern: string; sequence: string; term: string }>((tie) => ({
  pattern: fc.array(tie("sequence"), { minLength: 1, maxLength: 2 }).map((options) => options.join("|")),
  sequence: fc.array(tie("term"), { maxLength: 4 }).map((terms) => terms.join("")),
  term: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: fc.tuple(atom, times).map(([part, repeat]) => part + repeat) },
    { weight: 1, arbitrary: fc.constantFrom("^", "$") },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom("(", "(?:"), tie("pattern"), times)
        .map(([open, inner, repeat]) => `${open}${inner})${repeat}`),
    },
  ),
}));
const text = fc.oneof(
  fc.string({ unit: letter, maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.string({ unit: fc.constantFrom("a", "b", "\n", "\u2028", "\ufeff", "\u0085", "_", "Z", "ſ", "K"), maxLength: 5 }),
);

/** What our table and RegExp say to each text. */
function agree(source: string, texts: readonly string[]): void {
  const [table, regExp] = [compilePattern(source), new RegExp(source, "u")];
  for (const each of texts) {
    if (matchesPattern(table, each) !== regExp.test(each)) {
      throw new Error(`/${source}/u.test(${JSON.stringify(each)}) is ${regExp.test(each)}, ours is not`);
    }
  }
}

test("random patterns and texts: the verdicts are those of RegExp", () => {
  let tooLarge = 0;
  let runs = 0;
  const property = fc.property(pattern, fc.array(text, { minLength: 20, maxLength: 20 }), (source, texts) => {
    runs++;
    try {
      agree(source, texts);
    } catch (error) {
      if (!(error instanceof PatternError && error.message.startsWith("is too large"))) throw error;
      tooLarge++;
    }
  });
  fc.assert(property, { numRuns: Number(process.env.MOOSE_PATTERNS ?? 400) });
  expect(tooLarge / runs).toBeLessThan(0.02);
}, 600_000);

test("every ASCII character and every border of UTF-8, alone, against every class", () => {
  const points = [...Array(0x300).keys(), 0x7ff, 0x800, 0x1680, 0x2000, 0x200a, 0x200b, 0x2028, 0x2029, 0x202f, 0x205f];
  points.push(0x3000, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f6eb, 0xfffff, 0x100000, 0x10ffff);
  const texts = points.map((point) => String.fromCodePoint(point));
  for (const source of [
    ".",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "[^a]",
    "[\\d\\D]",
    "[^\\d\\D]",
    "[\\u0080-\\uffff]",
  ]) {
    agree(`^${source}$`, texts);
  }
});

test("anchors stand anywhere", () => {
  for (const source of [
    "^",
    "$",
    "^$",
    "$^",
    "a$|^b",
    "(?:^|a)b",
    "b(?:$|c)",
    "a^",
    "$a",
    "^^a$$",
    "(?:^a|b)*c",
    "x*$",
  ]) {
    agree(source, ["", "a", "b", "ab", "cb", "ba", "bb", "bc", "aab", "abc", "ac", "xbc", "xx", "a\nb", "b\n"]);
  }
});

test("what would blow up elsewhere runs in linear time here", () => {
  const evil = compilePattern("^(?:a+)+$|^(?:a|a)*b$|^(?:a|aa)+c$");
  expect(matchesPattern(evil, `${"a".repeat(1_000_000)}!`)).toBe(false);
  expect(matchesPattern(evil, "a".repeat(1_000_000))).toBe(true);
});

describe("what cannot work is refused where it is written", () => {
  test.each([
    ["(a)\\1", "\\1 refers back to a group, which cannot be checked in linear time: write it without (at character 4)"],
    ["a(?=b)", "looks ahead or behind, which cannot be checked in linear time: write it without (at character 2)"],
    ["a(?<!b)", "looks ahead or behind, which cannot be checked in linear time: write it without (at character 2)"],
    ["(?<year>a)", "a group with a name or flags is not supported: write (?:…) (at character 1)"],
    ["(?i)a", "a group with a name or flags is not supported: write (?:…) (at character 1)"],
    ["\\bword", "\\b is not supported: say which characters stand around the word (at character 1)"],
    [
      "\\pL",
      "\\p is not supported, because its meaning changes with each version of Unicode: write ranges, as in [a-zà-ž] (at character 1)",
    ],
    ["(a", '"(" is not closed: add ")", or write \\( (at character 1)'],
    ["a)", '")" closes no group: remove it, or write \\) (at character 2)'],
    ["[a", '"[" is not closed: add "]", or write \\[ (at character 1)'],
    ["[]a]", "a class is empty: put something into it, or write \\] for the bracket (at character 2)"],
    [
      "[z-a]",
      "a range must run from a character up to a character: turn it round, or write \\- for the dash (at character 2)",
    ],
    [
      "[\\d-z]",
      "a range must run from a character up to a character: turn it round, or write \\- for the dash (at character 2)",
    ],
    [
      "[[:alpha:]]",
      "POSIX classes are not supported: write the ranges, as in [A-Za-z], or \\[ for the bracket (at character 2)",
    ],
    ["*a", 'nothing stands before "*": put what repeats there, or write \\* (at character 1)'],
    ["a**", '"*" repeats a repetition: put the first into (?:…) (at character 3)'],
    ["^*", "nothing to repeat: ^ and $ have no length (at character 2)"],
    ["a{2,1}", "{2,1} has its bounds the wrong way round (at character 2)"],
    ["a{1001}", "{1001} repeats more than 1000 times: use .min() and .max() for lengths (at character 2)"],
    ["a{", '"{" begins no {n}, {n,} or {n,m}: complete it, or write \\{ (at character 2)'],
    ["a]", '"]" stands alone: write \\] (at character 2)'],
    ["\\y", '\\y is no escape: write "y" without the backslash (at character 1)'],
    ["a\\", "a backslash ends the pattern: write \\\\ for the character (at character 2)"],
    ["\\ud800", "\\u needs a code point: \\xHH, \\uHHHH or \\u{H…}, no half of a surrogate pair (at character 1)"],
    ["\ud800", "holds half of a surrogate pair: remove it"],
  ])("%s", (source, message) => {
    expect(() => compilePattern(source)).toThrow(expect.objectContaining({ name: "PatternError", message }));
  });

  test("what grows beyond the bounds is refused soon", () => {
    for (const source of [
      "(?:a|b)*a(?:a|b){20}",
      "(?:.{0,1000}){0,1000}",
      "[^a].{1000}b",
      "(?:(?:(?:a?){1000}){1000}){1000}",
      ".*a.{12}$",
    ]) {
      expect(() => compilePattern(source), source).toThrow("is too large");
    }
    expect(() => compilePattern("(".repeat(101) + ")".repeat(101))).toThrow("groups nest deeper than 100");
    expect(() => compilePattern("a".repeat(5000))).toThrow("has 5000 characters, and 4096 are possible");
  });
});

test("the table is the smallest there is", () => {
  const states = (source: string): number => {
    const table = compilePattern(source);
    return table.next.length / table.classCount;
  };
  expect(states("^a$")).toBe(4);
  expect(states("^(?:a|a|a|(?:a))$")).toBe(4);
  expect(states("(?:a|b)*abb")).toBe(5);
  expect(states("")).toBe(2);
});
