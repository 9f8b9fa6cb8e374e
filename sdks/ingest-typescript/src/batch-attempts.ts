// One batch, attempt after attempt, until it is answered, not to be tried again as it is, or called off.
import type { Batch } from "./batch.ts";
import type { Clock } from "./clock.ts";
import type { FailedOutcome } from "./delivery-report.ts";
import type { KeepaliveQuota } from "./keepalive-quota.ts";
import { type Outcome, type PostSettings, postBatch } from "./post-batch.ts";
import { actionAfter, parseRetryAfterMs, type RetryPolicy, retryDelayMs } from "./retry-policy.ts";

export interface AttemptSettings {
  readonly post: PostSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly attemptTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly quota: KeepaliveQuota;
}

export interface AttemptHandlers {
  /** It will be tried again. */
  readonly onRetry: () => void;
  /** The same, and our credentials are the reason. */
  readonly onHold: (batch: Batch, outcome: FailedOutcome) => void;
}

export class BatchAttempts {
  readonly #settings: AttemptSettings;
  readonly #handlers: AttemptHandlers;
  /** What ends each wait between two attempts. */
  readonly #waits = new Set<() => void>();

  constructor(settings: AttemptSettings, handlers: AttemptHandlers) {
    this.#settings = settings;
    this.#handlers = handlers;
  }

  /** The outcome after which there is nothing more to try; undefined when the signal called it off. */
  async run(batch: Batch, signal: AbortSignal, firstIsKeepalive: boolean): Promise<Outcome | undefined> {
    const { quota } = this.#settings;
    let keepalive = firstIsKeepalive && quota.tryTake(batch.body.length);
    while (!signal.aborted) {
      batch.attempts++;
      const outcome = await this.#attempt(batch, signal, keepalive);
      if (keepalive) quota.giveBack(batch.body.length);
      keepalive = false;
      if (outcome.kind === "answered") return outcome;
      if (signal.aborted) return undefined;
      const delayMs = this.#delayBeforeRetryMs(batch, outcome);
      if (delayMs === undefined) return outcome;
      this.#handlers.onRetry();
      await this.#wait(delayMs, signal);
    }
    return undefined;
  }

  /** One attempt that outlives the page, if the quota allows; nobody hears of its outcome. */
  postOnce(batch: Batch): void {
    const { quota, post } = this.#settings;
    if (!quota.tryTake(batch.body.length)) return;
    void postBatch(batch, { ...post, keepalive: true }).then(() => quota.giveBack(batch.body.length));
  }

  /** Waits between attempts end. */
  retryNow(): void {
    for (const end of [...this.#waits]) end();
  }

  async #attempt(batch: Batch, signal: AbortSignal, keepalive: boolean): Promise<Outcome> {
    const attempt = new AbortController();
    const stop = (): void => attempt.abort();
    const timer = this.#settings.clock.after(this.#settings.attemptTimeoutMs, stop);
    signal.addEventListener("abort", stop);
    try {
      return await postBatch(batch, { ...this.#settings.post, signal: attempt.signal, keepalive });
    } finally {
      timer.cancel();
      signal.removeEventListener("abort", stop);
    }
  }

  /** Undefined when it is not to be tried again as it is. */
  #delayBeforeRetryMs(batch: Batch, outcome: FailedOutcome): number | undefined {
    const { clock, retry, random } = this.#settings;
    const action = actionAfter(outcome);
    if (action === "split" || action === "refuse") return undefined;
    if (action === "hold") this.#handlers.onHold(batch, outcome);
    const retryAfterMs = parseRetryAfterMs(outcome.headers, clock.nowMs());
    const delayMs = retryDelayMs(retry, batch.attempts, retryAfterMs, random);
    return clock.monotonicMs() + delayMs - batch.createdAtMs > retry.giveUpAfterMs ? undefined : delayMs;
  }

  #wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener("abort", done);
        this.#waits.delete(done);
        resolve();
      };
      const timer = this.#settings.clock.after(ms, done);
      signal.addEventListener("abort", done);
      this.#waits.add(done);
    });
  }
}
