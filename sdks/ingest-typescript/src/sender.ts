// Delivers what is in the queue: first in, first out, a few batches at a time, each until it is answered or refused. Of all clients of a queue one sends.
import { type Batch, joinChunks, splitBatch } from "./batch.ts";
import { type AttemptSettings, BatchAttempts } from "./batch-attempts.ts";
import { deliveryError, type FailedOutcome, rejectedRows } from "./delivery-report.ts";
import type { IngestDeliveryError, IngestErrorCode } from "./errors.ts";
import { mergePositions } from "./merge-positions.ts";
import type { RejectedRows } from "./options.ts";
import { type BatchLimits, planBatches } from "./plan-batches.ts";
import type { IngestReply } from "./post-batch.ts";
import type { Chunk, EventQueue, StoredChunk } from "./queue/event-queue.ts";
import { chunksToShed } from "./queue/shed-policy.ts";
import { actionAfter } from "./retry-policy.ts";

export interface SenderConfig extends AttemptSettings {
  readonly queue: EventQueue;
  readonly newKey: () => string;
  readonly limits: BatchLimits;
  /** How long a chunk waits for others to fill its batch. */
  readonly lingerMs: number;
  readonly concurrency: number;
  /** Above it events are shed; undefined: never. */
  readonly shedAboveBytes: number | undefined;
  readonly shedFirst: readonly string[];
  readonly onError: (error: IngestDeliveryError) => void;
  readonly onRejected: (rejected: RejectedRows) => void;
  /** Chunks have left the queue. */
  readonly onSettled: (keys: readonly number[]) => void;
}

interface Counts {
  sent: number;
  rejected: number;
  duplicates: number;
  lost: number;
  shed: number;
  retries: number;
}

/** A queue that fails to answer is asked again after this. */
const QUEUE_RETRY_MS = 1000;

export class Sender {
  readonly #config: SenderConfig;
  readonly #attempts: BatchAttempts;
  readonly counts: Counts = { sent: 0, rejected: 0, duplicates: 0, lost: 0, shed: 0, retries: 0 };
  /** Read from the queue, not under way; with when each was read. */
  #loaded: { readonly chunk: StoredChunk; readonly atMs: number }[] = [];
  /** Parts of batches that were cut. */
  #parts: Batch[] = [];
  /** Each with what ends its attempt or its wait before the next one. */
  readonly #underWay = new Map<Batch, AbortController>();
  #lastKey = 0;
  #running = false;
  #loading = false;
  #loadAgain = false;
  #hurried = false;
  #isHidden = false;
  #toldUnauthorized = false;
  #linger: { cancel(): void } | undefined;
  #position: string | undefined;
  #knowsPosition = false;

  constructor(config: SenderConfig) {
    this.#config = config;
    this.#attempts = new BatchAttempts(config, {
      onRetry: () => {
        this.counts.retries++;
      },
      onHold: (batch, outcome) => {
        if (this.#toldUnauthorized) return;
        this.#toldUnauthorized = true;
        config.onError(
          deliveryError(batch, "unauthorized", `${outcome.reason}; they are kept, and tried again`, outcome),
        );
      },
    });
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get batchesUnderWay(): number {
    return this.#underWay.size;
  }

  start(): void {
    this.#running = true;
    this.#lastKey = 0;
    this.wake();
  }

