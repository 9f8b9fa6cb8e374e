// A process that sends, for the kill test: keeps its events in a file, and says which were accepted.
import { createIngest } from "@moose/ingest";
import { fileQueue } from "@moose/ingest/node";
import { Reading } from "../crash/reading.ts";

const [url, path, run, seed] = process.argv.slice(2) as [string, string, string, string];
const ingest = createIngest({
  url,
  models: [Reading],
  queue: fileQueue(path, { sync: false }),
  retry: { firstDelayMs: 20, maxDelayMs: 200 },
});

let value = Number(seed);
const send = async (id: string): Promise<void> => {
  value = (value * 48_271) % 2_147_483_647;
  const event = { id, round: Number(run), value: value % 1000 };
  process.send!({ sending: event });
  await ingest.send(Reading, event);
  process.send!({ accepted: id });
};

let isStopping = false;
process.on("message", () => {
  isStopping = true;
});

for (let burst = 0; !isStopping; burst++) {
  await Promise.all(Array.from({ length: 1 + (value % 40) }, (_, n) => send(`${run}.${burst}.${n}`)));
  // The parent is told, and tells.
  await new Promise((resolve) => setImmediate(resolve));
}
await ingest.close({ timeoutMs: 60_000 });
process.send!({ closed: ingest.metrics.queuedEvents });
process.disconnect();
