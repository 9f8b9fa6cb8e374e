// One subscriber of a distinct query: knows the last state it sent, and sends the difference to the newest when the reader is ready.
import type { DistinctQuery, QueryReader } from "./distinct-query.ts";
import type { LiveClock } from "./live-limits.ts";
import * as messages from "./server-messages.ts";
import type { Outlet, Subscription } from "./subscription.ts";

/**
 *   new ──(first result)──▶ current ──advanced──▶ behind ──send──▶ current
 *                                         behind: throttled, or the socket is slow. Nothing is queued: what is
 *                                         sent later is the merged difference, or a snapshot when that is too old.
 */
export class QuerySubscription implements QueryReader, Subscription {
  readonly id: string;
  #query: DistinctQuery;
  readonly #outlet: Outlet;
  readonly #clock: LiveClock;
  readonly #throttleMs: number;
  readonly #after: string | undefined;
  readonly #onEnd: () => void;
  readonly #onLeave: (query: DistinctQuery) => void;
  /** State that the client has; undefined before the first. */
  #sent: number | undefined;
  #answered = false;
  /** An evaluation ended since this subscription began. */
  #fresh = false;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #cancelTimer: (() => void) | undefined;
  #ended = false;

  constructor(
    options: { id: string; after?: string; throttleMs: number },
    query: DistinctQuery,
    outlet: Outlet,
    clock: LiveClock,
    on: { end: () => void; leave: (query: DistinctQuery) => void },
  ) {
    this.id = options.id;
    this.#after = options.after;
    this.#throttleMs = options.throttleMs;
    this.#query = query;
    this.#outlet = outlet;
    this.#clock = clock;
    this.#onEnd = on.end;
    this.#onLeave = on.leave;
    query.readers.add(this);
  }

  advanced(): void {
    this.#fresh = true;
    this.flush();
  }

  moved(to: DistinctQuery): void {
    this.#query.readers.delete(this);
    this.#query = to;
    this.#sent = undefined;
    to.readers.add(this);
    this.flush();
  }

  /** Whether the client lacks a state that exists. */
  get behind(): boolean {
    return !this.#ended && this.#query.sequence !== undefined && this.#sent !== this.#query.sequence;
  }

  flush(): void {
    const newest = this.#query.sequence;
    if (this.#ended || newest === undefined || this.#sent === newest || !this.#outlet.ready()) return;
    // A state kept from earlier readers may be old: the first that a newcomer gets is made for it.
    if (!this.#answered && !this.#fresh && this.#query.stale) return;
    if (!this.#answered && this.#after !== undefined) {
      const point = this.#query.resumePoint(this.#after);
      if (!this.#outlet.send(messages.resumed(this.id, point !== undefined))) return;
      this.#sent = point;
    }
    this.#answered = true;
    if (this.#sent === newest || this.#throttled()) return;
    const body = this.#sent === undefined ? undefined : this.#query.deltaBodySince(this.#sent);
    const text =
      body === undefined ? messages.snapshot(this.id, this.#query.snapshotBody()) : messages.delta(this.id, body);
    if (!this.#outlet.send(text)) return;
    this.#sent = newest;
    this.#sentAtMs = this.#clock.nowMs();
  }

  failed(error: unknown): void {
    if (this.#ended) return;
    this.#finish();
    this.#outlet.sendLast(messages.failure(error, this.id));
    this.#outlet.sendLast(messages.complete(this.id));
    this.#onEnd();
    this.#onLeave(this.#query);
  }

  close(): void {
    this.#finish();
    this.#query.readers.delete(this);
    this.#onLeave(this.#query);
  }

  #finish(): void {
    this.#ended = true;
    this.#cancelTimer?.();
  }

  #throttled(): boolean {
    if (this.#throttleMs === 0 || this.#sent === undefined) return false;
    const waitMs = this.#sentAtMs + this.#throttleMs - this.#clock.nowMs();
    if (waitMs <= 0) return false;
    this.#cancelTimer ??= this.#clock.after(waitMs, () => {
      this.#cancelTimer = undefined;
      this.flush();
    });
    return true;
  }
}
