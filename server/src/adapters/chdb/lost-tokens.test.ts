// Tokens that no part covers are forgotten; all others stay, whatever became of their parts.
import { expect, it } from "vitest";
import { type PartRange, recordsOfLostTokens } from "./lost-tokens.ts";

const add = (part: string, token = `token of ${part}`): string => `1\t${part}\t${token}\n`;
const drop = (part: string, token = `token of ${part}`): string => `2\t${part}\t${token}\n`;
const part = (partition: string, firstBlock: number, lastBlock: number): PartRange => ({
  partition,
  firstBlock,
  lastBlock,
});
const lost = (log: string, ...parts: PartRange[]): string[] => recordsOfLostTokens(log, parts, 1000);

it("forgets the token of a part that never came to be", () => {
  const log = add("all_1_1_0") + add("all_2_2_0") + add("all_3_3_0");
  expect(lost(log, part("all", 1, 1), part("all", 2, 2))).toEqual([drop("all_3_3_0")]);
  expect(lost(log + drop("all_3_3_0"), part("all", 1, 1), part("all", 2, 2))).toEqual([]);
});

it("keeps tokens whose parts were merged, mutated or are in another partition's range", () => {
  const log = add("all_1_1_0") + add("all_2_2_0_7") + add("202403_2_2_0") + add("a_b_5_5_0");
  expect(lost(log, part("all", 1, 9), part("202403", 1, 2), part("a_b", 5, 5))).toEqual([]);
  expect(lost(log, part("all", 1, 9), part("202404", 1, 2), part("b", 5, 5))).toEqual([
    drop("202403_2_2_0"),
    drop("a_b_5_5_0"),
  ]);
});

it("takes the last word on a token: another part may hold its block now", () => {
  const again = add("all_1_1_0", "t") + drop("all_1_1_0", "t") + add("all_4_4_0", "t");
  expect(lost(again, part("all", 4, 4))).toEqual([]);
  expect(lost(again, part("all", 1, 1))).toEqual([drop("all_4_4_0", "t")]);
});

it("looks at the newest tokens only, and at no line that it cannot read", () => {
  const log = `${add("all_1_1_0")}nonsense\n1\tstrange\tname\n${add("all_2_2_0")}1\tall_3_3_0\thalf a rec`;
  expect(recordsOfLostTokens(log, [], 1)).toEqual([drop("all_2_2_0")]);
  expect(lost(log)).toEqual([drop("all_1_1_0"), drop("all_2_2_0")]);
  expect(lost("")).toEqual([]);
});
