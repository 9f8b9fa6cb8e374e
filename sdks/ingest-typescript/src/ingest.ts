// The client: what an app holds to send events of its models. Joins the queue of each model, delivery and the page's life.
import { createCore, encodeEvent, modelSpec } from "@moose/core";
import { uuidV7 } from "./batch-key.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Delivery } from "./delivery.ts";
import { IngestError } from "./errors.ts";
import { pageQuota } from "./keepalive-quota.ts";
import type { AnyModel, EventOf, ModelRef } from "./model-types.ts";
import {
  defaults,
  type Flushed,
  type FlushOptions,
  type IngestMetrics,
  type IngestSettings,
  reportError,
  reportRejected,
  type SendOptions,
} from "./options.ts";
import { pageLifecycle } from "./page-lifecycle.ts";
import { defaultRetryPolicy } from "./retry-policy.ts";
import { SendQueue } from "./send-queue.ts";
import { WaitingRoom } from "./waiting-room.ts";

export interface IngestOptions<M extends readonly AnyModel[]> extends IngestSettings {
  /** The models whose events are sent. */
  readonly models: M;
}

export interface Ingest<M extends readonly AnyModel[]> extends AsyncDisposable {
  /**
   * Resolves when the event is valid and queued here, which is not yet durable: see flush.
   * @throws IngestValidationError with every violation; IngestError `queue_full`, `closed`, `event_too_large`, `aborted`.
   */
  send<R extends ModelRef<M>>(model: R, event: EventOf<M, R>, options?: SendOptions): Promise<void>;
  /** Queues all events or none. Errors name the index of the event in `row`. */
  sendMany<R extends ModelRef<M>>(model: R, events: readonly EventOf<M, R>[], options?: SendOptions): Promise<void>;
  /** Resolves when everything sent before is settled: stored, refused or given up. */
  flush(options?: FlushOptions): Promise<Flushed>;
  /** Flushes up to the limit, then gives up the rest (to `onError`). Safe to call twice. */
  close(options?: FlushOptions): Promise<void>;
  readonly metrics: IngestMetrics;
}

/**
 * Creates a client. It starts at once; the WebAssembly core is loaded in the background and the first send waits for it.
 * @example
 * const ingest = createIngest({ url: "http://localhost:4000", models: [Flight] });
 * await ingest.send(Flight, { seenAt: new Date(), origin: "SFO", destination: "JFK", delay: 12, distance: 2586 });
 * await ingest.close();
 */
export function createIngest<const M extends readonly AnyModel[]>(options: IngestOptions<M>): Ingest<M> {
  return new IngestClient(options);
}

class IngestClient<M extends readonly AnyModel[]> implements Ingest<M> {
  readonly #options: IngestOptions<M>;
  readonly #clock: Clock;
  readonly #waitingSends = new Set<object>();
  readonly #room: WaitingRoom;
  readonly #delivery: Delivery;
  readonly #newKey: () => string;
  readonly #stopWatchingPage: () => void;
  readonly #loading: Promise<void>;
  #queues: ReadonlyMap<string, SendQueue> | undefined;
  #closing: Promise<void> | undefined;
  #ended = false;

