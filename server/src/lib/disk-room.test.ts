// Room on a disk: asked of the real one.
import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasRoom } from "./disk-room.ts";

test("a write that leaves the reserve has room, one that the disk could not hold has none", () => {
  const { blocks, bsize } = statfsSync(tmpdir());
  expect(hasRoom(tmpdir(), 1, 1)).toBe(true);
  expect(hasRoom(tmpdir(), blocks * bsize, 1)).toBe(false);
  expect(hasRoom(tmpdir(), 1, blocks * bsize)).toBe(false);
});

test("a path that is not there yet is left to the write", () => {
  expect(hasRoom(join(tmpdir(), "moose-nothing-is-here"), Number.MAX_SAFE_INTEGER, 1)).toBe(true);
});
