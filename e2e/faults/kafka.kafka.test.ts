// Faults on Kafka with two table writers, at random moments under load: nothing acknowledged is lost, nothing is stored twice.
import { campaignTest } from "./campaign-test.ts";
import { startKafkaSetup } from "./kafka-setup.ts";

// Fewer than embedded: a broker takes its time to start again.
campaignTest("on Kafka", (options) => startKafkaSetup(options), 6);
