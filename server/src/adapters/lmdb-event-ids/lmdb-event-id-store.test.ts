// Checkpoints of several processes on one folder only add to each other.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLmdbEventIdStore } from "./lmdb-event-id-store.ts";

it("unites what was saved, keeps the furthest offsets, and forgets what is removed, also when it is opened again", async () => {
  const path = mkdtempSync(join(tmpdir(), "moose-event-id-store-"));
  const store = await openLmdbEventIdStore({ path });
  expect(await store.load()).toBeUndefined();
  await store.save({
    applied: new Map([["S", [10, 4]]]),
    producers: new Map([
      ["p", { ranges: [[0, 9]], atMs: 5 }],
      ["gone", { ranges: [[1, 1]], atMs: 1 }],
    ]),
  });
  // One that is behind the other, and knows something that the other does not.
  await store.save({
    applied: new Map([["S", [8, 6, 1]]]),
    producers: new Map([
      ["p", { ranges: [[0, 7], [20, 21]], atMs: 4 }], // biome-ignore format: two ranges
      ["gone", undefined],
    ]),
  });
  await store.close();
  const again = await openLmdbEventIdStore({ path });
  expect(await again.load()).toEqual({
    applied: new Map([["S", [10, 6, 1]]]),
    producers: new Map([["p", { ranges: [[0, 9], [20, 21]], atMs: 5 }]]), // biome-ignore format: two ranges
  });
  await again.close();
  rmSync(path, { recursive: true, force: true });
});
