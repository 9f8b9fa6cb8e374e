// Claims of rows on a real broker: one holder at a time, and what a holder that was passed over sends late is refused by the broker.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import type { StreamLog } from "../../ports/stream-log.ts";
import { startTestBroker, type TestBroker } from "./test-broker.ts";
import { EVERYTHING, newPrefix, openTestLog } from "./test-kafka-log.ts";

const STREAM = "Flight.1.0";
let broker: TestBroker;
let one: StreamLog;
let other: StreamLog;

beforeAll(async () => {
  broker = await startTestBroker();
}, 100_000);
afterAll(() => broker?.remove());
beforeEach(async () => {
  const topicPrefix = newPrefix();
  [one, other] = await Promise.all([
    openTestLog(broker.address, { topicPrefix }),
    openTestLog(broker.address, { topicPrefix }),
  ]);
  for (const log of [one, other]) await log.ensureStream(STREAM, { partitions: 2 });
});
afterEach(() => Promise.all([one.close(), other.close()]));

const claim = (log: StreamLog, name: string, first: number, last: number) =>
  log.claim!({ name, ranges: [[first, last]], stream: STREAM });

async function stored(): Promise<string[]> {
  await other.settle!(STREAM);
  const partitions = await Promise.all([0, 1].map((partition) => other.read(STREAM, partition, 0, EVERYTHING)));
  return partitions.flatMap(rowsOf).sort();
}

it("a claim waits for the one before it to settle, and says where to look", async () => {
  const first = await claim(one, "a", 0, 9);
  expect(first.earlier).toEqual([]);
  await one.append(STREAM, { ...recordsOf(['{"n":1}'], "abc", 1), claim: first }, 0);
  const order: string[] = [];
  const second = claim(other, "a", 5, 14).then((claimed) => {
    order.push("claimed");
    return claimed;
  });
  // The second one has been written by now, and could have been answered.
  for (const name of ["x", "y", "z"]) (await claim(one, name, 0, 0)).settle();
  order.push("settled");
  first.settle();
  const { earlier } = await second;
  expect(order).toEqual(["settled", "claimed"]);
  expect(earlier).toMatchObject([{ stream: STREAM, fromOffsets: [0, 0] }]);
  // The holder was not fenced.
  const third = await claim(one, "b", 0, 0);
  await one.append(STREAM, { ...recordsOf(['{"n":2}'], "abc", 1), claim: third }, 0);
  expect(await stored()).toEqual(['{"n":1}', '{"n":2}']);
});

it("claims of other numbers or other names have nothing to do with each other", async () => {
  await claim(one, "a", 0, 9);
  for (const [name, first, last] of [
    ["a", 10, 19],
    ["b", 0, 9],
  ] as const)
    expect((await claim(other, name, first, last)).earlier).toEqual([]);
});

it("what the holder of a claim sends after another took it over is refused, in each partition, and other rows of its are stored", async () => {
  await one.append(STREAM, recordsOf(['{"n":0}'], "abc", 1), 0);
  const late = await claim(one, "a", 0, 9);
  const { earlier } = await claim(other, "a", 0, 9);
  expect(earlier).toHaveLength(1);
  // As a request that a broker held back arrives: under the identity that the claim names.
  const refused = await Promise.allSettled(
    [0, 1].map((partition) =>
      one.append(STREAM, { ...recordsOf([`{"late":${partition}}`], "abc", 1), claim: late }, partition),
    ),
  );
  for (const outcome of refused)
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "log_unavailable", retryAfterSeconds: 1 } });
  for (const partition of [0, 1]) await one.append(STREAM, recordsOf([`{"free":${partition}}`], "abc", 1), partition);
  const again = await claim(one, "a", 20, 29);
  await one.append(STREAM, { ...recordsOf(['{"again":1}'], "abc", 1), claim: again }, 1);
  expect(await stored()).toEqual(['{"again":1}', '{"free":0}', '{"free":1}', '{"n":0}']);
});

it("of many that claim the same at once each has its turn", async () => {
  let holders = 0;
  let most = 0;
  const turn = async (log: StreamLog, row: number) => {
    const held = await claim(log, "a", 0, 0);
    most = Math.max(most, ++holders);
    await log.append(STREAM, { ...recordsOf([`{"n":${10 + row}}`], "abc", 1), claim: held }, 0);
    holders--;
    held.settle();
  };
  // One after the other within a process, as its index of event ids sees to it; two processes against each other.
  await Promise.all(
    [one, other].map(async (log, process) => {
      for (let i = 0; i < 20; i++) await turn(log, process * 20 + i);
    }),
  );
  expect(most).toBe(1);
  expect(await stored()).toHaveLength(40);
}, 60_000);
