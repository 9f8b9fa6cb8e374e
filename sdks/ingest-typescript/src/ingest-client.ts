// A client at work: prepares, checks and gathers events, and gives them to the pipeline.
import { uuidV7 } from "./batch-key.ts";
import { type Clock, systemClock } from "./clock.ts";
import { IngestError, isIngestError } from "./errors.ts";
import { EventGatherer } from "./event-gatherer.ts";
import type { EventPipeline } from "./event-pipeline.ts";
import { type LoadedCore, loadModels, type WasmLoader } from "./load-models.ts";
import { type AnyModel, fieldNames } from "./model-types.ts";
import {
  type Consent,
  defaults,
  type Flushed,
  type FlushOptions,
  type IngestMetrics,
  type IngestSettings,
  MAX_WAITING_SENDS,
  type SendOptions,
} from "./options.ts";
import { isPage, pageLifecycle } from "./page-lifecycle.ts";
import { type EventContext, type PrepareEvent, prepareFor } from "./prepare-event.ts";
import type { Chunk } from "./queue/event-queue.ts";
import { WaitingRoom } from "./waiting-room.ts";

export interface ClientOptions extends IngestSettings {
  readonly models: readonly AnyModel[];
  readonly context?: object | (() => object);
}

interface LoadedModel {
  readonly prepare: PrepareEvent;
  readonly gatherer: EventGatherer;
}

type AddTexts = (gatherer: EventGatherer, texts: readonly string[]) => void;

export class IngestClient {
  readonly #options: ClientOptions;
  readonly #wasm: WasmLoader;
  readonly #clock: Clock;
  readonly #room: WaitingRoom;
  readonly #waitingSends = new Set<object>();
  readonly #stopWatchingPage: () => void;
  readonly #counts = { sampledOut: 0, dropped: 0, withheld: 0 };
  readonly #loading: Promise<void>;
  #encode: LoadedCore["encodeEvent"] | undefined;
  #models: ReadonlyMap<string, LoadedModel> = new Map();
  #consent: Consent;
  #opening: Promise<EventPipeline> | undefined;
  #pipeline: EventPipeline | undefined;
  /** Of a client that may not store yet. */
  #held: Chunk[] = [];
  #isReady = false;
  /** Of the next write to the durable queue. */
  #commit: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #ended = false;

