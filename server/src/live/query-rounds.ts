// Evaluates the live queries of one table in rounds: woken by commits, one round at a time, exact at a position.

import { errorKinds, MooseError } from "../model/errors.ts";
import { encodePosition, type Position } from "../model/position.ts";
import type { NamedQueryResult, QueryRunner } from "../ports/query-runner.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import type { DistinctQuery } from "./distinct-query.ts";
import type { LiveClock, LiveLimits } from "./live-limits.ts";

/** Inserts wait during a round, so a round evaluates only so many queries, and then rests as long as it took. */
const queriesPerRound = 8;
const maxRestMs = 1_000;
const maxRetryMs = 30_000;

export interface QueryRoundsOptions {
  readonly table: string;
  /** The stream whose offsets say how far the table is. */
  readonly stream: () => string | undefined;
  readonly queries: QueryRunner;
  readonly progress: TableProgress;
  readonly limits: LiveLimits;
  readonly clock: LiveClock;
  readonly log: Log;
  readonly onRound?: (evaluated: number, elapsedMs: number) => void;
}

/**
 *   idle ──wake──▶ running ──▶ resting ──▶ running (while a query with readers is stale) ──▶ idle
 * Wakes during a round or a rest are remembered by the queries' `stale`, so commits faster than evaluation coalesce.
 */
export class QueryRounds {
  readonly members = new Set<DistinctQuery>();
  readonly #options: QueryRoundsOptions;
  #busy = false;
  #closed = false;
  #retryMs = 0;
  #round: Promise<void> = Promise.resolve();
  #cancelRest: (() => void) | undefined;

  constructor(options: QueryRoundsOptions) {
    this.#options = options;
  }

  committed(): void {
    for (const query of this.members) query.stale = true;
    this.wake();
  }

  wake(): void {
    if (this.#busy || this.#closed) return;
    const due = [...this.members].filter((query) => query.stale && query.readers.size > 0).slice(0, queriesPerRound);
    if (due.length === 0) return;
    this.#busy = true;
    this.#round = this.#run(due);
  }

  /** Ends after the round under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRest?.();
    await this.#round;
  }

  async #run(due: readonly DistinctQuery[]): Promise<void> {
    const { clock, onRound } = this.#options;
    const beganMs = clock.nowMs();
    const failed = await this.#evaluate(due);
    const elapsedMs = clock.nowMs() - beganMs;
    onRound?.(due.length, elapsedMs);
    this.#retryMs = failed ? Math.min(Math.max(this.#retryMs * 2, this.#options.limits.retryMs), maxRetryMs) : 0;
    if (this.#closed) return;
    // The first result of a newcomer need not wait for the rest of others, but inserts must get their turn.
    this.#cancelRest = clock.after(Math.max(this.#retryMs, Math.min(elapsedMs, maxRestMs)), () => {
      this.#busy = false;
      this.wake();
    });
  }

  /** True when the world failed and the queries must be tried again. */
  async #evaluate(due: readonly DistinctQuery[]): Promise<boolean> {
    const { table, progress, limits } = this.#options;
    let outcomes: readonly (readonly [DistinctQuery, NamedQueryResult | { readonly error: unknown }])[] = [];
    let position = "";
    try {
      outcomes = await progress.atPosition(table, async (exact) => {
        position = this.#token(exact);
        const signal = AbortSignal.timeout(limits.evaluateMs);
        return Promise.all(
          due.map(async (query) => {
            query.stale = false;
            try {
              return [query, await this.#options.queries.run(query.name, query.request, { signal })] as const;
            } catch (error) {
              return [query, { error }] as const;
            }
          }),
        );
      });
    } catch (error) {
      outcomes = due.map((query) => [query, { error }] as const);
    }
    let mustRetry = false;
    for (const [query, outcome] of outcomes) {
      // Forgotten meanwhile (its definition changed): its readers belong to another.
      if (!this.members.has(query)) continue;
      if ("error" in outcome) mustRetry = this.#failed(query, outcome.error) || mustRetry;
      else query.apply(outcome, position);
    }
    return mustRetry;
  }

  #failed(query: DistinctQuery, error: unknown): boolean {
    const operational = error instanceof MooseError && errorKinds[error.code] === "operational";
    query.stale = true;
    this.#options.log.warn("a live query could not be evaluated", {
      query: query.name,
      reason: error instanceof Error ? error.message : String(error),
      willRetry: operational && query.sequence !== undefined,
    });
    // A reader without a state is told at once; readers with one keep it while the world recovers.
    if (operational && query.sequence !== undefined) return true;
    query.fail(error);
    return false;
  }

  #token(position: Position): string {
    const stream = this.#options.stream();
    const offsets = stream === undefined ? undefined : position.get(stream);
    return encodePosition(stream !== undefined && offsets ? new Map([[stream, offsets]]) : position);
  }
}
