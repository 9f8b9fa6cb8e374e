// One socket: hello, subscriptions, heartbeat, rate and backpressure.
import { liveCloseCodes } from "@moose/openapi";
import { MooseError } from "../model/errors.ts";
import type { LiveConnection, LiveSocket } from "../ports/live-socket.ts";
import type { LiveClock, LiveLimits } from "./live-limits.ts";
import { type ClientMessage, parseClientMessage, type SubscribeMessage } from "./parse-client-message.ts";
import * as messages from "./server-messages.ts";
import type { Outlet, Subscription } from "./subscription.ts";

/** What the connection needs from the hub. */
export interface ConnectionHost {
  /** Begins a subscription. It may already have sent, or throws MooseError. `onEnd`: the server ended it. */
  subscribe(message: SubscribeMessage, outlet: Outlet, onEnd: () => void): Subscription;
  /** The socket is gone. */
  forget(connection: Connection): void;
}

/**
 *   open ──hello──▶ ready ──(peer, limit, heartbeat, shutdown)──▶ closed
 *     └──(no hello in time, anything but hello)──────────────────────┘
 */
export class Connection implements LiveConnection, Outlet {
  readonly subscriptions = new Map<string, Subscription>();
  readonly #socket: LiveSocket;
  readonly #host: ConnectionHost;
  readonly #limits: LiveLimits;
  readonly #clock: LiveClock;
  readonly #session: string;
  #state: "open" | "ready" | "closed" = "open";
  #heardAtMs: number;
  #pingedAtMs: number;
  #slowSinceMs: number | undefined;
  #allowance: number;
  #allowanceAtMs: number;

  constructor(socket: LiveSocket, host: ConnectionHost, limits: LiveLimits, clock: LiveClock, session: string) {
    this.#socket = socket;
    this.#host = host;
    this.#limits = limits;
    this.#clock = clock;
    this.#session = session;
    this.#heardAtMs = this.#pingedAtMs = this.#allowanceAtMs = clock.nowMs();
    this.#allowance = limits.messagesPerSecond * 10;
  }

  message(text: string): void {
    if (this.#state === "closed") return;
    this.#heardAtMs = this.#clock.nowMs();
    if (text.length > this.#limits.messageBytes) {
      this.#refuse(
        new MooseError("limit_exceeded", `A message may have at most ${this.#limits.messageBytes} bytes.`),
        liveCloseCodes.limitExceeded,
      );
      return;
    }
    if (!this.#withinRate()) {
      this.#refuse(
        new MooseError(
          "too_many_requests",
          `At most ${this.#limits.messagesPerSecond} messages a second. Reconnect and send fewer.`,
        ),
        liveCloseCodes.limitExceeded,
      );
      return;
    }
    let message: ClientMessage;
    try {
      message = parseClientMessage(text, this.#limits.maxThrottleMs);
    } catch (error) {
      const id = error instanceof MooseError ? error.extra.id : undefined;
      if (this.#state === "ready" && typeof id === "string") {
        this.sendLast(messages.failure(error, id));
        return;
      }
      this.#refuse(error, liveCloseCodes.badMessage);
      return;
    }
    if (this.#state === "open" && message.type !== "hello" && message.type !== "ping" && message.type !== "pong") {
      this.#refuse(new MooseError("invalid_message", "Say hello first."), liveCloseCodes.badMessage);
      return;
    }
    this.#handle(message);
  }

