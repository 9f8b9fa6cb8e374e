// The state of a partition, on a real log: found again by the next process, whatever the last one died in the middle of, and bounded in size.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import { rowsOf } from "../model/record-rows.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { silentLog } from "../telemetry/log.ts";
import type { StateChange } from "./runtime/slice.ts";
import { type StateAppend, StateLog } from "./state-log.ts";

const SOURCE = "Flight.1.0";
const STREAM = "_state-count.Flight.1.0";
const GROUP = "functions.count";

let path: string;
let log: StreamLog;

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), "moose-state-"));
  await open();
});
afterEach(async () => {
  await log.close();
  rmSync(path, { recursive: true, force: true });
});

async function open(): Promise<void> {
  log = await openLmdbStreamLog({ path, log: silentLog });
  for (const stream of [SOURCE, STREAM]) await log.ensureStream(stream, { partitions: 1 });
  const membership = await log.join(GROUP, { assigned: () => {}, revoked: async () => {} });
  await membership.follow([SOURCE]);
}

/** What the next process finds. */
async function reopened(): Promise<StateLog> {
  await log.close();
  await open();
  return restored();
}

async function restored(): Promise<StateLog> {
  const { committed } = await log.progress(GROUP, SOURCE, 0);
  return StateLog.open(log, STREAM, 0, committed);
}

async function commit(committed: number, appends: readonly StateAppend[]): Promise<number | undefined> {
  const results = await log.commit!(GROUP, { stream: SOURCE, partition: 0, progress: { committed }, appends });
  return results[0]?.[0]?.baseOffset;
}

/** One slice, as the partition runner stores it; `dies` before the snapshot, within it, or before the trim that follows it. */
async function store(
  state: StateLog,
  [first, last]: readonly [number, number],
  changes: readonly StateChange[],
  dies?: "before snapshot" | "within snapshot" | "before trim",
): Promise<void> {
  await commit(last, state.changes(first, last, changes, 0));
  state.apply(changes);
  if (dies === "before snapshot") return;
  const snapshot = state.snapshot(last, 0);
  let begin: number | undefined;
  for (const append of dies === "within snapshot" ? snapshot.slice(0, -1) : snapshot) {
    const offset = await commit(last, [append]);
    begin ??= offset;
  }
  if (dies === undefined && begin !== undefined) await state.snapshotStored(begin);
}

const entries = (state: StateLog): Record<string, string> => Object.fromEntries(state.entries);
const bytes = async (): Promise<number> => (await log.size(STREAM)).bytes;
const stored = async (): Promise<string[]> =>
  rowsOf(await log.read(STREAM, 0, log.startOffset(STREAM, 0), { maxBytes: 1 << 28, maxRecords: 1 << 28 }));
/** Half of what makes a snapshot worth it. */
const half = (letter: string): string => letter.repeat(600_000);

it("is what the changes came to, in their order", async () => {
  const state = await restored();
  await store(
    state,
    [0, 2],
    [
      ["k:a", "1"],
      ["k:b", "1"],
    ],
  );
  await store(
    state,
    [2, 5],
    [
      ["k:a", "2"],
      ["k:b", null],
      ["k:__proto__", "3"],
    ],
  );
  await store(state, [5, 9], []);
  expect([...(await reopened()).entries]).toEqual([
    ["k:a", "2"],
    ["k:__proto__", "3"],
  ]);
});

it("keeps what the passing of time changed between two events", async () => {
  const state = await restored();
  await store(
    state,
    [0, 2],
    [
      ["w:a", "open"],
      ["w:b", "open"],
    ],
  );
  await store(state, [2, 2], [["w:a", null]]);
  await store(
    state,
    [2, 2],
    [
      ["w:b", null],
      ["m:", "9"],
    ],
  );
  await store(state, [2, 4], [["w:c", "open"]]);
  expect(entries(await reopened())).toEqual({ "m:": "9", "w:c": "open" });
});

