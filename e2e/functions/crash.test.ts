// Kills the server, or a function's process, at random moments under load: afterwards every event has its outputs once, in order, and
// the states are what the events make of them. MOOSE_FUNCTION_KILLS sets how many kills; a seed that is printed repeats a run.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { openLmdbStreamLog } from "../../server/src/adapters/lmdb/lmdb-stream-log.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";
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

let bundle: NodeBundle;
let dir: string;
let servers: FunctionsServer[] = [];

beforeAll(async () => {
  bundle = await bundleFunctionsServer();
});
beforeEach(() => {
  dir = writeProject();
});
afterEach(() => {
  for (const server of servers) server.process.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});
afterAll(() => bundle?.remove());

const cases = [1, 2].map((count) => [count, SEED + count] as const);

it.each(cases)(
  `%i servers have every output once after ${KILLS} kills (seed %i)`,
  { timeout: 120_000 + KILLS * 60_000 },
  async (count, seed) => {
    console.log(`${count} servers, seed ${seed}`);
    const random = seededRandom(seed);
    servers = await Promise.all(Array.from({ length: count }, () => startFunctionsServer(bundle, dir)));
    const senders = startNumberSenders(() => servers.map(({ url }) => url), random);
    for (let kill = 0; kill < KILLS; kill++) {
      await senders.more(between(random, 100, 1500));
      const victim = servers[between(random, 0, servers.length)]!;
      const functionPid = random() < 0.4 ? someFunctionPid(victim, random) : undefined;
      if (functionPid !== undefined) {
        process.kill(functionPid, "SIGKILL");
        await senders.more(between(random, 50, 500));
      }
      servers = servers.filter((server) => server !== victim);
      await endServer(victim, "SIGKILL");
      servers = [...servers, await startFunctionsServer(bundle, dir)];
    }
    await senders.stop();
    await senders.sendLast(servers[0]!.url);
    const watching = await openLmdbStreamLog({ path: join(dir, "data", "log"), log: silentLog, shared: true });
    await expect.poll(() => lagOf(watching), { timeout: 60_000, interval: 50 }).toBe(0);
    await watching.close();
    await Promise.all(servers.map((server) => endServer(server, "SIGTERM")));
    servers = [];

    const log = await openLmdbStreamLog({ path: join(dir, "data", "log"), log: silentLog });
    try {
      expect(await lagOf(log)).toBe(0);
      await expectOutputsOnce(log, senders.acknowledged);
    } finally {
      await log.close();
    }
  },
);
