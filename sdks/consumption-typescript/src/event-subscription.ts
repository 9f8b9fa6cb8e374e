// A subscription to a model's events: a bounded queue; a reader that is slow leaves the rest in the server's log and continues there.
import type { LiveServerMessage } from "@moose/openapi";
import { asyncDispose } from "./async-dispose.ts";
import { ConsumptionError } from "./errors.ts";
import type { EventOptions, EventSubscription, LiveStatus, StreamEvent } from "./live-update.ts";
import { Mailbox } from "./mailbox.ts";
import { type LifeOwner, type LifeParts, SubscriptionLife } from "./subscription-life.ts";

const defaultMaxBuffered = 10_000;

export class FollowedStream<Row> implements EventSubscription<Row>, LifeOwner {
  readonly #model: string;
  readonly #options: EventOptions;
  readonly #decode: (event: Record<string, unknown>) => unknown;
  readonly #life: SubscriptionLife;
  readonly #mailbox: Mailbox<StreamEvent<Row>>;
  #status: LiveStatus = "connecting";
  /** Messages with events that the reader has not taken; the first from `#taken` on. */
  #queue: { readonly rows: readonly unknown[]; readonly before: string; readonly position: string }[] = [];
  #taken = 0;
  #buffered = 0;
  #position: string | undefined;
  #paused = false;
  #iterated = false;

  constructor(
    model: string,
    options: EventOptions,
    decode: (event: Record<string, unknown>) => unknown,
    parts: Omit<LifeParts, "signal">,
  ) {
    this.#model = model;
    this.#options = options;
    this.#decode = decode;
    this.#position = options.after;
    this.#life = new SubscriptionLife(this, { ...parts, signal: options.signal });
    this.#mailbox = new Mailbox<StreamEvent<Row>>(
      () => this.#take(),
      () => this.#life.end(),
    );
  }

  get status(): LiveStatus {
    return this.#status;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent<Row>, undefined> {
    if (this.#iterated) throw new ConsumptionError("closed", "A subscription can be iterated once. Start another one.");
    this.#iterated = true;
    this.#life.start();
    return this.#mailbox;
  }

  async close(): Promise<void> {
    this.#life.end();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  subscribeMessage(id: string) {
    return {
      type: "subscribe" as const,
      id,
      stream: this.#model,
      ...(this.#position === undefined ? {} : { after: this.#position }),
    };
  }

  data(message: Extract<LiveServerMessage, { type: "snapshot" | "delta" | "events" | "resumed" }>): void {
    if (message.type === "resumed" && !message.recovered) this.#options.onGap?.();
    if (message.type !== "events") return;
    this.statusChanged("live");
    const before = this.#position ?? message.position;
    this.#position = message.position;
    if (message.rows.length === 0) return;
    this.#queue.push({ rows: message.rows, before, position: message.position });
    this.#buffered += message.rows.length;
    if (this.#buffered > (this.#options.maxBuffered ?? defaultMaxBuffered)) {
      this.#paused = true;
      this.#life.pause();
    }
    this.#mailbox.wake();
  }

  statusChanged(status: LiveStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#options.onStatus?.(status);
  }

  ended(error?: ConsumptionError): void {
    this.#mailbox.end(error);
  }

  #take(): StreamEvent<Row> | undefined {
    const message = this.#queue[0];
    if (!message) {
      if (this.#paused) {
        this.#paused = false;
        this.#life.start();
      }
      return undefined;
    }
    const event = message.rows[this.#taken++] as Record<string, unknown>;
    this.#buffered--;
    const last = this.#taken === message.rows.length;
    if (last) {
      this.#queue.shift();
      this.#taken = 0;
    }
    // In the middle of a message, only the position before it is sure to miss nothing.
    return { value: this.#decode(event) as Row, position: last ? message.position : message.before };
  }
}
