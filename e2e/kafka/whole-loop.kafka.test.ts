// HTTP to Kafka to ClickHouse, with real processes: exactly once though the server is killed, readable and writable by another client.
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "../../server/src/adapters/kafka/test-broker.ts";
import { bundleCli } from "../../server/src/cli/test-bundled-cli.ts";
import type { NodeBundle } from "../../server/src/lib/test-node-process.ts";
import { quietPort, ServedProject } from "../roles/served-project.ts";
import { kcatRead, kcatWrite } from "./kcat.ts";

const models = `
import { aggregation, count, model, sum, t } from "@moose/core";
export const Flight = model("Flight", { plane: t.string(), n: t.uint32() }, { partitionKey: "plane", orderBy: ["plane", "n"] });
export const FlightTotal = aggregation("FlightTotal", {
  from: Flight,
  dimensions: { plane: "plane" },
  measures: { flights: count(), total: sum("n") },
});
`;
const WAIT = { timeout: 60_000, interval: 200 };
const PLANES = ["A1", "B2", "C3", "ä€😀", "E5"];
let broker: TestBroker;
let cli: NodeBundle;
let project: ServedProject;
let topicPrefix: string;
let topic: string;

beforeAll(async () => {
  [broker, cli] = await Promise.all([startTestBroker(), bundleCli()]);
});
afterAll(async () => {
  cli?.remove();
  await broker?.remove();
});
beforeEach(() => {
  topicPrefix = `${randomUUID()}.`;
  topic = `${topicPrefix}Flight.1.0`;
  project = new ServedProject(cli);
  writeFileSync(join(project.dir, "models", "project.ts"), models);
  project.configure({
    stream: { partitions: 3, kafka: { brokers: [broker.address], topicPrefix, replicationFactor: 1 } },
  });
});
afterEach(() => project.close());

const flights = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ plane: PLANES[(from + i) % 5], n: from + i }));

/** Flights and the sum of their numbers, by plane, as far as the table has them. */
async function totals(url: string): Promise<Record<string, [number, number]>> {
  const answer = await fetch(`${url}/query/FlightTotal?dimensions=plane&measures=flights,total`);
  const { rows } = (await answer.json()) as { rows: [string, string, string][] };
  return Object.fromEntries(rows.map(([plane, count, total]) => [plane, [Number(count), Number(total)]]));
}

function expectedTotals(rows: readonly string[]): Record<string, [number, number]> {
  const expected: Record<string, [number, number]> = {};
  for (const row of rows) {
    const { plane, n } = JSON.parse(row) as { plane: string; n: number };
    const [count, total] = expected[plane] ?? [0, 0];
    expected[plane] = [count + 1, total + n];
  }
  return expected;
}

describe("the stream on Kafka", () => {
  it("is read by kcat: value, key, headers, partition by key; and what kcat writes arrives in the table", async () => {
    const { url } = await project.serve();
    const rows = flights(0, 3_000);
    for (let from = 0; from < rows.length; from += 500) {
      const answer = await fetch(`${url}/ingest/Flight`, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: rows.slice(from, from + 500).join("\n"),
      });
      expect(answer.status).toBe(200);
    }
    const records = kcatRead(broker.address, topic);
    expect(records.map(({ value }) => value).sort()).toEqual([...rows].sort());
    const partitions = new Map<string, Set<number>>();
    for (const { key, value, partition, headers } of records) {
      expect(key).toBe((JSON.parse(value) as { plane: string }).plane);
      expect(headers).toMatchObject({ "moose-model": "Flight", "moose-version": "1.0" });
      expect(Number(headers["moose-received-at"])).toBeGreaterThan(Date.now() - 600_000);
      partitions.set(key!, (partitions.get(key!) ?? new Set()).add(partition));
    }
    expect([...partitions.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1, 1]);

    const others = flights(10_000, 1_000);
    const invalid = ['{"plane":"A1"}', "no json", '{"plane":"A1","n":1}{"plane":"A1","n":2}', '{"plane":"A1","n":-1}'];
    kcatWrite(broker.address, topic, [
      ...others.slice(0, 500).map((row) => `${(JSON.parse(row) as { plane: string }).plane}\t${row}`),
      ...invalid.map((row) => `A1\t${row}`),
      ...others.slice(500).map((row) => `${(JSON.parse(row) as { plane: string }).plane}\t${row}`),
    ]);
    await expect.poll(() => totals(url), WAIT).toEqual(expectedTotals([...rows, ...others]));
    // By Kafka's default partitioner a key is in the same partition, whoever wrote it.
    for (const { key, partition } of kcatRead(broker.address, topic)) expect(partitions.get(key!)).toContain(partition);
    const refused = async () => {
      const page = (await (await fetch(`${url}/quarantine?model=Flight`)).json()) as { entries: unknown[] };
      return page.entries?.length;
    };
    await expect.poll(refused, WAIT).toBe(invalid.length);
  }, 180_000);

  it("delivers each acknowledged event once though the server is killed, and those in doubt at most once", async () => {
    const port = await quietPort();
    const serve = () => project.serve(["--port", String(port)]);
    let server = await serve();
    const acknowledged: string[] = [];
    let batches = 0;
    let stopping = false;
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      while (!stopping) {
        const rows = flights(sender * 1_000_000 + batches++ * 100, 100);
        const key = randomUUID();
        // Sent again under its key until it is acknowledged.
        for (let stored = false; !stored; ) {
          stored = await fetch(`http://127.0.0.1:${port}/ingest/Flight`, {
            method: "POST",
            headers: { "content-type": "application/x-ndjson", "idempotency-key": key },
            body: rows.join("\n"),
          }).then(
            ({ status }) => status === 200,
            () => new Promise<false>((resolve) => setTimeout(resolve, 100, false)),
          );
        }
        acknowledged.push(...rows);
      }
    });
    for (let kills = 0; kills < 2; kills++) {
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length - before, WAIT).toBeGreaterThan(3_000);
      await server.end("SIGKILL");
      server = await serve();
    }
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length - before, WAIT).toBeGreaterThan(1_000);
    stopping = true;
    await Promise.all(senders);
    await expect.poll(() => totals(server.url), WAIT).toEqual(expectedTotals(acknowledged));
    const values = kcatRead(broker.address, topic).map(({ value }) => value);
    expect(values.sort()).toEqual(acknowledged.sort());
  }, 300_000);
});
