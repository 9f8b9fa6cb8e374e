// Addresses of the loopback, in both families, and their neighbours.
import { BlockList, isIPv4 } from "node:net";
import { expect, it } from "vitest";
import { isLoopback } from "./is-loopback.ts";

const v4 = (text: string): number[] => text.split(".").map(Number);
const mapped = (text: string): number[] => [...new Array<number>(10).fill(0), 255, 255, ...v4(text)];

it.each([
  ["127.0.0.1", v4("127.0.0.1"), true],
  ["127.255.255.254", v4("127.255.255.254"), true],
  ["126.255.255.255", v4("126.255.255.255"), false],
  ["128.0.0.1", v4("128.0.0.1"), false],
  ["10.0.0.127", v4("10.0.0.127"), false],
  ["::1", [...new Array<number>(15).fill(0), 1], true],
  ["::", new Array<number>(16).fill(0), false],
  ["::2", [...new Array<number>(15).fill(0), 2], false],
  ["1::1", [0, 1, ...new Array<number>(13).fill(0), 1], false],
  ["::ffff:127.0.0.1", mapped("127.0.0.1"), true],
  ["::ffff:10.0.0.1", mapped("10.0.0.1"), false],
  ["::7f00:1", [...new Array<number>(12).fill(0), ...v4("127.0.0.1")], false],
])("%s", (text, bytes, expected) => {
  expect(isLoopback(Uint8Array.from(bytes))).toBe(expected);
  const node = new BlockList();
  node.addSubnet("127.0.0.0", 8, "ipv4");
  node.addAddress("::1", "ipv6");
  expect(node.check(text, isIPv4(text) ? "ipv4" : "ipv6")).toBe(expected);
});

it("no address", () => expect(isLoopback(new Uint8Array(0))).toBe(false));
