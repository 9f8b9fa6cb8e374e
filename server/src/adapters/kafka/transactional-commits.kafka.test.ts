// Commits whose outcome is in doubt, and processes that come back late: on a real broker, with answers lost at chosen moments.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { kafkaDefaults } from "../../model/kafka-config.ts";
import { recordsOf, rowsOf } from "../../model/record-rows.ts";
import type { StreamLog } from "../../ports/stream-log.ts";
import { silentLog } from "../../telemetry/log.ts";
import { KafkaConnection } from "./kafka-connection.ts";
import type { Broker } from "./kafkajs-internals.ts";
import { StreamPlaces } from "./stream-places.ts";
import { startTestBroker, type TestBroker } from "./test-broker.ts";
import { EVERYTHING, newPrefix, openTestLog } from "./test-kafka-log.ts";
import { TransactionalCommits } from "./transactional-commits.ts";

const SOURCE = "In.1.0";
const TARGET = "Out.1.0";
const GROUP = "functions.copy";
const WAIT = { timeout: 20_000 };
const records = (n: number) => recordsOf([`{"n":${n}}`], "5c1e9a", 1_700_000_000_000);

let broker: TestBroker;
let log: StreamLog;
let topicPrefix: string;
const stop = new AbortController();
const opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  broker = await startTestBroker();
}, 120_000);
beforeEach(async () => {
  topicPrefix = newPrefix();
  log = await openTestLog(broker.address, { topicPrefix });
  opened.push(log);
  for (const stream of [SOURCE, TARGET]) await log.ensureStream(stream, { partitions: 1 });
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  stop.abort();
  await broker?.remove();
});

type EndTxn = Broker["endTxn"];

/** What happens to each request that is to end a transaction; by default it is sent. */
class Interceptor extends KafkaConnection {
  end: (send: () => ReturnType<EndTxn>) => ReturnType<EndTxn> = (send) => send();

  override async transactionCoordinator(id: string): Promise<Broker> {
    const real = await super.transactionCoordinator(id);
    const endTxn: EndTxn = (options) => this.end(() => real.endTxn(options));
    return new Proxy(real, { get: (target, name) => (name === "endTxn" ? endTxn : bound(target, name)) });
  }
}

function bound(target: Broker, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}

/** The commits of one process, which believes that it holds the partition. */
function openProcess() {
  const options = { ...kafkaDefaults, brokers: [broker.address], topicPrefix, log: silentLog };
  const connection = new Interceptor(options);
  const places = new StreamPlaces(topicPrefix);
  for (const stream of [SOURCE, TARGET]) places.grow(stream, { partitions: 1, maxBatchBytes: 1_000_000 });
  const commits = new TransactionalCommits({
    openConnection: async () => {
      await connection.open(30_000, stop.signal);
      return connection;
    },
    places,
    mustHold: () => undefined,
    idOf: (group) => `${topicPrefix}moose.${group}`,
    signal: stop.signal,
  });
  opened.push(commits);
  const place = places.at(SOURCE, 0);
  return {
    connection,
    progress: (assignment: number) => commits.progress(GROUP, place, assignment),
    commit: (n: number) => {
      const appends = [{ stream: TARGET, records: records(n) }];
      return commits.commit(GROUP, place, { stream: SOURCE, partition: 0, progress: { committed: n }, appends });
    },
  };
}

const stored = async (): Promise<number[]> =>
  rowsOf(await log.read(TARGET, 0, 0, EVERYTHING)).map((row) => (JSON.parse(row) as { n: number }).n);

it("finds out that a commit was stored although its answer was lost", async () => {
  const one = openProcess();
  await one.progress(1);
  await one.commit(1);
  one.connection.end = async (send) => {
    one.connection.end = (sendNext) => sendNext();
    await send();
    throw new Error("the connection was lost");
  };
  const [results] = await one.commit(2);
  expect(results).toHaveLength(1);
  await one.commit(3);
  await expect.poll(stored, WAIT).toEqual([1, 2, 3]);
  expect(await one.progress(1)).toEqual({ committed: 3 });
  expect((await log.read(TARGET, 0, results![0]!.baseOffset, EVERYTHING))[0]!.baseOffset).toBe(results![0]!.baseOffset);
});

it("tries a commit again whose end never reached the broker", async () => {
  const one = openProcess();
  await one.progress(1);
  let lost = 0;
  one.connection.end = (send) => (lost++ < 2 ? Promise.reject(new Error("the connection was lost")) : send());
  await one.commit(1);
  expect(lost).toBe(3);
  await one.commit(2);
  await expect.poll(stored, WAIT).toEqual([1, 2]);
});

it("refuses whoever held the partition before", async () => {
  const [before, after] = [openProcess(), openProcess()];
  await before.progress(1);
  await before.commit(1);
  expect(await after.progress(1)).toEqual({ committed: 1 });
  await after.commit(2);
  await expect(before.commit(2)).rejects.toMatchObject({ code: "fenced" });
  await after.commit(3);
  await expect.poll(stored, WAIT).toEqual([1, 2, 3]);
});

it("drops a commit that was stopped before its end, and goes on after another process had the partition", async () => {
  const [stopped, other] = [openProcess(), openProcess()];
  await stopped.progress(1);
  await stopped.commit(1);
  stopped.connection.end = async (send) => {
    stopped.connection.end = (sendNext) => sendNext();
    expect(await other.progress(1)).toEqual({ committed: 1 });
    await other.commit(2);
    return send();
  };
  await expect(stopped.commit(2)).rejects.toMatchObject({ code: "fenced" });
  // It is given the partition again.
  expect(await stopped.progress(2)).toEqual({ committed: 2 });
  await stopped.commit(3);
  await expect(other.commit(3)).rejects.toMatchObject({ code: "fenced" });
  await expect.poll(stored, WAIT).toEqual([1, 2, 3]);
});

it("keeps readers waiting for what is not decided, and no longer", async () => {
  const one = openProcess();
  await one.progress(1);
  one.connection.end = async (send) => {
    await log.append(TARGET, records(2));
    expect(await stored()).toEqual([]);
    return send();
  };
  await one.commit(1);
  await expect.poll(stored, WAIT).toEqual([1, 2]);
});
