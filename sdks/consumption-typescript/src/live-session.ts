// The one WebSocket of a client: opens with the first subscription, reconnects with jitter, notices a dead peer, closes when idle.
import { LIVE_SUBPROTOCOL, type LiveClientMessage, type LiveServerMessage, liveCloseCodes } from "@moose/openapi";
import { ConsumptionError } from "./errors.ts";
import type { LiveStatus } from "./live-update.ts";
import type { Clock, WebSocketConstructor, WebSocketLike } from "./options.ts";
import { jitteredPauseMs } from "./retry-policy.ts";
import { watchReturn } from "./watch-return.ts";

/** A message about one subscription. */
export type SubscriptionMessage = Extract<
  LiveServerMessage,
  { readonly type: "snapshot" | "delta" | "events" | "resumed" | "complete" | "error" }
>;

/** One subscription, as the session uses it. */
export interface SessionSubscriber {
  /** The message that begins the subscription, or continues it on another socket. */
  subscribeMessage(id: string): Extract<LiveClientMessage, { type: "subscribe" }>;
  message(message: SubscriptionMessage): void;
  /** The connection came or went. `live` here only means that the server was asked. */
  connection(status: LiveStatus, error?: ConsumptionError): void;
  /** The session can do no more for it. */
  failed(error: ConsumptionError): void;
}

export interface SessionParts {
  readonly url: string;
  readonly token: () => Promise<string | undefined>;
  readonly webSocket: () => Promise<WebSocketConstructor>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxReconnectMs: number;
  readonly idleSocketMs: number;
}

const openLimitMs = 10_000;

/**
 *   idle ──add──▶ opening ──ready──▶ open ──(last removed)──▶ idle after idleSocketMs
 *                   ▲  ▲               │
 *                   │  └── waiting ◀───┴──(closed, silent, error)      waiting: jittered pause; ends at once when
 *                   └───────┘                                           the machine is online or the page visible again
 */
