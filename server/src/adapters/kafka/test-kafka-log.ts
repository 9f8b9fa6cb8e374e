// Opens the stream on a test broker, each time under a prefix of its own unless one is given.
import { randomUUID } from "node:crypto";
import { kafkaDefaults } from "../../model/kafka-config.ts";
import type { StreamLog } from "../../ports/stream-log.ts";
import type { Log, LogFields } from "../../telemetry/log.ts";
import { silentLog } from "../../telemetry/log.ts";
import type { KafkaStreamLogOptions } from "./kafka-options.ts";
import { openKafkaStreamLog } from "./kafka-stream-log.ts";

export const EVERYTHING = { maxBytes: 1 << 28, maxRecords: 1 << 28 };

export const newPrefix = (): string => `${randomUUID()}.`;

export function openTestLog(address: string, options: Partial<KafkaStreamLogOptions> = {}): Promise<StreamLog> {
  return openKafkaStreamLog({
    ...kafkaDefaults,
    brokers: [address],
    topicPrefix: newPrefix(),
    replicationFactor: 1,
    log: silentLog,
    ...options,
  });
}

/** Keeps the warnings that it is told. */
export function warningLog(): { log: Log; warnings: { message: string; fields: LogFields | undefined }[] } {
  const warnings: { message: string; fields: LogFields | undefined }[] = [];
  const log: Log = { ...silentLog, warn: (message, fields) => warnings.push({ message, fields }), child: () => log };
  return { log, warnings };
}
