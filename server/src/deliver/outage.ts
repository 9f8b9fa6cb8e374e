// Says once that ClickHouse cannot be reached, once a minute that it still cannot, and once that it is back.

import type { Clock } from "../lib/clock.ts";
import type { Log } from "../telemetry/log.ts";

const REPEAT_MS = 60_000;

export class Outage {
  readonly #log: Log;
  readonly #clock: Clock;
  #sinceMs: number | undefined;
  #saidMs = 0;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  failed(table: string, reason: string): void {
    const now = this.#clock.nowMs();
    if (this.#sinceMs !== undefined && now - this.#saidMs < REPEAT_MS) return;
    const first = this.#sinceMs === undefined;
    this.#sinceMs ??= now;
    this.#saidMs = now;
    this.#log.warn(first ? "Inserts fail; events wait in the stream and are tried again" : "Inserts still fail", {
      table,
      reason,
      seconds: Math.round((now - this.#sinceMs) / 1000),
    });
  }

  succeeded(): void {
    if (this.#sinceMs === undefined) return;
    const seconds = Math.round((this.#clock.nowMs() - this.#sinceMs) / 1000);
    this.#sinceMs = undefined;
    this.#log.info("Inserts work again", { seconds });
  }
}
