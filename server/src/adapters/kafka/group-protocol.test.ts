// Who gets which partition: even, with few changes of hands, and never two holders at a time.
import { describe, expect, it } from "vitest";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  keyOf,
  shareOut,
  type TopicPartition,
} from "./group-protocol.ts";

const at = (topic: string, ...partitions: number[]): TopicPartition[] =>
  partitions.map((partition) => ({ topic, partition }));
const member = (memberId: string, held: TopicPartition[] = [], topics = ["a"]) => ({ memberId, topics, held });
const sizes = (topic: string): number => ({ a: 4, b: 2 })[topic] ?? 0;
const named = (shares: ReadonlyMap<string, readonly TopicPartition[]>) =>
  Object.fromEntries(
    [...shares].map(([id, share]) => [id, share.map(({ topic, partition }) => `${topic}${partition}`).sort()]),
  );

describe("sharing out", () => {
  it("gives a member alone everything that it follows, and nothing else", () => {
    expect(named(shareOut([member("x", [], ["a", "b"])], sizes))).toEqual({ x: ["a0", "a1", "a2", "a3", "b0", "b1"] });
    expect(named(shareOut([member("x", [], ["b"])], sizes))).toEqual({ x: ["b0", "b1"] });
  });

  it("gives nobody what is to change hands while its holder is there, and gives it out in the round after", () => {
    const before = [member("x", at("a", 0, 1, 2, 3)), member("y")];
    const first = shareOut(before, sizes);
    expect(first.get("y")).toEqual([]);
    expect(first.get("x")).toHaveLength(2);
    const second = shareOut([member("x", [...first.get("x")!]), member("y")], sizes);
    expect([second.get("x")!.length, second.get("y")!.length]).toEqual([2, 2]);
    expect(second.get("x")!.map(keyOf).sort()).toEqual(first.get("x")!.map(keyOf).sort());
  });

  it("believes the first of two that hold the same, so that it has one holder", () => {
    const shares = shareOut([member("x", at("a", 0, 1)), member("y", at("a", 1, 2))], sizes);
    const given = [...shares.values()].flat().map(keyOf);
    expect(new Set(given).size).toBe(given.length);
  });

  it("lets a member that follows nothing be", () => {
    expect(named(shareOut([member("x", [], []), member("y")], sizes))).toEqual({ x: [], y: ["a0", "a1", "a2", "a3"] });
  });
});

it("reads what it writes", () => {
  const held = [...at("Flight.1.0", 0, 3), ...at("ä", 1)];
  expect(decodeSubscription("x", encodeSubscription(["Flight.1.0", "b"], held))).toEqual({
    memberId: "x",
    topics: ["Flight.1.0", "b"],
    held,
  });
  expect(decodeAssignment(encodeAssignment(held))).toEqual(held);
  expect(decodeAssignment(Buffer.alloc(0))).toEqual([]);
});
