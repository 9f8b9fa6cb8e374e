// All distinct live queries: found by name and request, kept a while after their last reader, begun anew when their definition changes.
import { randomBytes } from "node:crypto";
import { MooseError } from "../model/errors.ts";
import type { QueryRequest } from "../model/query-request.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import { canonicalJson } from "./canonical-json.ts";
import { DistinctQuery } from "./distinct-query.ts";
import type { LiveClock, LiveLimits } from "./live-limits.ts";
import { QueryRounds } from "./query-rounds.ts";

export interface QueryRegistryOptions {
  readonly catalog: Catalog;
  readonly queries: QueryRunner;
  readonly progress: TableProgress;
  readonly limits: LiveLimits;
  readonly clock: LiveClock;
  readonly log: Log;
  readonly onRound?: (evaluated: number, elapsedMs: number) => void;
}

export class QueryRegistry {
  readonly #options: QueryRegistryOptions;
  readonly #queries = new Map<string, DistinctQuery>();
  readonly #rounds = new Map<string, QueryRounds>();
  readonly #lingering = new Map<DistinctQuery, () => void>();

  constructor(options: QueryRegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#queries.size;
  }

  /** The query, to be given readers now. Throws MooseError `unknown_query`, `invalid_query`, `limit_exceeded`. */
  acquire(name: string, request: QueryRequest): DistinctQuery {
    const { limits } = this.#options;
    if ((request.limit ?? 0) > limits.rowsPerQuery) {
      throw new MooseError(
        "invalid_query",
        `A live query may hold at most ${limits.rowsPerQuery} rows, so limit cannot be ${request.limit}.`,
        {
          extra: { path: "/limit" },
        },
      );
    }
    const key = canonicalJson([name, request]);
    let query = this.#queries.get(key);
    if (!query) {
      if (this.#queries.size >= limits.distinctQueries) {
        throw new MooseError(
          "limit_exceeded",
          `The server follows ${limits.distinctQueries} different live queries already. Try again later.`,
        );
      }
      query = this.#create(name, request);
      this.#queries.set(key, query);
    }
    this.#lingering.get(query)?.();
    this.#lingering.delete(query);
    return query;
  }

  /** Call after a reader was added: a state that is missing or stale is then made. */
  attend(query: DistinctQuery): void {
    this.#roundsOf(query.table).wake();
  }

  /** Call after a reader left. */
  release(query: DistinctQuery): void {
    if (query.readers.size > 0 || this.#lingering.has(query)) return;
    const key = canonicalJson([query.name, query.request]);
    if (this.#queries.get(key) !== query) return;
    const cancel = this.#options.clock.after(this.#options.limits.lingerMs, () => {
      this.#lingering.delete(query);
      this.#drop(key, query);
    });
    this.#lingering.set(query, cancel);
  }

  committed(table: string): void {
    this.#rounds.get(table)?.committed();
  }

  /** Queries that are gone fail their readers; readers of those whose definition changed move to a new one. */
  catalogChanged(): void {
    for (const [key, query] of [...this.#queries]) {
      try {
        if (this.#definition(query.name) === query.definition) continue;
        this.#drop(key, query);
        const next = this.#create(query.name, query.request);
        this.#queries.set(key, next);
        for (const reader of [...query.readers]) reader.moved(next);
        this.attend(next);
        this.release(next);
      } catch (error) {
        this.#drop(key, query);
        query.fail(error);
      }
    }
  }

  async close(): Promise<void> {
    for (const cancel of this.#lingering.values()) cancel();
    await Promise.all([...this.#rounds.values()].map((rounds) => rounds.close()));
  }

  #create(name: string, request: QueryRequest): DistinctQuery {
    const table = this.#options.queries.sourceTable(name);
    const mark = randomBytes(6).toString("base64url");
    const query = new DistinctQuery(
      { name, request, table, definition: this.#definition(name), mark },
      this.#options.limits,
    );
    this.#roundsOf(table).members.add(query);
    return query;
  }

  #drop(key: string, query: DistinctQuery): void {
    this.#lingering.get(query)?.();
    this.#lingering.delete(query);
    this.#queries.delete(key);
    this.#rounds.get(query.table)?.members.delete(query);
  }

  /** Text that differs when the query's answer may have another shape. Throws `unknown_query`. */
  #definition(name: string): string {
    const table = this.#options.queries.sourceTable(name);
    const { aggregations } = this.#options.catalog.state;
    const model = this.#modelOf(table);
    return canonicalJson([aggregations.get(name), model?.core.schemaId, model?.stream]);
  }

  #modelOf(table: string) {
    return [...this.#options.catalog.state.models.values()].find((model) => model.table === table);
  }

  #roundsOf(table: string): QueryRounds {
    let rounds = this.#rounds.get(table);
    if (!rounds) {
      rounds = new QueryRounds({ ...this.#options, table, stream: () => this.#modelOf(table)?.stream });
      this.#rounds.set(table, rounds);
    }
    return rounds;
  }
}
