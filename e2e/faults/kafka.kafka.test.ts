// Faults on Kafka with two table writers, at random moments under load: nothing acknowledged is lost, nothing is stored twice.
import { campaignTest } from "./campaign-test.ts";
import { startKafkaSetup } from "./kafka-setup.ts";

campaignTest("on Kafka", (options) => startKafkaSetup(options));
