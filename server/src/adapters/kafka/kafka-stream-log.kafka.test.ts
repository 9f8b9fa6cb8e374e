// Runs the stream log contract on Apache Kafka, started here.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll } from "vitest";
import { kafkaDefaults } from "../../model/kafka-config.ts";
import { streamLogContract } from "../../ports/stream-log.contract.ts";
import { silentLog } from "../../telemetry/log.ts";
import { openKafkaStreamLog } from "./kafka-stream-log.ts";
import { startTestBroker, type TestBroker } from "./test-broker.ts";

let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker?.remove());

streamLogContract("kafka", async () => {
  const topicPrefix = `${randomUUID()}.`;
  return {
    open: (options) =>
      openKafkaStreamLog({
        ...kafkaDefaults,
        brokers: [broker.address],
        topicPrefix,
        replicationFactor: 1,
        log: silentLog,
        ...options,
      }),
    dispose: async () => {},
  };
});
