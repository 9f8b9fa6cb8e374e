// How many bytes a stream's partitions take on the brokers that lead them.
import type { KafkaConnection } from "./kafka-connection.ts";
import { logDirsRequest } from "./log-dirs-request.ts";
import type { Place } from "./stream-places.ts";

/** Of the partitions of one stream. One that has no leader now is not counted. Rejects with kafkajs's error. */
export async function bytesOf(connection: KafkaConnection, places: readonly Place[]): Promise<number> {
  const byLeader = new Map<number, Place[]>();
  for (const place of places) {
    const leader = connection.leader(place.topic, place.partition);
    if (leader !== undefined) byLeader.set(leader, [...(byLeader.get(leader) ?? []), place]);
  }
  let bytes = 0;
  for (const [leader, led] of byLeader) {
    const partitions = led.map(({ partition }) => partition);
    const request = logDirsRequest(led[0]!.topic, partitions);
    const sizes = await connection.send(await connection.broker(leader), request);
    bytes += sizes.reduce((sum, size) => sum + size.bytes, 0);
  }
  return bytes;
}
