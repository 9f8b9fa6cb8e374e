// Two processes of `moose serve --roles ingest` on one Kafka: what is sent again to the other one is stored once, whatever killed the first try.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../../server/src/adapters/kafka/test-broker.ts";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { between, seededRandom } from "../crash/random.ts";
import { ServedProject, type Serving } from "../roles/served-project.ts";
import { kcatRead } from "./kcat.ts";

const models = `
import { model, t } from "@moose/core";
export const Flight = model("Flight", { plane: t.string(), n: t.uint32() }, { partitionKey: "plane" });
`;
const ROWS = 20;
const LIMIT_MS = 60_000;
const seed = Number(process.env.MOOSE_FAULT_SEED ?? Date.now() % 2 ** 31);

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly rows: readonly string[];
}

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
}

describe(`two ingest processes (MOOSE_FAULT_SEED=${seed})`, () => {
  const random = seededRandom(seed);
  const topicPrefix = `${randomUUID()}.`;
  const sent: string[] = [];
  let broker: TestBroker;
  let cli: NodeBundle;
  let project: ServedProject;
  let folders: string;
  let started = 0;
  let first: Serving;
  let second: Serving;

  /** Each with a data folder of its own, and with nothing in it. */
  const serve = (): Promise<Serving> =>
    project.serve(["--roles", "ingest"], { MOOSE_DATA_DIR: join(folders, String(started++)) });

  beforeAll(async () => {
    [broker, cli] = await Promise.all([startTestBroker(), bundleCli()]);
    folders = mkdtempSync(join(tmpdir(), "moose-two-ingest-"));
    project = new ServedProject(cli);
    writeFileSync(join(project.dir, "models", "project.ts"), models);
    const kafka = { brokers: [broker.address], topicPrefix, replicationFactor: 1 };
    project.configure({ stream: { partitions: 3, kafka } });
    [first, second] = await Promise.all([serve(), serve()]);
    for (const server of [first, second]) await untilStored(server, newRequest(false));
  }, 180_000);
  afterAll(async () => {
    await project?.close();
    cli?.remove();
    await broker?.remove();
    if (folders !== undefined) rmSync(folders, { recursive: true, force: true });
  }, 60_000);

  function newRequest(numbered: boolean): Request {
    const rows = Array.from({ length: ROWS }, (_, i) => JSON.stringify({ plane: `P${i % 7}`, n: sent.length + i }));
    sent.push(...rows);
    const name = randomUUID();
    return { rows, headers: numbered ? { "moose-event-ids": `${name};0-${ROWS - 1}` } : { "idempotency-key": name } };
  }

  async function post({ url }: Serving, { headers, rows }: Request): Promise<Answer> {
    const response = await fetch(`${url}/ingest/Flight`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", ...headers },
      body: rows.join("\n"),
      signal: AbortSignal.timeout(20_000),
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  async function untilStored(server: Serving, request: Request): Promise<Answer> {
    for (const deadline = performance.now() + LIMIT_MS; ; ) {
      try {
        return await post(server, request);
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(20);
      }
    }
  }

  const stored = (): string[] =>
    kcatRead(broker.address, `${topicPrefix}Flight.1.0`)
      .map(({ value }) => value)
      .sort();

  it("store once what comes to both at the same moment", async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const request = newRequest(i % 2 === 1);
        return Promise.all([untilStored(first, request), untilStored(second, request)]);
      }),
    );
    for (const [i, [one, other]] of answers.entries()) {
      // A key has one answer; of rows with ids the one who came later hears that they are duplicates.
      if (i % 2 === 0) expect([one!.accepted, other!.accepted]).toEqual([ROWS, ROWS]);
      else expect([one!.accepted + other!.accepted, one!.duplicates + other!.duplicates]).toEqual([ROWS, ROWS]);
    }
    expect(stored()).toEqual([...sent].sort());
  }, 120_000);

  it("store once what one was killed over, somewhere between the request and its reply", async () => {
    for (let round = 0; round < 8; round++) {
      const requests = Array.from({ length: 10 }, (_, i) => newRequest(i % 2 === 1));
      const tries = Promise.allSettled(requests.map((request) => post(first, request)));
      await delay(between(random, 0, 25));
      await first.end("SIGKILL");
      const answers = Promise.all(requests.map((request) => untilStored(second, request)));
      await tries;
      for (const { accepted, duplicates } of await answers) expect(accepted + duplicates).toBe(ROWS);
      first = await serve();
    }
    expect(stored()).toEqual([...sent].sort());
  }, 300_000);

  it("store once what one had sent to a broker that hangs, when it was killed", async () => {
    for (let round = 0; round < 6; round++) {
      const requests = Array.from({ length: 10 }, (_, i) => newRequest(i % 2 === 1));
      const tries = Promise.allSettled(requests.map((request) => post(first, request)));
      await delay(between(random, 0, 15));
      broker.pause();
      // What the first one has to say is in the broker's sockets.
      await delay(50);
      await first.end("SIGKILL");
      const answers = Promise.all(requests.map((request) => untilStored(second, request)));
      await tries;
      await delay(between(random, 0, 500));
      broker.resume();
      for (const { accepted, duplicates } of await answers) expect(accepted + duplicates).toBe(ROWS);
      first = await serve();
    }
    expect(stored()).toEqual([...sent].sort());
  }, 300_000);
});