it("leaves out what a process stored that died before its commit, and takes the next one's in its place", async () => {
  const state = await restored();
  await store(state, [0, 2], [["k:a", "1"]]);
  const [lost] = state.changes(
    2,
    6,
    [
      ["k:a", "lost"],
      ["k:lost", "1"],
    ],
    0,
  );
  // As on a log that stores state and progress one after the other.
  await log.append(STREAM, lost!.records, 0);
  const next = await reopened();
  expect(entries(next)).toEqual({ "k:a": "1" });
  await store(next, [2, 4], [["k:a", "2"]]);
  await store(next, [4, 8], [["k:b", "1"]]);
  expect(entries(await reopened())).toEqual({ "k:a": "2", "k:b": "1" });
});

it("is read from its snapshot, and what is older is freed", async () => {
  const state = await restored();
  await store(
    state,
    [0, 1],
    [
      ["k:a", half("a")],
      ["k:kept", "1"],
    ],
  );
  await store(state, [1, 2], [["k:a", half("b")]]);
  await store(state, [2, 3], [["k:a", "small"]]);
  const rows = (await stored()).map((row) => JSON.parse(row) as object);
  expect(rows).toEqual([{ snapshot: 3, part: 0, of: 1, set: { "k:a": "small", "k:kept": "1" } }]);
  const next = await reopened();
  await store(
    next,
    [3, 4],
    [
      ["k:kept", null],
      ["k:b", "2"],
    ],
  );
  expect(entries(await reopened())).toEqual({ "k:a": "small", "k:b": "2" });
});

it("frees at the next start what a crash between a snapshot and its trim left", async () => {
  const state = await restored();
  await store(state, [0, 1], [["k:a", half("a")]]);
  await store(state, [1, 2], [["k:a", half("b")]]);
  await store(state, [2, 3], [["k:a", "small"]], "before trim");
  expect(await bytes()).toBeGreaterThan(1_000_000);
  const next = await reopened();
  expect(entries(next)).toEqual({ "k:a": "small" });
  expect(await bytes()).toBeLessThan(1_000);
  expect(await stored()).toHaveLength(1);
});

it("does without a snapshot that is not whole", async () => {
  const state = await restored();
  const many = (text: string): StateChange[] =>
    Array.from({ length: 60 }, (_, n) => [`k:${n}`, text.repeat(100_000)] as const);
  for (const [at, letter] of ["a", "b", "c"].entries()) await store(state, [at, at + 1], many(letter));
  await store(state, [3, 4], many("d"), "before snapshot");
  expect(state.snapshot(4, 0).length).toBeGreaterThan(1);
  await store(state, [4, 5], [["k:0", "last"]], "within snapshot");
  const next = await reopened();
  expect(entries(next)).toEqual(entries(state));
  await store(next, [5, 6], [["k:1", "last"]]);
  expect(entries(await reopened())).toEqual({ ...entries(state), "k:1": "last" });
  expect(await bytes()).toBeLessThan(7_000_000);
});

it("stays bounded however long it runs, and however often it is started again", async () => {
  let largest = 0;
  let state = await restored();
  for (let slice = 0; slice < 60; slice++) {
    await store(
      state,
      [slice, slice + 1],
      [["k:a", half(String(slice % 10))]],
      slice % 2 === 0 ? undefined : "before snapshot",
    );
    if (slice % 2 === 1) state = await reopened();
    largest = Math.max(largest, await bytes());
  }
  expect(largest).toBeLessThan(5 * 600_000 + 1_200_000);
  expect(entries(state)).toEqual({ "k:a": half("9") });
});

it("begins anew with a group that was forgotten, whatever state it left", async () => {
  const state = await restored();
  await store(state, [0, 1], [["k:old", half("a")]]);
  await store(state, [1, 2], [["k:old", half("b")]]);
  await store(state, [2, 3], [["k:old", "small"]]);
  await (await log.join(GROUP, { assigned: () => {}, revoked: async () => {} })).leave();
  await log.close();
  log = await openLmdbStreamLog({ path, log: silentLog });
  expect(await log.forgetGroup!(GROUP, SOURCE)).toBe(true);
  const next = await reopened();
  expect(entries(next)).toEqual({});
  await store(next, [0, 5], [["k:new", "1"]]);
  expect(entries(await reopened())).toEqual({ "k:new": "1" });
});
