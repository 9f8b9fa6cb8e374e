// One subscriber of a stream: at the live edge it is fed; behind it, it reads the log by itself until it is there.
import { MooseError } from "../model/errors.ts";
import { encodePosition } from "../model/position.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { eventParts } from "./events-text.ts";
import type { LiveLimits } from "./live-limits.ts";
import * as messages from "./server-messages.ts";
import type { FeedReader, StreamFeed } from "./stream-feed.ts";
import type { Outlet, Subscription } from "./subscription.ts";

/**
 *   reading ──(at the edge)──▶ live ──(socket slow)──▶ held ──(drained)──▶ reading
 * While held nothing is kept but the position: the log keeps the events.
 */
export class StreamSubscription implements FeedReader, Subscription {
  readonly id: string;
  #feed: StreamFeed;
  readonly #log: StreamLog;
  readonly #outlet: Outlet;
  readonly #limits: LiveLimits;
  readonly #onEnd: () => void;
  readonly #onClose: () => void;
  #state: "reading" | "live" | "held" | "ended" = "reading";
  #reading = false;
  /** Next offset of each partition; not kept while live. */
  #position: number[];
  /** Sent before the events: where the subscription begins, or whether it could resume. */
  #greeting: string[];

  /** `after`: undefined to begin now; null when the position could not be used. */
  constructor(
    id: string,
    after: readonly number[] | null | undefined,
    feed: StreamFeed,
    parts: { log: StreamLog; outlet: Outlet; limits: LiveLimits; onEnd: () => void; onClose: () => void },
  ) {
    this.id = id;
    this.#feed = feed;
    this.#log = parts.log;
    this.#outlet = parts.outlet;
    this.#limits = parts.limits;
    this.#onEnd = parts.onEnd;
    this.#onClose = parts.onClose;
    const usable = after?.every((offset, partition) => offset <= (feed.edge[partition] ?? 0)) ?? false;
    this.#position = feed.edge.map((edge, partition) => (usable ? (after?.[partition] ?? 0) : edge));
    this.#greeting = after === undefined ? [] : [messages.resumed(id, usable)];
    // A client that has a position from the start can resume even before the first event.
    this.#greeting.push(messages.events(id, messages.eventsBody("[]", this.#token())));
  }

  get behind(): boolean {
    return this.#state === "held";
  }

  flush(): void {
    if (this.#state !== "live" && this.#state !== "ended") void this.#read();
  }

  deliver(body: string, before: readonly number[]): boolean {
    if (this.#outlet.ready() && this.#outlet.send(messages.events(this.id, body))) return true;
    if (this.#state === "ended") return false;
    this.#position = [...before];
    this.#state = "held";
    return false;
  }

  missed(before: readonly number[]): void {
    this.#position = [...before];
    this.#state = "reading";
    queueMicrotask(() => this.flush());
  }

  isOn(feed: StreamFeed): boolean {
    return this.#feed === feed;
  }

  /** The model has another stream now: go on with what is appended there from here on. */
  moveTo(feed: StreamFeed): void {
    if (this.#state === "ended") return;
    this.#feed.leave(this);
    this.#feed = feed;
    this.#position = [...feed.edge];
    this.#greeting.push(messages.events(this.id, messages.eventsBody("[]", this.#token())));
    this.#state = "reading";
    this.flush();
  }

  fail(error: unknown): void {
    if (this.#state === "ended") return;
    this.close();
    this.#outlet.sendLast(messages.failure(error, this.id));
    this.#outlet.sendLast(messages.complete(this.id));
    this.#onEnd();
  }

  close(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#feed.leave(this);
    this.#onClose();
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      this.#state = "reading";
      while (this.#state === "reading") {
        if (!this.#outlet.ready() || !this.#greet()) {
          this.#state = "held";
          break;
        }
        const feed = this.#feed;
        const partition = feed.edge.findIndex((edge, index) => (this.#position[index] ?? 0) < edge);
        if (partition < 0) {
          this.#state = "live";
          feed.join(this);
          break;
        }
        await this.#readPart(feed, partition);
      }
    } catch (error) {
      this.fail(error);
    } finally {
      this.#reading = false;
    }
  }

  #greet(): boolean {
    while (this.#greeting.length > 0) {
      if (!this.#outlet.send(this.#greeting[0]!)) return false;
      this.#greeting.shift();
    }
    return true;
  }

  async #readPart(feed: StreamFeed, partition: number): Promise<void> {
    const from = this.#position[partition] ?? 0;
    const batches = await this.#log.read(feed.stream, partition, from, {
      maxBytes: this.#limits.eventsBytes,
      maxRecords: 10_000,
      untilOffset: feed.edge[partition]!,
    });
    if (this.#state !== "reading" || feed !== this.#feed) return;
    const first = batches[0];
    if (!first)
      throw new MooseError("log_unavailable", `Events of ${feed.stream} from offset ${from} on cannot be read.`);
    if (first.baseOffset > from && !this.#log.leavesGaps?.()) {
      if (!this.#outlet.send(messages.resumed(this.id, false))) return this.#hold();
      this.#position[partition] = first.baseOffset;
    }
    for (const batch of batches) {
      for (const part of eventParts(batch, 0, this.#limits.eventsBytes)) {
        const before = this.#position[partition];
        this.#position[partition] = part.endOffset;
        const taken =
          this.#outlet.ready() &&
          this.#outlet.send(messages.events(this.id, messages.eventsBody(part.rows, this.#token())));
        if (!taken) {
          this.#position[partition] = before ?? 0;
          return this.#hold();
        }
      }
    }
  }

  #hold(): void {
    if (this.#state === "reading") this.#state = "held";
  }

  #token(): string {
    return encodePosition(new Map([[this.#feed.stream, this.#position]]));
  }
}
