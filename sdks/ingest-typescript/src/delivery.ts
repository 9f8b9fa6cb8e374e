// Delivers closed batches: first in, first out, a few at a time, each until it is answered, refused or too old.
import { type Batch, rowTexts, splitBatch } from "./batch.ts";
import type { Clock } from "./clock.ts";
import { IngestDeliveryError } from "./errors.ts";
import type { KeepaliveQuota } from "./keepalive-quota.ts";
import { mergePositions } from "./merge-positions.ts";
import type { RejectedRow, RejectedRows } from "./options.ts";
import { type Fetch, type IngestReply, type Outcome, type PostOptions, postBatch } from "./post-batch.ts";
import { isRetryable, parseRetryAfterMs, type RetryPolicy, retryDelayMs } from "./retry-policy.ts";

export interface DeliveryConfig {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newKey: () => string;
  readonly concurrency: number;
  readonly attemptTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly quota: KeepaliveQuota;
  readonly onError: (error: IngestDeliveryError) => void;
  readonly onRejected: (rejected: RejectedRows) => void;
  /** Called whenever a batch has left: there may be room in the queue, or a flush may be done. */
  readonly onSettled: () => void;
}

interface Counts {
  sent: number;
  rejected: number;
  duplicates: number;
  lost: number;
  retries: number;
  /** Of batches not settled yet. */
  bytes: number;
  events: number;
}

export class Delivery {
  readonly #config: DeliveryConfig;
  #waiting: Batch[] = [];
  /** Each with what ends its attempt or its wait before the next one. */
  readonly #underWay = new Map<Batch, AbortController>();
  #lastSequence = 0;
  #position: string | undefined;
  #ended = false;
  readonly #counts: Counts = { sent: 0, rejected: 0, duplicates: 0, lost: 0, retries: 0, bytes: 0, events: 0 };

  constructor(config: DeliveryConfig) {
    this.#config = config;
  }

  /** Covers every event acknowledged so far. */
  get position(): string | undefined {
    return this.#position;
  }

  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  /** Names everything queued so far, for isSettled. */
  mark(): number {
    return this.#lastSequence;
  }

