// Moose in production's shape under faults: a broker, ClickHouse, one process that ingests and answers queries, and two table writers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTestBroker } from "../../server/src/adapters/kafka/test-broker.ts";
import { bundleForNode, startNode } from "../../server/src/lib/test-node-process.ts";
import type { UserConfig } from "../../server/src/model/config.ts";
import { kafkaDefaults } from "../../server/src/model/kafka-config.ts";
import type { Role } from "../../server/src/model/roles.ts";
import { freePort } from "./free-port.ts";
import { childrenOf, ManagedProcess, suspend } from "./managed-process.ts";
import { runAudit } from "./run-audit.ts";
import type { Fault, Setup } from "./setup.ts";
import { untilReady } from "./until-ready.ts";
import type { Urls } from "./urls.ts";

export interface KafkaSetupOptions {
  /** How long a process is stopped with SIGSTOP. */
  readonly stopMs: number;
  /** How long ClickHouse or the broker is away. */
  readonly awayMs: number;
}

interface Engine {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export async function startKafkaSetup({ stopMs, awayMs }: KafkaSetupOptions): Promise<Setup> {
  const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const bundle = await bundleForNode({
    "server-process": file("server-process.ts"),
    "clickhouse-process": file("engine-process.ts"),
    "engine-process": file("../../server/src/adapters/chdb/engine-process.ts"),
    "cli/main": file("../../server/src/cli/main.ts"),
  });
  const folder = mkdtempSync(join(tmpdir(), "moose-faults-kafka-"));
  const logOf = (name: string): string => join(folder, `${name}.log`);
  const broker = await startTestBroker();
  let brokerRuns = true;

  const enginePort = await freePort();
  const clickHouse = new ManagedProcess<Engine>(
    () => startNode(bundle.path("clickhouse-process"), [join(folder, "clickhouse"), String(enginePort)], "pipe"),
    logOf("clickhouse"),
  );
  const engine = await clickHouse.up();
  const shown = Object.assign(new URL(engine.url), { username: engine.username, password: engine.password });

  const server = async (name: string, roles: readonly Role[]) => {
    const port = await freePort();
    const config: UserConfig = {
      http: { port },
      clickhouse: engine,
      dataDir: join(folder, name),
      stream: { partitions: 4, kafka: { ...kafkaDefaults, brokers: [broker.address] } },
    };
    const args = [folder, JSON.stringify(config), roles.join()];
    const running = new ManagedProcess<Urls>(() => startNode(bundle.path("server-process"), args, "pipe"), logOf(name));
    return { name, api: `http://127.0.0.1:${port}`, running };
  };
  const writers = [await server("writer-1", ["writer"]), await server("writer-2", ["writer"])];
  const front = await server("front", ["ingest", "query"]);
  const servers = [...writers, front];

  const recover = async (): Promise<void> => {
    if (!brokerRuns) await broker.start();
    brokerRuns = true;
    await clickHouse.up();
    for (const { name, api, running } of servers) {
      await running.up();
      if (await untilReady(api)) continue;
      await running.kill();
      await running.up();
      if (!(await untilReady(api))) throw new Error(`${name} does not get ready; see ${logOf(name)}`);
    }
  };
  const dispose = async (keepFolder: boolean): Promise<void> => {
    for (const { running } of servers) await running.kill();
    await clickHouse.stop();
    await broker.remove();
    bundle.remove();
    if (!keepFolder) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await recover();
  } catch (error) {
    await dispose(true);
    throw error;
  }

  const killBroker = async (): Promise<void> => {
    brokerRuns = false;
    await broker.kill();
  };
  const withEngine = async (work: (pid: number) => Promise<void> | void): Promise<void> => {
    const [pid] = childrenOf(clickHouse.pid);
    if (pid !== undefined) await work(pid);
  };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const faults: Fault[] = servers.flatMap(({ name, running }) => [
    { name: `SIGKILL of ${name}`, strike: () => running.kill() },
    { name: `SIGTERM of ${name}`, strike: () => running.stop() },
    { name: `SIGSTOP of ${name} for ${stopMs} ms`, strike: () => suspend(running.pid, stopMs) },
  ]);
  faults.push(
    {
      name: "SIGKILL of both writers",
      strike: async () => void (await Promise.all(writers.map((one) => one.running.kill()))),
    },
    { name: "SIGKILL of the broker", strike: killBroker },
    { name: `the broker away for ${awayMs} ms`, strike: () => killBroker().then(() => pause(awayMs)) },
    {
      name: `SIGSTOP of the broker for ${stopMs} ms`,
      async strike() {
        broker.pause();
        await pause(stopMs);
        broker.resume();
      },
    },
    { name: "SIGKILL of ClickHouse", strike: () => withEngine((pid) => void process.kill(pid, "SIGKILL")) },
    { name: `ClickHouse away for ${awayMs} ms`, strike: () => withEngine((pid) => suspend(pid, awayMs)) },
    { name: "SIGKILL of the broker and of a writer", strike: () => writers[0]!.running.kill().then(killBroker) },
  );

  return {
    urls: { api: front.api, clickhouse: shown.href },
    faults,
    recover,
    audit: () => runAudit(bundle.path("cli/main"), front.api),
    folder,
    dispose,
  };
}
