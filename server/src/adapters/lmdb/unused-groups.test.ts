// Which groups nobody goes on with, and forgetting them, on a real log that two processes share.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordsOf } from "../../model/record-rows.ts";
import type { GroupMembership, StreamLog } from "../../ports/stream-log.ts";
import { TestMember } from "../../ports/stream-log-groups.contract.ts";
import { silentLog } from "../../telemetry/log.ts";
import { openLmdbStreamLog } from "./lmdb-stream-log.ts";

const FLIGHT = "Flight.1.0";
const OTHER = "Other.1.0";
const nobody = () => false;

let path: string;
let log: StreamLog;
let other: StreamLog;

const open = () => openLmdbStreamLog({ path, log: silentLog, shared: true });

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), "moose-unused-"));
  log = await open();
  for (const stream of [FLIGHT, OTHER]) {
    await log.ensureStream(stream, { partitions: 2 });
    for (const partition of [0, 1]) await log.append(stream, recordsOf(["{}", "{}"], "abc", 0), partition);
  }
  other = await open();
});
afterEach(async () => {
  await other.close();
  await log.close();
  rmSync(path, { recursive: true, force: true });
});

/** Follows the streams and has read one event of each partition. */
async function read(group: string, streams: readonly string[], from = log): Promise<GroupMembership> {
  const member = new TestMember();
  const membership = await from.join(group, member);
  await membership.follow(streams);
  await expect.poll(() => member.held.size, { timeout: 15_000 }).toBe(2 * streams.length);
  for (const stream of streams) {
    for (const partition of [0, 1]) await from.saveProgress(group, stream, partition, { committed: 1 });
  }
  return membership;
}

it("names the streams that a group read and no member follows, with when it was first found, also over a restart", async () => {
  const membership = await read("functions.x", [FLIGHT, OTHER]);
  expect(await log.unusedGroups!(nobody, 1_000)).toEqual([]);
  await membership.follow([OTHER]);
  const unused = { group: "functions.x", stream: FLIGHT, sinceMs: 2_000 };
  expect(await log.unusedGroups!(nobody, 2_000)).toEqual([unused]);
  expect(await other.unusedGroups!(nobody, 3_000)).toEqual([unused]);
  await membership.leave();
  await other.close();
  await log.close();
  log = await open();
  other = await open();
  expect(await log.unusedGroups!(nobody, 4_000)).toEqual([unused, { ...unused, stream: OTHER, sinceMs: 4_000 }]);
});

it("counts anew once a group was expected or followed again", async () => {
  const membership = await read("functions.x", [FLIGHT]);
  await membership.leave();
  const unusedSince = async (nowMs: number, isExpected = nobody as (group: string, stream: string) => boolean) =>
    (await log.unusedGroups!(isExpected, nowMs)).map(({ sinceMs }) => sinceMs);
  expect(await unusedSince(1_000)).toEqual([1_000]);
  expect(await unusedSince(2_000, (group, stream) => group === "functions.x" && stream === FLIGHT)).toEqual([]);
  expect(await unusedSince(3_000)).toEqual([3_000]);
  await (await read("functions.x", [FLIGHT])).leave();
  expect(await unusedSince(4_000)).toEqual([3_000]);
  const again = await read("functions.x", [FLIGHT]);
  expect(await unusedSince(5_000)).toEqual([]);
  await again.leave();
  expect(await unusedSince(6_000)).toEqual([6_000]);
});

it("forgets all partitions of a group in a stream, and nothing else", async () => {
  await (await read("functions.x", [FLIGHT, OTHER])).leave();
  await (await read("functions.xy", [FLIGHT])).leave();
  expect(await log.forgetGroup!("functions.x", FLIGHT)).toBe(true);
  for (const partition of [0, 1]) {
    expect(await other.progress("functions.x", FLIGHT, partition)).toEqual({ committed: 0 });
    expect(await other.progress("functions.x", OTHER, partition)).toEqual({ committed: 1 });
    expect(await other.progress("functions.xy", FLIGHT, partition)).toEqual({ committed: 1 });
  }
  expect(await log.forgetGroup!("functions.x", OTHER)).toBe(true);
  expect(await log.groups()).toEqual(["functions.xy"]);
  expect(await log.unusedGroups!(nobody, 1_000)).toMatchObject([{ group: "functions.xy" }]);
});

it("does not forget a group with a member in another process", async () => {
  const membership = await read("functions.x", [FLIGHT], other);
  expect(await log.unusedGroups!(nobody, 1_000)).toEqual([]);
  expect(await log.forgetGroup!("functions.x", FLIGHT)).toBe(false);
  expect(await log.progress("functions.x", FLIGHT, 1)).toEqual({ committed: 1 });
  await membership.leave();
  expect(await log.forgetGroup!("functions.x", FLIGHT)).toBe(true);
});
