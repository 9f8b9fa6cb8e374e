// Apache Kafka itself, for tests: one node that is broker and controller, with its data in a temporary folder.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endWithThisProcess } from "../../lib/test-end-with-process.ts";
import { Kafka, logLevel } from "./kafkajs.ts";
import { classpath, formatStorage, heap } from "./test-broker-storage.ts";

export interface TestBroker {
  /** "host:port" without encryption or user. */
  readonly address: string;
  /** Ports of further listeners, by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again, on the same data and ports. */
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface TestBrokerOptions {
  /** Listeners beside the open one: name to protocol, such as SECURE: "SASL_SSL". */
  readonly listeners?: Readonly<Record<string, string>>;
  /** Further lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Users of SCRAM, as Kafka's storage tool takes them. */
  readonly scram?: readonly string[];
  /** Its number in a cluster; default 1. */
  readonly nodeId?: number;
  /** Default: a free port. */
  readonly controllerPort?: number;
}

const START_LIMIT_MS = 90_000;

export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const broker = await prepareTestBroker(options);
  try {
    await broker.start();
    return broker;
  } catch (error) {
    await broker.remove();
    throw error;
  }
}

/** With its storage and ports, and not started. */
export async function prepareTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), "moose-kafka-"));
  const names = ["OPEN", "CONTROLLER", ...Object.keys(options.listeners ?? {})];
  const free = await freePorts(names.length);
  const ports = Object.fromEntries(names.map((name, i) => [name, free[i]!]));
  if (options.controllerPort !== undefined) ports.CONTROLLER = options.controllerPort;
  const address = `127.0.0.1:${ports.OPEN}`;
  writeFileSync(join(folder, "server.properties"), propertiesOf(folder, ports, options));
  formatStorage(folder, options.nodeId ?? 1, options.scram ?? []);
  let child: ChildProcess | undefined;
  let releaseGuard = (): void => undefined;

  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined) return;
    if (ending.exitCode === null && ending.signalCode === null) {
      const ended = once(ending, "exit");
      ending.kill("SIGKILL");
      await ended;
    }
    releaseGuard();
  };
  const start = async (): Promise<void> => {
    child = runBroker(folder);
    releaseGuard = endWithThisProcess(child.pid!, folder);
    await answers(address, child, folder);
  };
  const killNow = () => child?.kill("SIGKILL");
  process.once("exit", killNow);
  return {
    address,
    ports,
    kill,
    start,
    pause: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
    remove: async () => {
      process.off("exit", killNow);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function propertiesOf(folder: string, ports: Readonly<Record<string, number>>, options: TestBrokerOptions): string {
  const protocols = { OPEN: "PLAINTEXT", CONTROLLER: "PLAINTEXT", ...options.listeners };
  const listeners = Object.entries(ports).map(([name, port]) => `${name}://127.0.0.1:${port}`);
  const properties: Record<string, string | number | boolean> = {
    "process.roles": "broker,controller",
    "node.id": options.nodeId ?? 1,
    "controller.quorum.voters": `1@127.0.0.1:${ports.CONTROLLER}`,
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "OPEN",
    listeners: listeners.join(),
    "advertised.listeners": listeners.filter((listener) => !listener.startsWith("CONTROLLER")).join(),
    "listener.security.protocol.map": Object.entries(protocols)
      .map(([name, protocol]) => `${name}:${protocol}`)
      .join(),
    "log.dirs": join(folder, "data"),
    "auto.create.topics.enable": false,
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 500,
    "num.network.threads": 2,
    "num.io.threads": 2,
    "num.recovery.threads.per.data.dir": 1,
    "log.cleaner.threads": 1,
    "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
    ...options.properties,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

function runBroker(folder: string): ChildProcess {
  const output = openSync(join(folder, "output.txt"), "a");
  const args = [...heap, "-cp", classpath(), "kafka.Kafka", join(folder, "server.properties")];
  const child = spawn("java", args, { stdio: ["ignore", output, output] });
  closeSync(output);
  return child;
}

async function answers(address: string, child: ChildProcess, folder: string): Promise<void> {
  const kafka = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 0 } });
  for (const deadline = performance.now() + START_LIMIT_MS; performance.now() < deadline; ) {
    if (child.exitCode !== null)
      throw new Error(`Kafka ended at once: ${readFileSync(join(folder, "output.txt"), "utf8")}`);
    const admin = kafka.admin();
    try {
      await admin.connect();
      if ((await admin.describeCluster()).brokers.length > 0) return;
    } catch {
      // Not yet.
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await delay(100);
  }
  throw new Error(`Kafka did not answer: ${readFileSync(join(folder, "output.txt"), "utf8")}`);
}

export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