  drained(): void {
    if (this.#state === "closed" || !this.ready()) return;
    for (const subscription of [...this.subscriptions.values()]) {
      subscription.flush();
      if (!this.ready()) return;
    }
  }

  closed(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    for (const subscription of this.subscriptions.values()) subscription.close();
    this.subscriptions.clear();
    this.#host.forget(this);
  }

  /** Ends the connection from this side. */
  end(code: number, reason: string): void {
    if (this.#state === "closed") return;
    this.closed();
    this.#socket.close(code, reason);
  }

  /** Called about once a second: heartbeat, hello and slow-reader limits. */
  sweep(): void {
    const { heartbeatMs, helloMs, slowMs } = this.#limits;
    const now = this.#clock.nowMs();
    if (this.#state === "open" && now - this.#pingedAtMs > helloMs) {
      this.end(liveCloseCodes.unauthorized, "no hello in time");
      return;
    }
    if (now - this.#heardAtMs > 2 * heartbeatMs) {
      this.end(liveCloseCodes.heartbeatLost, "no answer to pings");
      return;
    }
    if (this.#state === "ready" && now - this.#pingedAtMs >= heartbeatMs) {
      this.#pingedAtMs = now;
      // In the buffer of a slow reader a ping would only be one thing more.
      if (this.ready()) this.sendLast(messages.ping);
    }
    if (this.#slowSinceMs !== undefined) {
      if (this.ready()) this.drained();
      else if (now - this.#slowSinceMs > slowMs) this.end(liveCloseCodes.slowConsumer, "the client reads too slowly");
    }
  }

  ready(): boolean {
    if (this.#state === "closed") return false;
    const ready = this.#socket.bufferedBytes() <= this.#limits.bufferedBytes;
    if (ready) this.#slowSinceMs = undefined;
    else this.#slowSinceMs ??= this.#clock.nowMs();
    return ready;
  }

  send(text: string): boolean {
    if (this.#state === "closed") return false;
    if (this.#socket.send(text) !== "dropped") return true;
    // Nothing waits and still it does not fit: it never will.
    if (this.#socket.bufferedBytes() === 0)
      this.end(liveCloseCodes.slowConsumer, "a message is larger than the socket takes");
    else this.#slowSinceMs ??= this.#clock.nowMs();
    return false;
  }

  sendLast(text: string): void {
    if (this.#state !== "closed") this.#socket.send(text);
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case "hello":
        if (this.#state === "open") {
          this.#state = "ready";
          this.sendLast(messages.ready(this.#session, this.#limits.heartbeatMs));
        }
        return;
      case "ping":
        this.sendLast(messages.pong);
        return;
      case "pong":
        return;
      case "unsubscribe": {
        const subscription = this.subscriptions.get(message.id);
        if (!subscription) return;
        this.subscriptions.delete(message.id);
        subscription.close();
        this.sendLast(messages.complete(message.id));
        return;
      }
      case "subscribe":
        this.#subscribe(message);
        return;
    }
  }

  #subscribe(message: SubscribeMessage): void {
    const { id } = message;
    try {
      if (this.subscriptions.has(id)) {
        throw new MooseError(
          "invalid_message",
          `The subscription ${JSON.stringify(id)} exists. Choose another id, or unsubscribe first.`,
        );
      }
      if (this.subscriptions.size >= this.#limits.subscriptionsPerSocket) {
        throw new MooseError(
          "limit_exceeded",
          `A socket may have at most ${this.#limits.subscriptionsPerSocket} subscriptions.`,
        );
      }
      const subscription = this.#host.subscribe(message, this, () => this.subscriptions.delete(id));
      this.subscriptions.set(id, subscription);
      subscription.flush();
    } catch (error) {
      this.sendLast(messages.failure(error, id));
    }
  }

  #refuse(error: unknown, code: number): void {
    this.sendLast(messages.failure(error));
    this.end(code, error instanceof MooseError ? error.code : "internal");
  }

  #withinRate(): boolean {
    const { messagesPerSecond } = this.#limits;
    const now = this.#clock.nowMs();
    const refill = ((now - this.#allowanceAtMs) / 1_000) * messagesPerSecond;
    this.#allowance = Math.min(messagesPerSecond * 10, this.#allowance + refill) - 1;
    this.#allowanceAtMs = now;
    return this.#allowance >= 0;
  }
}
