// Waiting for a condition, with a limit and a signal.
import { expect, it } from "vitest";
import { ManualClock } from "./test-manual-clock.ts";
import { WaitingRoom } from "./waiting-room.ts";

const limit = { timeoutMs: 1000, code: "queue_full", message: "No room." } as const;

it("lets go those whose condition holds", async () => {
  const clock = new ManualClock();
  const room = new WaitingRoom(clock);
  let free = 0;
  const gone: string[] = [];
  const first = room.until(() => free >= 1, limit).then(() => gone.push("first"));
  const second = room.until(() => free >= 2, limit).then(() => gone.push("second"));
  room.wake();
  free = 1;
  room.wake();
  await first;
  expect(gone).toEqual(["first"]);
  free = 2;
  room.wake();
  await second;
  expect(clock.pendingMs).toEqual([]);
});

it("fails with its code when the time is up, and when the signal says so; leaves no timer and no listener", async () => {
  const clock = new ManualClock();
  const room = new WaitingRoom(clock);
  const late = room.until(() => false, limit);
  clock.advance(1000);
  await expect(late).rejects.toMatchObject({ code: "queue_full", retryable: true });

  const abort = new AbortController();
  const aborted = room.until(() => false, { ...limit, signal: abort.signal });
  abort.abort(new Error("enough"));
  await expect(aborted).rejects.toMatchObject({ code: "aborted", cause: new Error("enough") });
  await expect(room.until(() => true, { ...limit, signal: abort.signal })).rejects.toMatchObject({ code: "aborted" });
  expect(clock.pendingMs).toEqual([]);
});
