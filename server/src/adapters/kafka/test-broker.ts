// Apache Kafka itself, for tests: one node that is broker and controller, with its data in a temporary folder.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
// @ts-expect-error: a step of `npm test`, without types
import { jarsFolder } from "../../../../scripts/steps/kafka.mjs";
import { Kafka, logLevel } from "./kafkajs.ts";

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
}

const START_LIMIT_MS = 90_000;
const heap = ["-Xmx256m", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];

export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), "moose-kafka-"));
  const names = ["OPEN", "CONTROLLER", ...Object.keys(options.listeners ?? {})];
  const free = await freePorts(names.length);
  const ports = Object.fromEntries(names.map((name, i) => [name, free[i]!]));
  const address = `127.0.0.1:${ports.OPEN}`;
  writeFileSync(join(folder, "server.properties"), propertiesOf(folder, ports, options));
  format(folder, options.scram ?? []);
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill("SIGKILL");
    await ended;
  };
  const start = async (): Promise<void> => {
    child = runBroker(folder);
    await answers(address, child, folder);
  };
  const killNow = () => child?.kill("SIGKILL");
  process.once("exit", killNow);
  await start();
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
    "node.id": 1,
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

const classpath = (): string => {
  const jars = jarsFolder() as string;
  try {
    readdirSync(jars);
  } catch {
    throw new Error(`Kafka's jars are not in ${jars}: run \`node scripts/steps/kafka.mjs\` once`);
  }
  return join(jars, "*");
};

/** Storage without users is made once for all brokers, and kept beside the jars: making it takes a Java process of its own. */
function format(folder: string, scram: readonly string[]): void {
  const data = join(folder, "data");
  if (scram.length > 0) {
    formatNow(folder, scram);
    return;
  }
  const kept = `${jarsFolder()}-formatted`;
  if (!existsSync(kept)) {
    formatNow(folder, scram);
    const fresh = mkdtempSync(`${kept}-`);
    cpSync(data, fresh, { recursive: true });
    try {
      renameSync(fresh, kept);
    } catch {
      // Another test run has put it there meanwhile.
      rmSync(fresh, { recursive: true, force: true });
    }
  } else cpSync(kept, data, { recursive: true });
}

function formatNow(folder: string, scram: readonly string[]): void {
  const args = ["format", "-t", "MkU3OEVBNTcwNTJENDM2Qg", "-c", join(folder, "server.properties")];
  for (const user of scram) args.push("--add-scram", user);
  const run = spawnSync("java", [...heap, "-cp", classpath(), "kafka.tools.StorageTool", ...args], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`Kafka's storage could not be formatted: ${run.stdout}${run.stderr}`);
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

async function freePorts(count: number): Promise<readonly number[]> {
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
