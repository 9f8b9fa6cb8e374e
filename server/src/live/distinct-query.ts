// The state of one distinct query (name and request), however many subscribe: its rows, its recent changes, its readers.

import type { QueryRequest } from "../model/query-request.ts";
import type { Column } from "../ports/database.ts";
import type { NamedQueryResult } from "../ports/query-runner.ts";
import { DeltaRing } from "./delta-ring.ts";
import { diffRows, isEmptyChange, type KeyedRows, keyRows } from "./diff-rows.ts";
import type { LiveLimits } from "./live-limits.ts";
import { snapshotBody } from "./server-messages.ts";

/** One subscription, as the query sees it. */
export interface QueryReader {
  /** The state moved on: send when the reader is ready for it. */
  advanced(): void;
  /** The query's definition changed: read from another one, beginning with a snapshot. */
  moved(to: DistinctQuery): void;
  /** The query can no longer be answered; the reader is already forgotten. */
  failed(error: unknown): void;
}

/**
 *   waiting ──apply──▶ current ──(commit)──▶ stale ──apply──▶ current
 *      └──────────────────── fail ───────────────┴──▶ readers are told, and forgotten
 */
export class DistinctQuery {
  readonly name: string;
  readonly request: QueryRequest;
  readonly table: string;
  /** Definition that the state was made with: another one begins anew. */
  readonly definition: string;
  readonly readers = new Set<QueryReader>();
  /** The rows may not be those of the newest commit: set on a commit, cleared when an evaluation begins. */
  stale = true;
  #columns: readonly Column[] = [];
  #key: readonly string[] = [];
  #rows: KeyedRows = new Map();
  #ring: DeltaRing | undefined;
  #snapshot: string | undefined;
  readonly #mark: string;
  readonly #limits: LiveLimits;

  /** `mark` tells this query's tokens from those of an earlier life of the same query, perhaps under another definition. */
  constructor(
    query: { name: string; request: QueryRequest; table: string; definition: string; mark: string },
    limits: LiveLimits,
  ) {
    this.name = query.name;
    this.request = query.request;
    this.table = query.table;
    this.definition = query.definition;
    this.#mark = query.mark;
    this.#limits = limits;
  }

  /** Number of the state that a snapshot would show; undefined before the first result. */
  get sequence(): number | undefined {
    return this.#ring?.sequence;
  }

  /** Takes the exact result at a position. Changes nothing that readers see when no row differs. */
  apply(result: NamedQueryResult, position: string): void {
    const token = `${position}.${this.#mark}`;
    const keyIndexes = result.key.map((name) => result.columns.findIndex((column) => column.name === name));
    const rows = keyRows(result.rows, keyIndexes);
    if (!this.#ring) {
      this.#columns = result.columns;
      this.#key = result.key;
      this.#ring = new DeltaRing(this.#limits.ringDeltas, this.#limits.ringChars, 0, token);
    } else {
      const changes = diffRows(this.#rows, rows);
      if (!isEmptyChange(changes)) this.#ring.push(changes, token);
    }
    if (this.#ring.token === token) {
      this.#rows = rows;
      this.#snapshot = undefined;
    }
    for (const reader of this.readers) reader.advanced();
  }

  fail(error: unknown): void {
    const readers = [...this.readers];
    this.readers.clear();
    for (const reader of readers) reader.failed(error);
  }

  /** The shared part of a snapshot of the newest state, encoded once. */
  snapshotBody(): string {
    this.#snapshot ??= snapshotBody(
      `"columns":${JSON.stringify(this.#columns)},"key":${JSON.stringify(this.#key)}`,
      this.#rows.values(),
      this.#ring?.token ?? "",
    );
    return this.#snapshot;
  }

  /** The shared part of a delta from a state to the newest; undefined when that state is no longer held. */
  deltaBodySince(sequence: number): string | undefined {
    return this.#ring?.bodySince(sequence);
  }

  /** Number of the state that a client saw last, if it can go on from there. */
  resumePoint(token: string): number | undefined {
    return this.#ring?.find(token);
  }
}
