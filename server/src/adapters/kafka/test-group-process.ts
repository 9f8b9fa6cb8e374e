// A process of its own that takes part in a group: tells its parent what it holds, and saves progress when it is told to.
import type { StreamPartition } from "../../ports/stream-log.ts";
import { openTestLog } from "./test-kafka-log.ts";

const [address, topicPrefix, stream, sessionTimeoutMs] = process.argv.slice(2) as [string, string, string, string];
const log = await openTestLog(address, {
  topicPrefix,
  sessionTimeoutMs: Number(sessionTimeoutMs),
  revokeTimeoutMs: 2_000,
});
await log.ensureStream(stream, { partitions: 2 });
const held = new Set<number>();
const tell = (): void => void process.send?.({ held: [...held].sort() });
const change = (partitions: readonly StreamPartition[], apply: (partition: number) => void): void => {
  for (const { partition } of partitions) apply(partition);
  tell();
};

process.on("message", async ({ partition, first, last }: { partition: number; first: number; last: number }) => {
  const saved = await log.saveProgress("table", stream, partition, { committed: first, pending: { first, last } }).then(
    () => "saved",
    (error: { code?: string }) => error.code ?? String(error),
  );
  process.send?.({ saved });
});
const membership = await log.join("table", {
  assigned: (partitions) => change(partitions, (partition) => held.add(partition)),
  revoked: async (partitions) => change(partitions, (partition) => held.delete(partition)),
});
await membership.follow([stream]);
