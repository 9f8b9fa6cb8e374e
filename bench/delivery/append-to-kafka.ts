// Appends to Kafka: Moose's adapter beside bare kafkajs `sendBatch`, the same rows, in turns. CPU of this process for each event.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { openKafkaStreamLog } from "../../server/src/adapters/kafka/kafka-stream-log.ts";
import { recordsOf } from "../../server/src/model/record-rows.ts";
import { silentLog } from "../../server/src/telemetry/log.ts";

const { Kafka, logLevel, Partitioners } = createRequire(import.meta.url)("kafkajs") as typeof import("kafkajs");
const { values } = parseArgs({
  options: {
    broker: { type: "string" },
    rounds: { type: "string", default: "7" },
    rows: { type: "string", default: "1000" },
    batches: { type: "string", default: "100" },
  },
});
if (values.broker === undefined) {
  console.log(
    "--broker <host:port> [--rounds 7] [--rows 1000] [--batches 100]: a cluster that may be written to; makes topics bench-…",
  );
  process.exit(1);
}
const brokers = [values.broker];
const [rounds, rowCount, batchCount] = [values.rounds, values.rows, values.batches].map(Number) as [
  number,
  number,
  number,
];
const IN_FLIGHT = 4;
const topicPrefix = `bench-${process.pid}-`;
const stream = "Event.1.0";

const rows = Array.from({ length: rowCount }, (_, i) =>
  JSON.stringify({ id: `event-${i}`, page: "/products/1234567", ms: i * 17, country: "CH", text: "x".repeat(20) }),
);
const receivedAtMs = Date.now();
const records = recordsOf(rows, "5c1e9a0b1c2d3e4f", receivedAtMs);
const keys = {
  hashes: new Uint32Array(rowCount),
  bounds: Uint32Array.from(
    rows.flatMap((row, i) => {
      const begin = i === 0 ? 0 : records.ends[i - 1]! + 1;
      return [begin + row.indexOf('"event-'), begin + row.indexOf('","page') + 1];
    }),
  ),
};

async function inTurns(work: () => Promise<unknown>): Promise<void> {
  let left = batchCount;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) await work();
    }),
  );
}

const log = await openKafkaStreamLog({ brokers, clientId: "bench", topicPrefix, log: silentLog });
await log.ensureStream(stream, { partitions: 1 });
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
await producer.connect();
const headers = {
  "moose-model": "Event",
  "moose-version": "1.0",
  "moose-schema": records.schemaId,
  "moose-received-at": String(receivedAtMs),
};
const bare = rows.map((value, i) => ({ key: `event-${i}`, value }));
const withHeaders = bare.map((message) => ({ ...message, headers }));
const send = (messages: typeof bare) =>
  producer.sendBatch({ acks: -1, topicMessages: [{ topic: topicPrefix + stream, messages }] });

const cases: Record<string, () => Promise<unknown>> = {
  "Moose: key, value, headers": () => log.append(stream, { ...records, keys }, 0),
  "kafkajs: key, value, headers": () => send(withHeaders),
  "kafkajs: key, value": () => send(bare),
};
const cpu = new Map<string, number[]>();
const wall = new Map<string, number[]>();
for (const work of Object.values(cases)) await inTurns(work);
for (let round = 0; round < rounds; round++) {
  for (const [name, work] of Object.entries(cases)) {
    const before = process.cpuUsage();
    const begun = performance.now();
    await inTurns(work);
    const { user, system } = process.cpuUsage(before);
    const events = rowCount * batchCount;
    cpu.set(name, [...(cpu.get(name) ?? []), (user + system) / events]);
    wall.set(name, [...(wall.get(name) ?? []), events / ((performance.now() - begun) / 1000)]);
  }
}
await producer.disconnect();
await log.close();

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
console.log(
  `${rounds} rounds in turns, ${batchCount} batches of ${rowCount} rows of about ${rows[0]!.length} bytes, ${IN_FLIGHT} in flight; medians`,
);
for (const name of Object.keys(cases)) {
  const perEvent = median(cpu.get(name)!).toFixed(2);
  console.log(
    `${name.padEnd(30)} ${perEvent.padStart(7)} CPU-µs/event ${Math.round(median(wall.get(name)!))
      .toLocaleString("en")
      .padStart(9)} events/s`,
  );
}
