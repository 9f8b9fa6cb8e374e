// Says once that a table takes no inserts, once a minute that it still does not, and once that it does again.

import type { Clock } from "../lib/clock.ts";
import type { Log } from "../telemetry/log.ts";

const REPEAT_MS = 60_000;

interface Failing {
  readonly sinceMs: number;
  saidMs: number;
}

export class Outage {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #failing = new Map<string, Failing>();

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  failed(table: string, reason: string): void {
    const nowMs = this.#clock.nowMs();
    const failing = this.#failing.get(table);
    if (failing !== undefined && nowMs - failing.saidMs < REPEAT_MS) return;
    const { sinceMs } = failing ?? { sinceMs: nowMs };
    this.#failing.set(table, { sinceMs, saidMs: nowMs });
    const message =
      failing === undefined ? "Inserts fail; events wait in the stream and are tried again" : "Inserts still fail";
    this.#log.warn(message, { table, reason, seconds: Math.round((nowMs - sinceMs) / 1000) });
  }

  succeeded(table: string): void {
    const failing = this.#failing.get(table);
    if (failing === undefined) return;
    this.#failing.delete(table);
    this.#log.info("Inserts work again", {
      table,
      seconds: Math.round((this.#clock.nowMs() - failing.sinceMs) / 1000),
    });
  }
}
