// Kills and stops servers that run functions, and the broker, at random moments under load: afterwards every event has its outputs on
// Kafka once, in order, and the states are what the events make of them. MOOSE_FUNCTION_KILLS sets how many faults; the seed is printed.
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../../server/src/adapters/kafka/test-broker.ts";
import { newPrefix, openTestLog } from "../../server/src/adapters/kafka/test-kafka-log.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { between, seededRandom } from "../crash/random.ts";
import { expectOutputsOnce, lagOf } from "./expect-outputs-once.ts";
import { writeProject } from "./functions-project.ts";
import {
  bundleFunctionsServer,
  endServer,
  type FunctionsServer,
  someFunctionPid,
  startFunctionsServer,
} from "./functions-servers.ts";
import { startNumberSenders } from "./number-senders.ts";

const KILLS = Number(process.env.MOOSE_FUNCTION_KILLS ?? 6);
const SEED = Number(process.env.MOOSE_SEED ?? Date.now() % 1_000_000);
const SERVERS = 2;
/** Longer than a member of a group may be silent: another takes its partitions over meanwhile. */
const STOP_MS = 13_000;
/** Its functions take 50 to 100 events at a time, each time in a transaction of its own. */
const DRAIN_LIMIT_MS = 240_000 + KILLS * 20_000;
const topicPrefix = newPrefix();

let bundle: NodeBundle;
let broker: TestBroker;
let dir: string;
let servers: FunctionsServer[] = [];

beforeAll(async () => {
  bundle = await bundleFunctionsServer();
  broker = await startTestBroker();
  dir = writeProject({ kafka: { brokers: [broker.address], topicPrefix } });
}, 120_000);

afterAll(async () => {
  for (const server of servers) server.process.kill("SIGKILL");
  await broker?.remove();
  bundle?.remove();
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
});

/** Each is over when it returns; the load goes on. */
const faults: readonly (readonly [name: string, strike: (random: () => number) => Promise<void>])[] = [
  [
    "a server is killed",
    async (random) => {
      const victim = servers[between(random, 0, servers.length)]!;
      servers = servers.filter((server) => server !== victim);
      await endServer(victim, "SIGKILL");
      servers = [...servers, await startFunctionsServer(bundle, dir)];
    },
  ],
  [
    "a server is stopped until others have its partitions, and goes on",
    async (random) => {
      const victim = servers[between(random, 0, servers.length)]!;
      victim.process.kill("SIGSTOP");
      await delay(STOP_MS);
      victim.process.kill("SIGCONT");
    },
  ],
  [
    "the broker is killed",
    async (random) => {
      await broker.kill();
      await delay(between(random, 0, 3_000));
      await broker.start();
    },
  ],
  [
    "the broker is stopped",
    async (random) => {
      broker.pause();
      await delay(between(random, 500, 4_000));
      broker.resume();
    },
  ],
  [
    "a function's process is killed",
    async (random) => {
      const pid = someFunctionPid(servers[between(random, 0, servers.length)]!, random);
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    },
  ],
  [
    "all servers are killed",
    async () => {
      const victims = servers;
      servers = [];
      await Promise.all(victims.map((victim) => endServer(victim, "SIGKILL")));
      servers = await Promise.all(victims.map(() => startFunctionsServer(bundle, dir)));
    },
  ],
];

it(`has every output once after ${KILLS} faults (seed ${SEED})`, { timeout: 420_000 + KILLS * 90_000 }, async () => {
  console.log(`functions on Kafka, seed ${SEED}`);
  const random = seededRandom(SEED);
  servers = await Promise.all(Array.from({ length: SERVERS }, () => startFunctionsServer(bundle, dir)));
  const senders = startNumberSenders(() => servers.map(({ url }) => url), random, { pauseMs: 100 });
  // Each fault once, then at random.
  const order = faults.map((fault) => ({ fault, at: random() })).sort((a, b) => a.at - b.at);
  for (let kill = 0; kill < KILLS; kill++) {
    await senders.more(between(random, 100, 1500));
    const [name, strike] = order[kill]?.fault ?? faults[between(random, 0, faults.length)]!;
    console.log(`${kill + 1}: ${name}`);
    await strike(random);
  }
  await senders.more(500);
  await senders.stop();
  await senders.sendLast(servers[0]!.url);
  const log = await openTestLog(broker.address, { topicPrefix });
  try {
    await expect.poll(() => lagOf(log), { timeout: DRAIN_LIMIT_MS, interval: 500 }).toBe(0);
    await Promise.all(servers.map((server) => endServer(server, "SIGTERM")));
    servers = [];
    expect(await lagOf(log)).toBe(0);
    await expectOutputsOnce(log, senders.acknowledged);
  } finally {
    await log.close();
  }
});
