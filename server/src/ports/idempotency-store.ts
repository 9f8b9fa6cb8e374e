// Remembers, across restarts, what was answered to an idempotency key. Adapter: lmdb-idempotency.

/**
 *   (nothing) ── before the append ──▶ begun ── after it ──▶ answered
 *
 * A record that is found "begun" after a crash says from which offsets on the log may hold its rows.
 */
export interface IdempotencyRecord {
  /** Of the model, the mode and the body: the same key must come with the same. */
  readonly digest: string;
  readonly beganAtMs: number;
  readonly stream: string;
  /** Next offset of each partition when it began. */
  readonly fromOffsets: readonly number[];
  /** The answer as JSON text; absent while it is only begun. */
  readonly answer?: string;
}

export interface IdempotencyStore {
  /** Undefined when the key is new or older than the window. */
  find(key: string): IdempotencyRecord | undefined;
  /**
   * Durable when it resolves. Records older than the window are removed as new ones come; over the bound on records the oldest go first.
   * Rejects with MooseError `log_unavailable`.
   */
  save(key: string, record: IdempotencyRecord): Promise<void>;
  /** False while the last access failed, and once it is closed. */
  writable(): boolean;
  close(): Promise<void>;
}
