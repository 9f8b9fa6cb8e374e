// What live queries and event subscriptions have in common: their place in the session, trying again, ending.
import type { LiveClientMessage, LiveServerMessage, Problem } from "@moose/openapi";
import { ConsumptionError } from "./errors.ts";
import { aborted } from "./http-call.ts";
import type { LiveSession, SessionSubscriber, SubscriptionMessage } from "./live-session.ts";
import type { LiveStatus } from "./live-update.ts";
import type { Clock } from "./options.ts";
import { jitteredPauseMs } from "./retry-policy.ts";

type SubscribeMessage = Extract<LiveClientMessage, { type: "subscribe" }>;
type DataMessage = Extract<LiveServerMessage, { type: "snapshot" | "delta" | "events" | "resumed" }>;

export interface LifeOwner {
  subscribeMessage(id: string): SubscribeMessage;
  data(message: DataMessage): void;
  statusChanged(status: LiveStatus, error?: ConsumptionError): void;
  ended(error?: ConsumptionError): void;
}

export interface LifeParts {
  readonly session: LiveSession;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
}

export class SubscriptionLife implements SessionSubscriber {
  readonly #owner: LifeOwner;
  readonly #parts: LifeParts;
  #id: string | undefined;
  #ended = false;
  #failures = 0;
  #retryTimer: unknown;
  readonly #onAbort = () => this.end(aborted(this.#parts.signal!));

  constructor(owner: LifeOwner, parts: LifeParts) {
    this.#owner = owner;
    this.#parts = parts;
  }

  start(): void {
    if (this.#ended || this.#id !== undefined) return;
    const { signal } = this.#parts;
    if (signal?.aborted) {
      this.end(aborted(signal));
      return;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#id = this.#parts.session.add(this);
  }

  /** Leaves the session without ending; `start` comes back. */
  pause(): void {
    if (this.#id === undefined) return;
    this.#parts.session.remove(this.#id);
    this.#id = undefined;
    this.#parts.signal?.removeEventListener("abort", this.#onAbort);
  }

  end(error?: ConsumptionError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.clock.clearTimeout(this.#retryTimer);
    this.pause();
    this.#owner.ended(error);
  }

  subscribeMessage(id: string): SubscribeMessage {
    return this.#owner.subscribeMessage(id);
  }

  connection(status: LiveStatus, error?: ConsumptionError): void {
    if (status !== "live") this.#owner.statusChanged(status, error);
  }

  failed(error: ConsumptionError): void {
    this.#id = undefined;
    this.end(error.code === "closed" ? undefined : error);
  }

  message(message: SubscriptionMessage): void {
    if (this.#ended) return;
    if (message.type === "error") this.#refused(fromProblem(message.problem));
    else if (message.type === "complete") this.end();
    else {
      this.#failures = 0;
      this.#owner.data(message as DataMessage);
    }
  }

  #refused(error: ConsumptionError): void {
    if (!error.retryable) {
      this.end(error);
      return;
    }
    this.pause();
    this.#owner.statusChanged("reconnecting", error);
    const pauseMs = 100 + jitteredPauseMs(++this.#failures, this.#parts.random);
    this.#retryTimer = this.#parts.clock.setTimeout(() => this.start(), pauseMs);
  }
}

function fromProblem(problem: Problem): ConsumptionError {
  const retryable = problem.status >= 500 || problem.status === 429;
  return new ConsumptionError(problem.code, problem.detail ?? problem.title, {
    status: problem.status,
    retryable,
    problem,
  });
}
