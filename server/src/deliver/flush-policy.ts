// When the writer inserts: pure policy, no clock and no queue in it.
import type { ModelSpec } from "@moose/core";

export interface FlushLimits {
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
}

export const defaultFlushLimits: FlushLimits = { rows: 100_000, bytes: 8 * 1024 * 1024, ms: 100 };

/** Undefined: a model that is no longer served, whose stream is still being emptied. */
export function flushLimits(spec: ModelSpec | undefined): FlushLimits {
  return { ...defaultFlushLimits, ...spec?.flush };
}

export interface Backlog {
  readonly rows: number;
  readonly bytes: number;
  /** Since the last insert of this partition began; infinite when there was none. */
  readonly sinceLastInsertMs: number;
  /** How long that insert took; 0 when there was none. */
  readonly lastInsertTookMs: number;
}

/** Below this part of a full block, what an insert costs whatever its size would weigh more than what its events cost. */
const PART_WORTH_AN_INSERT = 1 / 16;
/** Of the time, ClickHouse then has a third without an insert of this partition: to merge, and to answer queries. */
const APART_IN_INSERTS = 1.5;

/**
 * How long to wait before the next insert, in ms; 0 is now.
 *
 * A full block goes at once. Otherwise inserts of one partition begin at least `ms` apart: each makes a part that
 * ClickHouse has to merge, and it slows inserts down at 1,000 active parts of a table. After a pause of `ms` or more the first event goes
 * at once, so light load has no added latency, and under steady load an event waits for at most `ms`. When much has gathered before `ms` is
 * over, it goes as soon as the last insert has paid for itself: a machine that is busy takes longer for each and so has fewer, larger ones.
 */
export function msUntilFlush(backlog: Backlog, limits: FlushLimits): number {
  if (isFull(backlog, limits)) return 0;
  const apartMs = isWorthAnInsert(backlog, limits)
    ? Math.min(limits.ms, APART_IN_INSERTS * backlog.lastInsertTookMs)
    : limits.ms;
  return Math.max(0, apartMs - backlog.sinceLastInsertMs);
}

export function isFull(backlog: Pick<Backlog, "rows" | "bytes">, limits: FlushLimits): boolean {
  return backlog.rows >= limits.rows || backlog.bytes >= limits.bytes;
}

function isWorthAnInsert({ rows, bytes }: Backlog, limits: FlushLimits): boolean {
  return rows >= limits.rows * PART_WORTH_AN_INSERT || bytes >= limits.bytes * PART_WORTH_AN_INSERT;
}