  constructor(options: IngestOptions<M>) {
    const clock = options.clock ?? systemClock;
    this.#options = options;
    this.#clock = clock;
    this.#room = new WaitingRoom(clock);
    this.#newKey = () => uuidV7(clock.nowMs());
    this.#delivery = new Delivery({
      baseUrl: options.url.replace(/\/+$/, ""),
      headers: options.headers ?? {},
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      clock,
      random: options.random ?? Math.random,
      newKey: this.#newKey,
      concurrency: options.concurrency ?? defaults.concurrency,
      attemptTimeoutMs: options.attemptTimeoutMs ?? defaults.attemptTimeoutMs,
      retry: { ...defaultRetryPolicy, ...options.retry },
      quota: pageQuota,
      onError: options.onError ?? reportError,
      onRejected: options.onRejected ?? reportRejected,
      onSettled: () => this.#room.wake(),
    });
    this.#loading = this.#load(clock);
    // Whoever sends sees the failure; without a send there is no one to tell.
    this.#loading.catch(() => {});
    this.#stopWatchingPage = (options.page ?? pageLifecycle).watch((leaving) => {
      this.#closeBatches();
      this.#delivery.sendKeepalive(leaving);
    });
  }

  async send<R extends ModelRef<M>>(model: R, event: EventOf<M, R>, options?: SendOptions): Promise<void> {
    this.#throwIf(this.#closing !== undefined);
    if (!this.#queues || !this.#hasRoom()) await this.#waitForRoom(options);
    this.#queue(model).add(encodeEvent(event as object));
  }

  async sendMany<R extends ModelRef<M>>(
    model: R,
    events: readonly EventOf<M, R>[],
    options?: SendOptions,
  ): Promise<void> {
    this.#throwIf(this.#closing !== undefined);
    if (!this.#queues || !this.#hasRoom()) await this.#waitForRoom(options);
    this.#queue(model).addMany(events.map((event) => encodeEvent(event as object)));
  }

  async flush(options: FlushOptions = {}): Promise<Flushed> {
    const clock = this.#clock;
    const timeoutMs = options.timeoutMs ?? defaults.flushTimeoutMs;
    const deadlineMs = clock.nowMs() + timeoutMs;
    const limit = () => ({
      timeoutMs: Math.max(0, deadlineMs - clock.nowMs()),
      signal: options.signal,
      code: "timed_out" as const,
      message: `Not everything was answered within ${timeoutMs} ms.`,
    });
    const before = [...this.#waitingSends];
    await this.#room.until(() => before.every((send) => !this.#waitingSends.has(send)), limit());
    this.#closeBatches();
    const mark = this.#delivery.mark();
    await this.#room.until(() => this.#delivery.isSettled(mark), limit());
    return { position: this.#delivery.position };
  }

  close(options: FlushOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get metrics(): IngestMetrics {
    const { counts } = this.#delivery;
    let events = 0;
    let refusedHere = 0;
    for (const queue of this.#queues?.values() ?? []) {
      events += queue.events;
      refusedHere += queue.rejected;
    }
    return {
      queuedEvents: events + counts.events,
      queuedBytes: this.#queuedBytes(),
      batchesUnderWay: this.#delivery.batchesUnderWay,
      sentEvents: counts.sent,
      rejectedEvents: counts.rejected + refusedHere,
      duplicateEvents: counts.duplicates,
      lostEvents: counts.lost,
      retries: counts.retries,
    };
  }

  async #load(clock: Clock): Promise<void> {
    try {
      const core = await createCore();
      const queues = new Map<string, SendQueue>();
      const producer = this.#newKey();
      for (const model of this.#options.models) {
        const spec = modelSpec(model);
        const queue = new SendQueue(core.load(spec), {
          clock,
          newKey: this.#newKey,
          producer,
          maxBatchEvents: this.#options.maxBatchEvents ?? defaults.maxBatchEvents,
          maxBatchBytes: this.#options.maxBatchBytes ?? defaults.maxBatchBytes,
          maxBatchAgeMs: this.#options.maxBatchAgeMs ?? defaults.maxBatchAgeMs,
          onBatch: (batch) => this.#delivery.enqueue(batch),
        });
        queues.set(spec.name, queue);
      }
      this.#queues = queues;
    } catch (cause) {
      const message =
        "The validation core could not be loaded: is WebAssembly allowed here (Content-Security-Policy wasm-unsafe-eval)?";
      throw new IngestError("core_unavailable", message, { cause });
    }
  }

  /** Until the core is there and the queue has room. Several may wake at once, so each asks again. */
  async #waitForRoom(options: SendOptions | undefined): Promise<void> {
    const timeoutMs = this.#options.sendTimeoutMs ?? defaults.sendTimeoutMs;
    const ticket = {};
    this.#waitingSends.add(ticket);
    try {
      await this.#loading;
      while (!this.#hasRoom()) {
        const full = `The queue holds ${this.#queuedBytes()} bytes that the server has not taken`;
        if (this.#options.whenFull === "reject")
          throw new IngestError("queue_full", `${full} yet.`, { retryable: true });
        await this.#room.until(() => this.#hasRoom(), {
          timeoutMs,
          signal: options?.signal,
          code: "queue_full",
          message: `${full} within ${timeoutMs} ms.`,
        });
      }
    } finally {
      // The caller queues its event before a flush that waits for this ticket goes on.
      queueMicrotask(() => {
        this.#waitingSends.delete(ticket);
        this.#room.wake();
      });
    }
  }

  #queue(model: ModelRef<M>): SendQueue {
    this.#throwIf(this.#ended);
    const name = typeof model === "string" ? model : modelSpec(model as AnyModel).name;
    const queue = this.#queues?.get(name);
    if (queue) return queue;
    const known = [...(this.#queues?.keys() ?? [])].join(", ");
    const message = `"${name}" is not one of the models of this client (${known}); add it to createIngest({ models }).`;
    throw new IngestError("unknown_model", message);
  }

  #throwIf(closed: boolean): void {
    if (closed) throw new IngestError("closed", "The client is closed; create a new one to send more.");
  }

  #hasRoom(): boolean {
    return this.#queuedBytes() < (this.#options.maxQueueBytes ?? defaults.maxQueueBytes);
  }

  #queuedBytes(): number {
    let bytes = this.#delivery.counts.bytes;
    for (const queue of this.#queues?.values() ?? []) bytes += queue.bytes;
    return bytes;
  }

  #closeBatches(): void {
    for (const queue of this.#queues?.values() ?? []) queue.close();
  }

  async #close(options: FlushOptions): Promise<void> {
    this.#stopWatchingPage();
    try {
      await this.flush({ timeoutMs: defaults.closeTimeoutMs, ...options });
    } finally {
      this.#ended = true;
      this.#closeBatches();
      this.#delivery.end();
    }
  }
}