  /** Ends every attempt; what was not answered stays in the queue. */
  stop(): void {
    this.#running = false;
    this.#linger?.cancel();
    this.#loaded = [];
    this.#parts = [];
    for (const abort of this.#underWay.values()) abort.abort();
    this.#underWay.clear();
  }

  /** There may be more in the queue. */
  wake(): void {
    if (!this.#running) return;
    if (this.#loading) this.#loadAgain = true;
    else void this.#load();
  }

  /** What is in the queue now waits for nothing. */
  hurry(): void {
    this.#hurried = true;
    this.wake();
  }

  /** Waits between attempts end: the network is back. */
  retryNow(): void {
    this.#attempts.retryNow();
  }

  /** While the page is hidden, requests are made so that they outlive it, as far as the quota allows. */
  setHidden(isHidden: boolean): void {
    this.#isHidden = isHidden;
    if (isHidden) this.#send();
    this.wake();
  }

  /**
   * The page goes: what is under way is sent once more so that it outlives the page, since a plain request dies with it, and so is what may not be in the queue yet.
   * The same ids go along, so the server stores each event once.
   */
  sendLast(unsaved: readonly Chunk[]): void {
    for (const batch of this.#underWay.keys()) this.#attempts.postOnce(batch);
    for (const chunk of unsaved) this.#attempts.postOnce(this.#join([{ ...chunk, key: 0 }]));
  }

  /** Gives up what is in the queue: each chunk goes to `onError`. */
  async giveUp(): Promise<void> {
    const { queue } = this.#config;
    for (let chunks = await queue.read(0, 1); chunks.length > 0; chunks = await queue.read(0, 1)) {
      const batch = this.#join(chunks);
      this.#lose(batch, "delivery_failed", "the client was closed before it was answered");
      await queue.remove(chunks.map(({ key }) => key));
    }
  }

  async #load(): Promise<void> {
    const { queue, limits, concurrency, clock } = this.#config;
    this.#loading = true;
    try {
      if (!this.#knowsPosition) this.#position = await queue.position();
      this.#knowsPosition = true;
      do {
        this.#loadAgain = false;
        await this.#shed();
        while (this.#loadedBytes() < concurrency * limits.maxBatchBytes) {
          const chunks = await queue.read(this.#lastKey, limits.maxBatchBytes);
          if (!this.#running || chunks.length === 0) break;
          this.#lastKey = chunks.at(-1)!.key;
          const atMs = clock.monotonicMs();
          for (const chunk of chunks) this.#loaded.push({ chunk, atMs });
          this.#send();
        }
      } while (this.#loadAgain && this.#running);
    } catch {
      // The queue reports its failure to whoever writes; what it holds is read when it can be read again.
      clock.after(QUEUE_RETRY_MS, () => this.wake());
    }
    this.#loading = false;
    this.#send();
    if (this.#loaded.length === 0) this.#hurried = false;
  }

  async #shed(): Promise<void> {
    const { queue, shedAboveBytes, shedFirst } = this.#config;
    if (shedAboveBytes === undefined || queue.size.bytes <= shedAboveBytes) return;
    const sizes = await queue.sizes();
    const busy = new Set<number>();
    for (const { origin } of [...this.#underWay.keys(), ...this.#parts])
      for (const { key } of origin.chunks) busy.add(key);
    const chunks = sizes.map((size) => ({ ...size, underWay: busy.has(size.key) }));
    const keys = new Set(chunksToShed({ chunks, shedFirst, maxBytes: shedAboveBytes, moreBytes: 0 }));
    if (keys.size === 0) return;
    this.#loaded = this.#loaded.filter(({ chunk }) => !keys.has(chunk.key));
    for (const { key, events } of sizes) if (keys.has(key)) this.counts.shed += events;
    await queue.remove([...keys]);
    this.#config.onSettled([...keys]);
  }

  #loadedBytes(): number {
    const bytes = this.#loaded.reduce((sum, { chunk }) => sum + chunk.body.length, 0);
    return this.#parts.reduce((sum, { body }) => sum + body.length, bytes);
  }

  #plan() {
    return planBatches(
      this.#loaded.map(({ chunk }) => chunk),
      this.#config.limits,
    );
  }

  #join(chunks: readonly StoredChunk[]): Batch {
    return joinChunks(chunks, this.#config.newKey(), this.#config.clock.monotonicMs());
  }

  #send(): void {
    const { concurrency, clock, lingerMs } = this.#config;
    this.#linger?.cancel();
    this.#linger = undefined;
    if (this.#running && this.#isHidden) this.#sendKeepalive();
    while (this.#running && this.#underWay.size < concurrency && this.#parts.length > 0) {
      void this.#deliver(this.#parts.shift()!, false);
    }
    if (!this.#running || this.#underWay.size >= concurrency || this.#loaded.length === 0) return;
    const waitMs = this.#hurried ? 0 : this.#loaded[0]!.atMs + lingerMs - clock.monotonicMs();
    for (const { chunks, full } of this.#plan()) {
      if (this.#underWay.size >= concurrency) return;
      if (!full && waitMs > 0) continue;
      const keys = new Set(chunks.map(({ key }) => key));
      this.#loaded = this.#loaded.filter(({ chunk }) => !keys.has(chunk.key));
      void this.#deliver(this.#join(chunks), false);
    }
    if (this.#loaded.length > 0) this.#linger = clock.after(Math.max(0, waitMs), () => this.#send());
  }

  /** What the quota allows; what does not fit goes like everything else. */
  #sendKeepalive(): void {
    const { quota, newKey } = this.#config;
    const batches = [...this.#parts, ...this.#plan().map(({ chunks }) => this.#join(chunks))];
    this.#loaded = [];
    this.#parts = [];
    for (const batch of batches) {
      const [head, tail] = splitBatch(batch, quota.freeBytes, newKey) ?? [batch, undefined];
      if (quota.freeBytes >= head.body.length) void this.#deliver(head, true);
      else this.#parts.push(head);
      if (tail) this.#parts.push(tail);
    }
  }

  async #deliver(batch: Batch, firstIsKeepalive: boolean): Promise<void> {
    const abort = new AbortController();
    this.#underWay.set(batch, abort);
    const outcome = await this.#attempts.run(batch, abort.signal, firstIsKeepalive);
    if (!outcome) return;
    if (outcome.kind === "answered") {
      this.#answered(batch, outcome.reply, outcome.requestId);
      await this.#leave(batch);
    } else await this.#failed(batch, outcome);
    if (abort.signal.aborted) return;
    this.#underWay.delete(batch);
    this.#send();
    this.wake();
  }

  async #failed(batch: Batch, outcome: FailedOutcome): Promise<void> {
    const action = actionAfter(outcome);
    // The server's limit is below ours. Nothing of a body that is too large was stored, so its parts are new batches.
    const parts = action === "split" ? halve(batch, this.#config.newKey) : undefined;
    if (parts) {
      this.#parts.unshift(...parts);
      return;
    }
    const code = action === "retry" || action === "hold" ? "delivery_failed" : "delivery_refused";
    this.#lose(batch, code, outcome.reason, outcome);
    await this.#leave(batch);
  }

  #answered(batch: Batch, reply: IngestReply, requestId: string | undefined): void {
    this.#toldUnauthorized = false;
    this.counts.sent += reply.accepted;
    this.counts.rejected += reply.rejected;
    this.counts.duplicates += reply.duplicates;
    if (reply.position !== undefined) this.#position = mergePositions(this.#position, reply.position);
    if (reply.rejected > 0) this.#config.onRejected(rejectedRows(batch, reply, requestId));
  }

  /** Of a batch that was cut, the last part takes the chunks out of the queue. */
  async #leave(batch: Batch): Promise<void> {
    if (--batch.origin.openParts > 0) return;
    const keys = batch.origin.chunks.map(({ key }) => key);
    try {
      await this.#config.queue.remove(keys, this.#position);
    } catch {
      // They are sent again by whoever opens the queue next; the server knows their ids.
    }
    this.#config.onSettled(keys);
  }

  #lose(batch: Batch, code: IngestErrorCode, reason: string, outcome?: FailedOutcome): void {
    this.counts.lost += batch.events;
    this.#config.onError(deliveryError(batch, code, reason, outcome));
  }
}

/** In two of about the same size; a first row that is larger than the rest goes by itself. Undefined when there is one row. */
function halve(batch: Batch, newKey: () => string): [Batch, Batch] | undefined {
  const { body } = batch;
  return splitBatch(batch, body.length >> 1, newKey) ?? splitBatch(batch, body.indexOf(NEWLINE) + 1, newKey);
}

const NEWLINE = 10;