  /** Whether every batch that was queued before the mark has left. */
  isSettled(mark: number): boolean {
    for (const batch of this.#underWay.keys()) if (batch.sequence <= mark) return false;
    return this.#waiting.every((batch) => batch.sequence > mark);
  }

  get batchesUnderWay(): number {
    return this.#underWay.size;
  }

  enqueue(batch: Batch): void {
    batch.sequence = ++this.#lastSequence;
    this.#counts.bytes += batch.body.length;
    this.#counts.events += batch.events;
    this.#waiting.push(batch);
    this.#pump();
  }

  /** The page may be gone soon: sends what the quota allows so that it outlives the page. What does not fit stays in the queue. */
  sendKeepalive(resendUnderWay: boolean): void {
    if (resendUnderWay) {
      // A plain request dies with the page. The same key goes along, so the server stores the batch once.
      for (const batch of this.#underWay.keys()) this.#postKeepalive(batch);
    }
    const rest: Batch[] = [];
    for (const batch of this.#waiting) {
      const [head, tail] = splitBatch(batch, this.#config.quota.freeBytes, this.#config.newKey) ?? [batch, undefined];
      if (this.#config.quota.freeBytes >= head.body.length) void this.#deliver(head, true);
      else rest.push(head);
      if (tail) rest.push(tail);
    }
    this.#waiting = rest;
    this.#pump();
  }

  /** Gives up everything that is not settled: each batch goes to `onError`. */
  end(): void {
    this.#ended = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const batch of waiting) this.#lose(batch, "delivery_failed", "the client was closed before it was sent");
    for (const abort of this.#underWay.values()) abort.abort();
  }

  #pump(): void {
    while (this.#underWay.size < this.#config.concurrency) {
      const batch = this.#waiting.shift();
      if (!batch) return;
      void this.#deliver(batch, false);
    }
  }

  async #deliver(batch: Batch, firstIsKeepalive: boolean): Promise<void> {
    const abort = new AbortController();
    this.#underWay.set(batch, abort);
    let keepalive = firstIsKeepalive && this.#config.quota.tryTake(batch.body.length);
    for (;;) {
      batch.attempts++;
      const outcome = await this.#attempt(batch, abort.signal, keepalive);
      if (keepalive) this.#config.quota.giveBack(batch.body.length);
      keepalive = false;
      if (outcome.kind === "answered") {
        this.#answered(batch, outcome.reply, outcome.requestId);
        break;
      }
      if (outcome.status === 413 && this.#sendInHalves(batch)) break;
      const delayMs = this.#delayBeforeRetryMs(batch, outcome);
      if (delayMs === undefined) {
        this.#loseAfter(batch, outcome);
        break;
      }
      this.#counts.retries++;
      await this.#wait(delayMs, abort.signal);
      if (this.#ended) {
        this.#loseAfter(batch, outcome);
        break;
      }
    }
    this.#underWay.delete(batch);
    this.#config.onSettled();
    this.#pump();
  }

  async #attempt(batch: Batch, signal: AbortSignal, keepalive: boolean): Promise<Outcome> {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    const timer = this.#config.clock.after(this.#config.attemptTimeoutMs, stop);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      return await postBatch(batch, { ...this.#postOptions(), signal: attempt.signal, keepalive });
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", stop);
    }
  }

  #postOptions(): PostOptions {
    return { fetch: this.#config.fetch, baseUrl: this.#config.baseUrl, headers: this.#config.headers };
  }

  #postKeepalive(batch: Batch): void {
    const { quota } = this.#config;
    if (!quota.tryTake(batch.body.length)) return;
    void postBatch(batch, { ...this.#postOptions(), keepalive: true }).then(() => quota.giveBack(batch.body.length));
  }

  #delayBeforeRetryMs(batch: Batch, outcome: Outcome & { kind: "failed" }): number | undefined {
    if (this.#ended || !isRetryable(outcome)) return undefined;
    const nowMs = this.#config.clock.nowMs();
    const retryAfterMs = parseRetryAfterMs(outcome.headers, nowMs);
    const delayMs = retryDelayMs(this.#config.retry, batch.attempts, retryAfterMs, this.#config.random);
    return nowMs + delayMs - batch.createdAtMs > this.#config.retry.giveUpAfterMs ? undefined : delayMs;
  }

  #answered(batch: Batch, reply: IngestReply, requestId: string | undefined): void {
    this.#settle(batch);
    this.#counts.sent += reply.accepted;
    this.#counts.rejected += reply.rejected;
    this.#counts.duplicates += reply.duplicates;
    if (reply.position !== undefined) this.#position = mergePositions(this.#position, reply.position);
    if (reply.rejected === 0) return;
    const texts = rowTexts(batch.body, new Set(reply.errors.map((error) => error.row)));
    const rows: RejectedRow[] = [];
    for (const [row, text] of texts) rows.push({ text, errors: reply.errors.filter((error) => error.row === row) });
    this.#config.onRejected({ model: batch.model, rejected: reply.rejected, rows, requestId });
  }

  /** The server's limit is below ours. Nothing of a body that is too large was stored, so its halves are new batches. */
  #sendInHalves(batch: Batch): boolean {
    const halves = splitBatch(batch, batch.body.length >> 1, this.#config.newKey);
    if (!halves || this.#ended) return false;
    this.#waiting.unshift(...halves);
    return true;
  }

  #loseAfter(batch: Batch, outcome: Outcome & { kind: "failed" }): void {
    const refused = !isRetryable(outcome);
    const reason = this.#ended ? "the client was closed before it was answered" : outcome.reason;
    this.#lose(batch, refused && !this.#ended ? "delivery_refused" : "delivery_failed", reason, outcome);
  }

  #lose(
    batch: Batch,
    code: "delivery_refused" | "delivery_failed",
    reason: string,
    outcome?: Outcome & { kind: "failed" },
  ): void {
    this.#settle(batch);
    this.#counts.lost += batch.events;
    const message = `${batch.events} events of ${batch.model} were not delivered after ${batch.attempts} attempts: ${reason}.`;
    const { model, events, body: ndjson, attempts } = batch;
    this.#config.onError(
      new IngestDeliveryError(
        code,
        message,
        { model, events, ndjson, attempts, status: outcome?.status, problemCode: outcome?.problemCode },
        { requestId: outcome?.requestId, retryable: code === "delivery_failed", cause: outcome?.cause },
      ),
    );
  }

  #settle(batch: Batch): void {
    this.#counts.bytes -= batch.body.length;
    this.#counts.events -= batch.events;
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = this.#config.clock.after(ms, done);
      signal.addEventListener("abort", done);
    });
  }
}
