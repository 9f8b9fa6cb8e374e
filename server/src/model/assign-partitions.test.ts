// Every followed partition has one holder, loads are even, and little moves when members come and go.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Assignable, assignPartitions } from "./assign-partitions.ts";

const partitions = (count: number, followers: readonly string[], holders: ReadonlyMap<string, string> = new Map()) =>
  Array.from({ length: count }, (_, i): Assignable => {
    const key = `s/${String(i).padStart(3, "0")}`;
    return { key, stream: "s", followers, holder: holders.get(key) };
  });
const loads = (assigned: ReadonlyMap<string, string>, members: readonly string[]) =>
  members.map((member) => [...assigned.values()].filter((holder) => holder === member).length);
const moved = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) =>
  [...before].filter(([key, member]) => after.get(key) !== member).length;

describe("assignPartitions", () => {
  it("is even, and moves only what has to move as members come and go", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const memberships = fc.array(fc.subarray(names, { minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), memberships, (count, steps) => {
        let held: ReadonlyMap<string, string> = new Map();
        for (const members of steps) {
          const next = assignPartitions(partitions(count, members, held));
          expect(next.size).toBe(count);
          const load = loads(next, members);
          expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(1);
          const homeless = [...held.values()].filter((member) => !members.includes(member)).length;
          const newcomers = members.filter((member) => ![...held.values()].includes(member)).length;
          expect(moved(held, next)).toBeLessThanOrEqual(
            homeless + newcomers * Math.ceil(count / members.length) + (count % members.length),
          );
          held = next;
        }
      }),
    );
  });

  it("answers the same whatever the order in which it is asked", () => {
    const asked = partitions(7, ["a", "b", "c"], new Map([["s/003", "c"]]));
    const turned = asked.map((one) => ({ ...one, followers: [...one.followers].reverse() })).reverse();
    expect([...assignPartitions(turned)].sort()).toEqual([...assignPartitions(asked)].sort());
  });

  it("gives a partition to nobody but who follows its stream", () => {
    const asked = [
      { key: "x/0", stream: "x", followers: ["a"], holder: "b" },
      { key: "x/1", stream: "x", followers: [] },
      { key: "y/0", stream: "y", followers: ["a", "b"] },
    ];
    expect([...assignPartitions(asked)]).toEqual([
      ["x/0", "a"],
      ["y/0", "b"],
    ]);
  });

  it("spreads the partitions of each stream, whoever held them all", () => {
    const asked = ["x", "y", "z"].flatMap((stream) =>
      [0, 1, 2, 3].map((i) => ({ key: `${stream}/${i}`, stream, followers: ["a", "b"], holder: "a" })),
    );
    const assigned = assignPartitions(asked);
    for (const stream of ["x", "y", "z"]) {
      expect(asked.filter((one) => one.stream === stream && assigned.get(one.key) === "b")).toHaveLength(2);
    }
  });
});
