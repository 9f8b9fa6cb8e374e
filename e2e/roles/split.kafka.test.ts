// Roles in several processes on Kafka.
import { startTestBroker } from "../../server/src/adapters/kafka/test-broker.ts";
import { splitSuite } from "./split-suite.ts";

splitSuite("Kafka", async () => {
  const broker = await startTestBroker();
  let tests = 0;
  return {
    configuration: () => ({
      stream: { partitions: 4, kafka: { brokers: [broker.address], topicPrefix: `roles-${tests++}-` } },
    }),
    close: () => broker.remove(),
  };
});
