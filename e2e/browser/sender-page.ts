// What each tab of the exactly-once test holds: a client with its queue, and a wall clock that the test moves.
import { createIngest, type Ingest } from "@moose/ingest";
import { Reading } from "../crash/reading.ts";

interface TestEvent {
  readonly id: string;
  readonly round: number;
  readonly value: number;
}

const realNow = Date.now;
let clockOffsetMs = 0;
Date.now = () => realNow() + clockOffsetMs;

let ingest: Ingest<readonly [typeof Reading]> | undefined;
const { accepted } = globalThis as unknown as { accepted(ids: string[]): Promise<void> };

export const senderPage = {
  begin(url: string): void {
    ingest = createIngest({
      url,
      models: [Reading],
      maxBatchAgeMs: 100,
      retry: { firstDelayMs: 50, maxDelayMs: 500 },
      attemptTimeoutMs: 5_000,
    });
  },
  /** Tells the test which events were accepted, as they are. */
  async send(events: readonly TestEvent[]): Promise<void> {
    await Promise.all(events.map((event) => ingest!.send("Reading", event).then(() => accepted([event.id]))));
  },
  moveClock(ms: number): void {
    clockOffsetMs += ms;
  },
  /** Undefined when it takes longer. */
  async flush(timeoutMs: number): Promise<string | undefined> {
    return (await ingest!.flush({ timeoutMs })).position;
  },
  async queuedEvents(): Promise<number> {
    await ingest!.flush({ timeoutMs: 5_000 }).catch(() => {});
    return ingest!.metrics.queuedEvents;
  },
  metrics: () => ingest!.metrics,
};

(globalThis as unknown as { senderPage: typeof senderPage }).senderPage = senderPage;
