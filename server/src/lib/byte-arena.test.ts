// The arena: pieces do not overlap, one user at a time, and what does not fit has memory of its own.
import { expect, it } from "vitest";
import { ByteArena } from "./byte-arena.ts";

it("gives out pieces that are aligned and do not overlap, in the same memory each time", () => {
  const arena = new ByteArena(64);
  const first = arena.take(5).fill(1);
  const second = arena.take(9).fill(2);
  expect([...first]).toEqual(Array(5).fill(1));
  expect(second.byteOffset - first.byteOffset).toBe(8);
  arena.giveBack();
  expect(arena.take(5).byteOffset).toBe(first.byteOffset);
  expect(arena.take(5).buffer).toBe(first.buffer);
});

it("gives memory of its own to what has no room, and to nothing else", () => {
  const arena = new ByteArena(64);
  const inside = arena.take(40);
  const outside = arena.take(40);
  expect(outside).toHaveLength(40);
  expect(outside.buffer).not.toBe(inside.buffer);
  expect(arena.take(24).buffer).toBe(inside.buffer);
});

it("has one user at a time", () => {
  const arena = new ByteArena(64);
  expect(arena.borrow()).toBe(arena);
  expect(arena.borrow()).toBeUndefined();
  arena.giveBack();
  expect(arena.borrow()).toBe(arena);
});
