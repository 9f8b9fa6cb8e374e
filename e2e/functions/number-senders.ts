// Sends numbered events to whichever server is up, without a pause, and remembers which were acknowledged.
import { setTimeout as delay } from "node:timers/promises";
import { between } from "../crash/random.ts";
import { KEYS } from "./functions-project.ts";

const FIRST_MS = Date.UTC(2026, 0, 1);
const ROWS = 20;
const SENDERS = 3;

export interface NumberSenders {
  readonly acknowledged: ReadonlySet<number>;
  /** Resolves once so many more than now are acknowledged. */
  more(events: number): Promise<void>;
  stop(): Promise<void>;
  /** A last event for each key, far behind the others: it closes all windows. */
  sendLast(url: string): Promise<void>;
}

/** `urls`: of the servers as they are at the moment. `pauseMs`: of each sender between two requests, so that a backlog stays small. */
export function startNumberSenders(
  urls: () => readonly string[],
  random: () => number,
  { pauseMs = 0 } = {},
): NumberSenders {
  const acknowledged = new Set<number>();
  let next = 0;
  let sending = true;

  async function sender(): Promise<void> {
    while (sending) {
      const rows = Array.from({ length: ROWS }, () => ({
        n: next,
        key: `k${next % KEYS}`,
        at: new Date(FIRST_MS + next++ * 20),
      }));
      const now = urls();
      const url = now[between(random, 0, now.length)];
      if (url !== undefined && (await send(url, rows))) for (const { n } of rows) acknowledged.add(n);
      else await turn();
      if (pauseMs > 0) await delay(pauseMs);
    }
  }

  const senders = Array.from({ length: SENDERS }, sender);
  return {
    acknowledged,
    async more(events) {
      for (const goal = acknowledged.size + events; acknowledged.size < goal; ) await turn();
    },
    async stop() {
      sending = false;
      await Promise.all(senders);
    },
    async sendLast(url) {
      const rows = Array.from({ length: KEYS }, (_, key) => ({
        n: next + key,
        key: `k${key}`,
        at: new Date(Date.UTC(2030)),
      }));
      // After a fault the server may turn events away for a moment; then nothing is stored.
      const giveUpMs = performance.now() + LAST_LIMIT_MS;
      for (let reply = await post(url, rows); reply?.status !== 200; reply = await post(url, rows)) {
        const said = `${reply?.status} ${await reply?.text()}`;
        if (!said.includes("overloaded") || performance.now() > giveUpMs)
          throw new Error(`the last events were not acknowledged: ${said}`);
        await delay(200);
      }
      for (const { n } of rows) acknowledged.add(n);
    },
  };
}

const REPLY_LIMIT_MS = 20_000;
const LAST_LIMIT_MS = 60_000;

async function post(url: string, rows: readonly object[]): Promise<Response | undefined> {
  const headers = { "content-type": "application/x-ndjson" };
  const body = rows.map((row) => JSON.stringify(row)).join("\n");
  const signal = AbortSignal.timeout(REPLY_LIMIT_MS);
  return fetch(`${url}/ingest/In`, { method: "POST", headers, body, signal }).catch(() => undefined);
}

const send = async (url: string, rows: readonly object[]): Promise<boolean> => (await post(url, rows))?.status === 200;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
