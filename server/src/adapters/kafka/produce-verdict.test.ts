// What is done about a batch that failed: the table of answers.
import { expect, it } from "vitest";
import { createErrorFromCode } from "./kafkajs-internals.ts";
import { judgeFailure } from "./produce-verdict.ts";

const NOT_LEADER = 6;
const MESSAGE_TOO_LARGE = 10;
const NOT_ENOUGH_REPLICAS_AFTER_APPEND = 20;
const OUT_OF_ORDER_SEQUENCE = 45;
const DUPLICATE_SEQUENCE = 46;
const UNKNOWN_PRODUCER = 59;

it.each([
  [NOT_LEADER, 1, "again"],
  [NOT_LEADER, 5, "again"],
  [NOT_ENOUGH_REPLICAS_AFTER_APPEND, 2, "again"],
  [MESSAGE_TOO_LARGE, 1, "refused"],
  [MESSAGE_TOO_LARGE, 2, "unknown"],
  [OUT_OF_ORDER_SEQUENCE, 1, "renew"],
  [UNKNOWN_PRODUCER, 1, "renew"],
  [UNKNOWN_PRODUCER, 2, "unknown"],
  [DUPLICATE_SEQUENCE, 2, "unknown"],
] as const)("error %i at attempt %i: %s", (code, attempts, verdict) => {
  expect(judgeFailure(createErrorFromCode(code), attempts)).toBe(verdict);
});

it("tries again when the connection broke", () => {
  expect(judgeFailure(new Error("closed"), 3)).toBe("again");
});
