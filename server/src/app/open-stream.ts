// Opens the stream that the configuration names.
import { join } from "node:path";
import { openKafkaStreamLog } from "../adapters/kafka/kafka-stream-log.ts";
import { openLmdbStreamLog } from "../adapters/lmdb/lmdb-stream-log.ts";
import type { MooseConfig } from "../model/config.ts";
import { MooseError } from "../model/errors.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface OpenedStream {
  readonly stream: StreamLog;
  /** Of the embedded log; absent where the stream is elsewhere, and other processes use it, too. */
  readonly folder?: string;
}

export interface StreamOptions {
  readonly dataDir: string;
  /** Lets other processes of this machine use the embedded log, too. */
  readonly shared: boolean;
  readonly log: Log;
}

/** Rejects with MooseError `data_folder_in_use`, `disk_full`, `log_unavailable` or, where the stream is on Kafka, `config_invalid`. */
export async function openStream(
  { stream: { kafka } }: MooseConfig,
  { dataDir, shared, log }: StreamOptions,
  lifecycle: Lifecycle,
): Promise<OpenedStream> {
  if (kafka !== undefined) {
    if (kafka.brokers.length === 0) {
      throw new MooseError(
        "config_invalid",
        "The stream is Kafka, but no broker is named. Set stream.kafka.brokers or MOOSE_KAFKA_BROKERS.",
      );
    }
    const stream = await openKafkaStreamLog({ ...kafka, log: log.child("kafka") });
    lifecycle.onStop("the stream", () => stream.close());
    return { stream };
  }
  const folder = join(dataDir, "log");
  const stream = await openLmdbStreamLog({ path: folder, shared, log: log.child("log") });
  lifecycle.onStop("the log", () => stream.close());
  return { stream, folder };
}
