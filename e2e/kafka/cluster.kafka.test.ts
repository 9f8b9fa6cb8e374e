// A cluster of three brokers, replicated, of which one after the other is killed under load: nothing acknowledged is lost, nothing is stored twice.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCluster, type TestCluster } from "../../server/src/adapters/kafka/test-cluster.ts";
import { bundleForNode, type NodeBundle, startNode } from "../../server/src/lib/test-node-process.ts";
import type { UserConfig } from "../../server/src/model/config.ts";
import { kafkaDefaults } from "../../server/src/model/kafka-config.ts";
import { between, seededRandom } from "../crash/random.ts";
import { freePort } from "../faults/free-port.ts";
import { ManagedProcess } from "../faults/managed-process.ts";
import { expectExactlyOnce } from "../faults/oracle.ts";
import { newAccount, Senders } from "../faults/senders.ts";
import { untilReady } from "../faults/until-ready.ts";
import type { Urls } from "../faults/urls.ts";

const ENTRIES = {
  "server-process": "../faults/server-process.ts",
  "engine-process": "../../server/src/adapters/chdb/engine-process.ts",
};
const WAIT = { timeout: 120_000, interval: 50 };
/** CI kills one; a long run: `MOOSE_CLUSTER_ROUNDS=20 npx vitest run e2e/kafka/cluster.kafka.test.ts`. */
const rounds = Number(process.env.MOOSE_CLUSTER_ROUNDS ?? 1);
const seed = Number(process.env.MOOSE_FAULT_SEED ?? Date.now() % 2 ** 31);

describe(`a cluster of three brokers (MOOSE_FAULT_SEED=${seed} MOOSE_CLUSTER_ROUNDS=${rounds})`, () => {
  const random = seededRandom(seed);
  let cluster: TestCluster;
  let bundle: NodeBundle;
  let folder: string;
  let server: ManagedProcess<Urls>;
  let urls: Urls;

  beforeAll(async () => {
    const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
    bundle = await bundleForNode(Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, file(path)])));
    cluster = await startTestCluster();
    folder = mkdtempSync(join(tmpdir(), "moose-cluster-"));
    const config: UserConfig = {
      http: { port: await freePort() },
      clickhouse: { port: await freePort() },
      dataDir: "data",
      stream: { partitions: 6, kafka: { ...kafkaDefaults, brokers: cluster.addresses, replicationFactor: 3 } },
    };
    server = new ManagedProcess<Urls>(
      () => startNode(bundle.path("server-process"), [folder, JSON.stringify(config)], "pipe"),
      join(folder, "server.log"),
    );
    urls = await server.up();
    expect(await untilReady(urls.api)).toBe(true);
  }, 240_000);
  afterAll(async () => {
    await server?.kill();
    await cluster?.remove();
    bundle?.remove();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    "goes on without the one that is killed, and loses and doubles nothing",
    async () => {
      const account = newAccount();
      const senders = new Senders({ url: () => urls.api, random, senders: 4, pauseMs: 20, name: "k", account });
      const acknowledgedMore = async (events: number): Promise<void> => {
        const wanted = account.acknowledged + events;
        await expect.poll(() => account.acknowledged >= wanted || senders.failure !== undefined, WAIT).toBe(true);
        if (senders.failure !== undefined) throw senders.failure;
      };
      for (let round = 0; round < rounds; round++) {
        await acknowledgedMore(between(random, 200, 2_000));
        const broker = cluster.brokers[between(random, 0, cluster.brokers.length)]!;
        await broker.kill();
        const killedMs = performance.now();
        // Two of three replicas are enough.
        await acknowledgedMore(between(random, 500, 2_000));
        process.stderr.write(
          `${round + 1}/${rounds}: acknowledged without ${broker.address} after ${Math.round(performance.now() - killedMs)} ms\n`,
        );
        await broker.start();
        // It catches up before the next one is killed, so that two replicas are in sync.
        await expect.poll(() => cluster.underReplicated(), WAIT).toBe(0);
        await delay(between(random, 0, 500));
      }
      await acknowledgedMore(500);
      await senders.stop();
      await expectExactlyOnce(urls, account);
      process.stderr.write(`${account.acknowledged} acknowledged events compared\n`);
    },
    300_000 + rounds * 120_000,
  );
});
