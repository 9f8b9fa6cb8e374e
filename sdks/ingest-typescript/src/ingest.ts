// The public face of a client: what an app holds to send events of its models.
import { IngestClient } from "./ingest-client.ts";
import type { WasmLoader } from "./load-models.ts";
import type { AnyModel, EventOf, ModelRef, SentEvent } from "./model-types.ts";
import type { Consent, Flushed, FlushOptions, IngestMetrics, IngestSettings, SendOptions } from "./options.ts";

export type NoContext = Record<never, never>;

export interface IngestOptions<M extends readonly AnyModel[], C extends object = NoContext> extends IngestSettings {
  /** The models whose events are sent. */
  readonly models: M;
  /** Fields that are added to each event of a model that declares them; an event's own value wins. A function is asked for each event. */
  readonly context?: C | (() => C);
}

export interface Ingest<M extends readonly AnyModel[], C extends object = NoContext> extends AsyncDisposable {
  /**
   * Resolves when the event is valid and accepted here: in memory, or in the durable queue if there is one. When it is stored on the server: see flush.
   * @throws IngestValidationError with every violation; IngestError `queue_full`, `queue_failed`, `closed`, `event_too_large`, `aborted`.
   */
  send<R extends ModelRef<M>>(model: R, event: SentEvent<EventOf<M, R>, C>, options?: SendOptions): Promise<void>;
  /** Queues all events or none. Errors name the index of the event in `row`. */
  sendMany<R extends ModelRef<M>>(
    model: R,
    events: readonly SentEvent<EventOf<M, R>, C>[],
    options?: SendOptions,
  ): Promise<void>;
  /** Resolves when everything sent before is settled: stored on the server, refused, shed or given up. */
  flush(options?: FlushOptions): Promise<Flushed>;
  /** Flushes up to the limit. What is left then stays in a durable queue, for the next client of it; else it is given up (to `onError`). Safe to call twice. */
  close(options?: FlushOptions): Promise<void>;
  /** Resolves when it holds: with "denied", when everything that waited is erased. */
  setConsent(consent: Consent): Promise<void>;
  readonly metrics: IngestMetrics;
}

/** `wasm` gives the core's module, or undefined for the copy that is inlined. */
export function newIngest<const M extends readonly AnyModel[], const C extends object = NoContext>(
  options: IngestOptions<M, C>,
  wasm: WasmLoader,
): Ingest<M, C> {
  const client = new IngestClient(options as IngestOptions<readonly AnyModel[], object>, wasm);
  return client as Ingest<never, never> as Ingest<M, C>;
}