  constructor(options: ClientOptions, wasm: WasmLoader) {
    this.#options = options;
    this.#wasm = options.wasm === undefined ? wasm : () => options.wasm;
    this.#clock = options.clock ?? systemClock;
    this.#consent = options.consent ?? "granted";
    this.#room = new WaitingRoom(this.#clock);
    this.#loading = this.#load();
    // Whoever sends sees the failure; without a send there is no one to tell.
    this.#loading.catch(() => {});
    this.#stopWatchingPage = (options.page ?? pageLifecycle).watch((moment) => {
      if (moment === "hidden" || moment === "leaving") this.#closeGatherers();
      this.#pipeline?.onMoment(moment);
    });
  }

  async send(model: AnyModel | string, event: object, options?: SendOptions): Promise<void> {
    await this.#take(model, [event], options, (gatherer, [text]) => gatherer.add(text!));
  }

  async sendMany(model: AnyModel | string, events: readonly object[], options?: SendOptions): Promise<void> {
    await this.#take(model, events, options, (gatherer, texts) => gatherer.addMany(texts));
  }

  async flush(options: FlushOptions = {}): Promise<Flushed> {
    const clock = this.#clock;
    const timeoutMs = options.timeoutMs ?? defaults.flushTimeoutMs;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    const limit = () => ({
      timeoutMs: Math.max(0, deadlineMs - clock.monotonicMs()),
      signal: options.signal,
      code: "timed_out" as const,
      message: `Not everything was answered within ${timeoutMs} ms.`,
    });
    const before = [...this.#waitingSends];
    await this.#room.until(() => before.every((send) => !this.#waitingSends.has(send)), limit());
    if (this.#consent === "granted") await this.#loading;
    this.#closeGatherers();
    return { position: await this.#pipeline?.settle(limit) };
  }

  close(options: FlushOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async setConsent(consent: Consent): Promise<void> {
    this.#consent = consent;
    await this.#loading;
    if (consent === "pending") this.#pipeline?.pause();
    if (consent === "granted") await this.#open();
    if (consent === "denied") await this.#erase();
  }

  get metrics(): IngestMetrics {
    const { counts, batchesUnderWay } = this.#pipeline?.sender ?? idle;
    let { events, bytes } = this.#pipeline?.size ?? { events: 0, bytes: 0 };
    let refusedHere = 0;
    for (const { gatherer } of this.#models.values()) {
      events += gatherer.events;
      bytes += gatherer.bytes;
      refusedHere += gatherer.rejected;
    }
    for (const chunk of this.#held) {
      events += chunk.events;
      bytes += chunk.body.length;
    }
    return {
      queuedEvents: events,
      queuedBytes: bytes,
      batchesUnderWay,
      sentEvents: counts.sent,
      rejectedEvents: counts.rejected + refusedHere,
      duplicateEvents: counts.duplicates,
      lostEvents: counts.lost,
      shedEvents: counts.shed,
      sampledOutEvents: this.#counts.sampledOut,
      droppedEvents: this.#counts.dropped,
      withheldEvents: this.#counts.withheld,
      retries: counts.retries,
    };
  }

  async #take(
    model: AnyModel | string,
    events: readonly object[],
    options: SendOptions | undefined,
    add: AddTexts,
  ): Promise<void> {
    this.#throwIf(this.#closing !== undefined);
    if (this.#isReady && this.#hasRoom()) return this.#add(model, events, add);
    if (this.#waitingSends.size >= MAX_WAITING_SENDS)
      throw new IngestError("queue_full", `${MAX_WAITING_SENDS} sends wait already.`, { retryable: true });
    const ticket = {};
    this.#waitingSends.add(ticket);
    try {
      await this.#loading;
      // Several may wake at once: each looks again, and adds in the same turn.
      while (!this.#hasRoom()) await this.#waitForRoom(options);
      await this.#add(model, events, add);
    } finally {
      this.#waitingSends.delete(ticket);
      this.#room.wake();
    }
  }

  /** What is queued is queued before the first await. */
  async #add(model: AnyModel | string, events: readonly object[], add: AddTexts): Promise<void> {
    const { gatherer, prepare } = this.#loaded(model);
    if (this.#consent === "denied") {
      this.#counts.withheld += events.length;
      return;
    }
    const texts: string[] = [];
    for (const event of events) {
      const prepared = prepare(event);
      if (prepared) texts.push(this.#encode!(prepared));
    }
    if (texts.length === 0) return;
    add(gatherer, texts);
    if (this.#pipeline?.isDurable && this.#consent === "granted") await this.#stored();
  }

  /** When what is gathered now is in the durable queue. It is written together with what comes while another write is under way. */
  #stored(): Promise<void> {
    const pipeline = this.#pipeline!;
    this.#commit ??= (pipeline.isBusy ? pipeline.whenStored().catch(() => {}) : Promise.resolve()).then(() => {
      this.#commit = undefined;
      this.#closeGatherers();
      return pipeline.whenStored();
    });
    return this.#commit;
  }

  async #load(): Promise<void> {
    const { models, sampling = {}, context, beforeSend, random = Math.random } = this.#options;
    const { judges, encodeEvent } = await loadModels(models, this.#wasm);
    this.#encode = encodeEvent;
    const producer = uuidV7(this.#clock.nowMs());
    const prepareConfig = {
      sampling,
      context: context as EventContext | (() => EventContext) | undefined,
      beforeSend,
      random,
    };
    const loaded = models.map((model, at): [string, LoadedModel] => {
      const prepare = prepareFor(model.name, fieldNames(model), prepareConfig, this.#counts);
      const gatherer = new EventGatherer(judges[at]!, {
        version: model.version,
        producer,
        maxBatchEvents: this.#options.maxBatchEvents ?? defaults.maxBatchEvents,
        maxBatchBytes: this.#options.maxBatchBytes ?? defaults.maxBatchBytes,
        clock: this.#clock,
        // A durable queue is written at once, and batches are made of what is in it.
        maxAgeMs: () => (this.#pipeline?.isDurable ? undefined : this.#maxBatchAgeMs),
        onChunk: (chunk) => {
          if (this.#pipeline && this.#consent === "granted") this.#pipeline.add(chunk);
          else this.#held.push(chunk);
        },
      });
      return [model.name, { prepare, gatherer }];
    });
    this.#models = new Map(loaded);
    if (this.#consent === "granted") await this.#open();
    if (this.#consent === "denied") await this.#erase();
    this.#isReady = true;
  }

  async #open(): Promise<void> {
    this.#opening ??= this.#openPipeline();
    const pipeline = await this.#opening;
    // Closed, or taken back, while it was opening.
    if (this.#consent !== "granted") return;
    const isNew = this.#pipeline === undefined;
    this.#pipeline = pipeline;
    if (!isNew) pipeline.resume();
    for (const chunk of this.#held.splice(0)) pipeline.add(chunk);
  }

  async #openPipeline(): Promise<EventPipeline> {
    const { openPipeline } = await import("./open-pipeline.ts");
    return openPipeline(this.#options, this.#room);
  }

  /** Also what an earlier page left in the queue. */
  async #erase(): Promise<void> {
    for (const { gatherer } of this.#models.values()) this.#counts.withheld += gatherer.discard();
    for (const { events } of this.#held.splice(0)) this.#counts.withheld += events;
    this.#opening ??= this.#openPipeline();
    this.#pipeline = await this.#opening;
    this.#counts.withheld += await this.#pipeline.forget();
    this.#room.wake();
  }

  async #waitForRoom(options: SendOptions | undefined): Promise<void> {
    const timeoutMs = this.#options.sendTimeoutMs ?? defaults.sendTimeoutMs;
    const full = (): string => `The queue holds ${this.metrics.queuedBytes} bytes that the server has not taken`;
    if (this.#options.whenFull === "reject") throw new IngestError("queue_full", `${full()} yet.`, { retryable: true });
    await this.#room.until(() => this.#hasRoom(), {
      timeoutMs,
      signal: options?.signal,
      code: "queue_full",
      message: `${full()} within ${timeoutMs} ms.`,
    });
  }

  #loaded(model: AnyModel | string): LoadedModel {
    this.#throwIf(this.#ended);
    const name = typeof model === "string" ? model : model.name;
    const loaded = this.#models.get(name);
    if (loaded) return loaded;
    const known = [...this.#models.keys()].join(", ");
    const message = `"${name}" is not one of the models of this client (${known}); add it to createIngest({ models }).`;
    throw new IngestError("unknown_model", message);
  }

  #throwIf(closed: boolean): void {
    if (closed) throw new IngestError("closed", "The client is closed; create a new one to send more.");
  }

  get #maxBatchAgeMs(): number {
    return this.#options.maxBatchAgeMs ?? (isPage() ? defaults.pageBatchAgeMs : defaults.maxBatchAgeMs);
  }

  /** A queue that sheds takes everything; what is not in it yet has the same bound. */
  #hasRoom(): boolean {
    let bytes = (this.#pipeline?.sheds ? this.#pipeline.unsavedBytes : this.#pipeline?.size.bytes) ?? 0;
    for (const { gatherer } of this.#models.values()) bytes += gatherer.bytes;
    for (const { body } of this.#held) bytes += body.length;
    return bytes < (this.#options.maxQueueBytes ?? defaults.maxQueueBytes);
  }

  #closeGatherers(): void {
    for (const { gatherer } of this.#models.values()) gatherer.close();
  }

  async #close(options: FlushOptions): Promise<void> {
    this.#stopWatchingPage();
    try {
      if (this.#consent === "granted") await this.flush({ timeoutMs: defaults.closeTimeoutMs, ...options });
    } catch (error) {
      const isKept = this.#pipeline?.isDurable && isIngestError(error) && error.code === "timed_out";
      if (!isKept) throw error;
    } finally {
      this.#ended = true;
      this.#closeGatherers();
      await this.#pipeline?.close();
    }
  }
}

const idle = { counts: { sent: 0, rejected: 0, duplicates: 0, lost: 0, shed: 0, retries: 0 }, batchesUnderWay: 0 };
