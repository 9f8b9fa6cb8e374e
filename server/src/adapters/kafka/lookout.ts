// Looks what other processes have changed: streams, partitions, schemas, and where partitions begin and end.
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../telemetry/log.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { MetaTopic } from "./meta-topic.ts";
import type { PartitionReader } from "./partition-reader.ts";
import type { StreamClaims } from "./stream-claims.ts";
import type { StreamPlaces } from "./stream-places.ts";

export interface LookoutOptions {
  readonly connection: KafkaConnection;
  readonly meta: MetaTopic;
  readonly places: StreamPlaces;
  readonly reader: PartitionReader;
  readonly claims: StreamClaims;
  readonly log: Log;
  /** A stream that is new here, or has more partitions than were known. */
  know(stream: string): Promise<void>;
}

const LOOK_EVERY_MS = 500;

/** Until the signal; what fails is tried again the next time. */
export async function lookOut(
  { connection, meta, places, reader, claims, log, know }: LookoutOptions,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await meta.catchUp();
      await connection.refresh();
      for (const stream of meta.streams) {
        const known = places.knows(stream) ? places.of(stream).length : 0;
        if (known < Math.max(1, connection.partitionCount(places.topicOf(stream)))) await know(stream);
      }
      await reader.locate(places.all());
      await claims.keepUp();
    } catch (error) {
      if (!signal.aborted)
        log.debug("What other processes changed could not be looked up", { reason: (error as Error).message });
    }
  }
}