export class LiveSession {
  readonly #parts: SessionParts;
  readonly #subscribers = new Map<string, SessionSubscriber>();
  #state: "idle" | "opening" | "open" | "waiting" | "closed" = "idle";
  #socket: WebSocketLike | undefined;
  #timer: unknown;
  #idleTimer: unknown;
  #attempt = 0;
  #nextId = 1;
  #heartbeatMs = 15_000;
  #everOpen = false;
  #stopWatching: (() => void) | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get status(): LiveStatus {
    return this.#state === "open" ? "live" : this.#everOpen ? "reconnecting" : "connecting";
  }

  add(subscriber: SessionSubscriber): string {
    const id = String(this.#nextId++);
    if (this.#state === "closed") {
      subscriber.failed(new ConsumptionError("closed", "The client is closed. Create another one to subscribe."));
      return id;
    }
    this.#subscribers.set(id, subscriber);
    this.#parts.clock.clearTimeout(this.#idleTimer);
    if (this.#state === "open") this.#send(subscriber.subscribeMessage(id));
    else if (this.#state === "idle") this.#open();
    return id;
  }

  remove(id: string): void {
    if (!this.#subscribers.delete(id)) return;
    if (this.#state === "open") this.#send({ type: "unsubscribe", id });
    if (this.#subscribers.size > 0) return;
    this.#parts.clock.clearTimeout(this.#idleTimer);
    this.#idleTimer = this.#parts.clock.setTimeout(() => {
      if (this.#subscribers.size === 0 && this.#state !== "closed") this.#rest("idle");
    }, this.#parts.idleSocketMs);
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#rest("closed");
    const error = new ConsumptionError("closed", "The client was closed.");
    for (const subscriber of [...this.#subscribers.values()]) subscriber.failed(error);
    this.#subscribers.clear();
  }

  #open(): void {
    this.#state = "opening";
    this.#stopWatching ??= watchReturn(() => {
      if (this.#state === "waiting") this.#open();
    });
    this.#startTimer(openLimitMs, () => this.#lost("The server did not answer in time."));
    void this.#connect();
  }

  async #connect(): Promise<void> {
    let socket: WebSocketLike;
    try {
      const [Socket, token] = await Promise.all([this.#parts.webSocket(), this.#parts.token()]);
      if (this.#state !== "opening" || this.#socket) return;
      socket = new Socket(this.#parts.url, LIVE_SUBPROTOCOL);
      this.#socket = socket;
      socket.onopen = () => {
        if (this.#socket === socket) this.#send({ type: "hello", ...(token === undefined ? {} : { token }) });
      };
    } catch (error) {
      if (error instanceof ConsumptionError && !error.retryable) this.#giveUp(error);
      else this.#lost("The connection could not be made.", error);
      return;
    }
    socket.onmessage = (event: { data: unknown }) => {
      if (this.#socket === socket) this.#received(event.data);
    };
    socket.onclose = (event: { code: number; reason: string }) => {
      if (this.#socket === socket) this.#closed(event.code, event.reason);
    };
    // A close always follows an error and says more; without a handler `ws` would throw.
    socket.onerror = () => {};
  }

  #received(data: unknown): void {
    let message: LiveServerMessage;
    try {
      message = JSON.parse(String(data)) as LiveServerMessage;
    } catch (cause) {
      this.#lost("The server sent something that is not JSON.", cause);
      return;
    }
    if (this.#state === "open") this.#watchPeer();
    switch (message.type) {
      case "ready":
        this.#ready(message.heartbeatMs);
        return;
      case "ping":
        this.#send({ type: "pong" });
        return;
      case "pong":
        return;
      default:
        // An error without an id is about the connection; its close follows and is handled there.
        if (typeof message.id === "string") this.#subscribers.get(message.id)?.message(message);
    }
  }

  #ready(heartbeatMs: number): void {
    this.#state = "open";
    this.#everOpen = true;
    this.#attempt = 0;
    this.#heartbeatMs = heartbeatMs;
    this.#watchPeer();
    for (const [id, subscriber] of [...this.#subscribers]) {
      this.#send(subscriber.subscribeMessage(id));
      subscriber.connection("live");
    }
  }

  #watchPeer(): void {
    // The server pings every heartbeat: silence for two of them means that nobody is there.
    this.#startTimer(2 * this.#heartbeatMs, () => this.#lost("The server fell silent."));
  }

  #closed(code: number, reason: string): void {
    const why = `The connection was closed (${code}${reason ? `, ${reason}` : ""}).`;
    if (code === liveCloseCodes.unauthorized) {
      this.#giveUp(new ConsumptionError("unauthorized", `${why} Check the token.`, { status: 401 }));
    } else this.#lost(why);
  }

  #lost(why: string, cause?: unknown): void {
    this.#dropSocket();
    this.#parts.clock.clearTimeout(this.#timer);
    if (this.#subscribers.size === 0) {
      this.#rest("idle");
      return;
    }
    this.#state = "waiting";
    const error = new ConsumptionError("connection_failed", why, {
      retryable: true,
      cause,
      attempts: this.#attempt + 1,
    });
    const pauseMs = jitteredPauseMs(this.#attempt++, this.#parts.random, this.#parts.maxReconnectMs);
    this.#startTimer(pauseMs, () => this.#open());
    for (const subscriber of [...this.#subscribers.values()]) subscriber.connection("reconnecting", error);
  }

  #giveUp(error: ConsumptionError): void {
    const subscribers = [...this.#subscribers.values()];
    this.#subscribers.clear();
    this.#rest("idle");
    for (const subscriber of subscribers) subscriber.failed(error);
  }

  #rest(state: "idle" | "closed"): void {
    this.#state = state;
    this.#everOpen = false;
    this.#attempt = 0;
    this.#parts.clock.clearTimeout(this.#timer);
    this.#parts.clock.clearTimeout(this.#idleTimer);
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#dropSocket();
  }

  #dropSocket(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    try {
      socket?.close(1000);
    } catch {
      // Closing a socket that is still connecting throws in some runtimes; it is dropped either way.
    }
  }

  #startTimer(delayMs: number, run: () => void): void {
    this.#parts.clock.clearTimeout(this.#timer);
    this.#timer = this.#parts.clock.setTimeout(run, delayMs);
  }

  #send(message: LiveClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }
}
