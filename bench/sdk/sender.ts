// One run of the SDK's bench in a process of its own: sends page views one by one, and tells how long it took and how much CPU.
import { createIngest } from "@moose/ingest";
import { fileQueue } from "@moose/ingest/node";
import { pageView } from "../load/page-views.ts";
import { PageView } from "../wide/models/page-view.ts";
import { PlainJsonBatcher } from "./plain-json-batcher.ts";

const [url, kind, eventsText, folder] = process.argv.slice(2) as [string, string, string, string];
const events = Number(eventsText);
const WARM_UP = 20_000;
const viewedAt = new Date("2026-01-01T00:00:00Z");
// Made beforehand: an app has its events already.
const views = Array.from({ length: 10_000 }, (_, n) => pageView(n, viewedAt));

interface Sink {
  send(event: object): Promise<void> | undefined;
  /** Resolves when everything is answered. */
  settle(): Promise<void>;
}

function sdk(options: Partial<Parameters<typeof createIngest>[0]>): Sink {
  const ingest = createIngest({ url, models: [PageView], compression: "none", ...options });
  return {
    send: (event) => ingest.send("PageView", event as never),
    settle: async () => {
      await ingest.flush();
      if (ingest.metrics.lostEvents + ingest.metrics.rejectedEvents > 0)
        throw new Error(JSON.stringify(ingest.metrics));
    },
  };
}

function plain(flushAt: number): Sink {
  const batcher = new PlainJsonBatcher(`${url}/ingest/PageView`, flushAt);
  return { send: (event) => batcher.capture(event), settle: () => batcher.close() };
}

const kinds: Record<string, () => Sink> = {
  "SDK, memory": () => sdk({}),
  "SDK, memory, gzip": () => sdk({ compression: "gzip" }),
  "SDK, file": () => sdk({ queue: fileQueue(`${folder}/queue-${process.pid}`, { sync: false }) }),
  "plain JSON, 1,000 a batch": () => plain(1000),
  "plain JSON, 20 a batch": () => plain(20),
};

const sink = kinds[kind]!();
// Events that an app sends without waiting for each: a queue on the disk is written for many at once.
const TOGETHER = 100;

async function sendAll(count: number): Promise<void> {
  for (let n = 0; n < count; ) {
    const sent: (Promise<void> | undefined)[] = [];
    for (let end = Math.min(count, n + TOGETHER); n < end; n++) sent.push(sink.send(views[n % views.length]!));
    await Promise.all(sent);
  }
  await sink.settle();
}

await sendAll(WARM_UP);
const cpuBefore = process.cpuUsage();
const beganMs = performance.now();
await sendAll(events);
const seconds = (performance.now() - beganMs) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
console.log(JSON.stringify({ event: "done", kind, events, seconds, cpuMicros: user + system }));
process.exit(0);
