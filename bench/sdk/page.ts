// The page of the SDK's bench: how long the main thread is busy with sends.
import { createIngest, indexedDbQueue, memoryQueue } from "@moose/ingest";
import { pageView } from "../load/page-views.ts";
import { PageView } from "../wide/models/page-view.ts";

const SENDS_A_TASK = 50;
const TASKS = 400;

/** Microseconds for each send, of each task of 50 sends; the events go to the queue and to the server meanwhile. */
async function measureSends(url: string, kind: "memory" | "IndexedDB"): Promise<number[]> {
  const queue = kind === "memory" ? memoryQueue() : indexedDbQueue({ name: `bench ${Math.random()}` });
  const ingest = createIngest({ url, models: [PageView], queue });
  const viewedAt = new Date("2026-01-01T00:00:00Z");
  const views = Array.from({ length: SENDS_A_TASK * TASKS }, (_, n) => pageView(n, viewedAt));
  await ingest.send("PageView", views[0] as never);
  const micros: number[] = [];
  for (let task = 0; task < TASKS; task++) {
    const sent: Promise<void>[] = [];
    const begin = performance.now();
    for (let n = 0; n < SENDS_A_TASK; n++) sent.push(ingest.send("PageView", views[task * SENDS_A_TASK + n] as never));
    micros.push(((performance.now() - begin) * 1000) / SENDS_A_TASK);
    await Promise.all(sent);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await ingest.close();
  if (ingest.metrics.lostEvents > 0) throw new Error(JSON.stringify(ingest.metrics));
  return micros;
}

(globalThis as unknown as { measureSends: typeof measureSends }).measureSends = measureSends;
