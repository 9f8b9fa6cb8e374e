// The senders under faults: each owns its keys, numbers their events, and writes down what was acknowledged.
import { createHash } from "node:crypto";
import { between } from "../crash/random.ts";
import { type FaultedModel, faultedModels } from "./project.ts";

/** What became of a key's events; the index is the event's number. */
export type Fate = "acknowledged" | "unknown";

/** Of a whole campaign: whoever sends writes into it. */
export interface Account {
  /** By model and key. */
  readonly fates: ReadonlyMap<FaultedModel, Map<string, Fate[]>>;
  /** Events acknowledged so far. */
  acknowledged: number;
}

export const newAccount = (): Account => ({
  fates: new Map(faultedModels.map((model) => [model, new Map()])),
  acknowledged: 0,
});

export interface SendersOptions {
  /** Asked for each request: a server that comes back may listen elsewhere. */
  readonly url: () => string;
  readonly random: () => number;
  readonly senders: number;
  /** A pause between two requests of a sender, so that a long run stays within memory. */
  readonly pauseMs: number;
  /** Sets the keys apart from those of other senders that write into the account. */
  readonly name: string;
  readonly account: Account;
}

const REQUEST_LIMIT_MS = 30_000;
const KEYS_OF_A_SENDER = 3;
const RETRY_MS = 50;

/** The payload of an event: only what was sent can have it. */
export const payloadOf = (key: string, seq: number): string => createHash("md5").update(`${key}:${seq}`).digest("hex");

/**
 * Half of the requests carry an idempotency key and are sent again until they are answered; the others are sent once, and when the
 * answer is lost nobody can say whether they are stored.
 */
export class Senders {
  readonly #options: SendersOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #requests = 0;
  #failure: Error | undefined;

  constructor(options: SendersOptions) {
    this.#options = options;
    this.#running = Promise.all(Array.from({ length: options.senders }, (_, index) => this.#run(index))).then(() => {});
    this.#running.catch((error: Error) => {
      this.#failure = error;
    });
  }

  /** Set once a request was refused for good. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Ends when every request that is sent again has been answered. Rejects when a request was refused for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(index: number): Promise<void> {
    const { random, pauseMs, name, account } = this.#options;
    const model = faultedModels[index % faultedModels.length]!;
    const keys = Array.from({ length: KEYS_OF_A_SENDER }, (_, key) => `${name}.${index}.${key}`);
    for (const key of keys) account.fates.get(model)!.set(key, []);
    while (!this.#stopping.signal.aborted) {
      await this.#sendOne(model, keys, random);
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  async #sendOne(model: FaultedModel, keys: readonly string[], random: () => number): Promise<void> {
    const { account } = this.#options;
    const fates = account.fates.get(model)!;
    const count = random() < 0.5 ? 1 : between(random, 2, 300);
    const events = Array.from({ length: count }, () => {
      const key = keys[between(random, 0, keys.length)]!;
      const seq = fates.get(key)!.push("unknown") - 1;
      return { key, seq };
    });
    const body = events.map(({ key, seq }) => JSON.stringify({ key, seq, payload: payloadOf(key, seq) })).join("\n");
    const careful = random() < 0.5;
    const idempotencyKey = careful ? `${this.#options.name}-${this.#requests++}` : undefined;
    do {
      const stored = await this.#post(model, body, count, idempotencyKey);
      if (stored) {
        for (const { key, seq } of events) fates.get(key)![seq] = "acknowledged";
        account.acknowledged += count;
        return;
      }
      await pause(RETRY_MS);
    } while (careful);
  }

  /** Whether it was acknowledged; false when the answer was lost or the server could not take it now. */
  async #post(model: FaultedModel, body: string, count: number, key: string | undefined): Promise<boolean> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#options.url()}/ingest/${model}`, {
        method: "POST",
        headers: { "content-type": "application/x-ndjson", ...(key === undefined ? {} : { "idempotency-key": key }) },
        body,
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
      });
      // An acknowledgement counts once it has been read to its end.
      text = await response.text();
    } catch {
      return false;
    }
    if (response.status === 429 || response.status >= 500) return false;
    if (response.status !== 200) throw new Error(`ingest answered ${response.status}: ${text.slice(0, 300)}`);
    const { accepted, duplicates } = JSON.parse(text) as { accepted: number; duplicates: number };
    if (accepted + duplicates !== count) throw new Error(`of ${count} events, ${accepted} were accepted: ${text}`);
    return true;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
