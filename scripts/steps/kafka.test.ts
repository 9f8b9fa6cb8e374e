// What the Kafka step reads from others: the version of Java, and the version in its own pom.
import { expect, it } from "vitest";
// @ts-expect-error: a plain script without types
import { jarsFolder, javaVersion } from "./kafka.mjs";

it.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_392"', 1],
  ["command not found", 0],
])("reads the version of Java from %j", (text, version) => {
  expect(javaVersion(text)).toBe(version);
});

it("keeps the jars by the broker's version, outside the tree", () => {
  expect(jarsFolder()).toMatch(/moose.kafka-\d+\.\d+\.\d+$/);
  expect(jarsFolder()).not.toContain("node_modules");
});
