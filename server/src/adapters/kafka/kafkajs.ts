// kafkajs's public API. Node finds only some of its names when it is imported as a module, so it is required.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const { AssignerProtocol, CompressionTypes, ConfigResourceTypes, Kafka, logLevel, Partitioners } =
  require("kafkajs") as typeof import("kafkajs");
