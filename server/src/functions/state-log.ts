// The keyed state of one partition: in memory, and in a stream of its own that is written in one commit with the progress.

import type { NewRecords, RecordBatch } from "../model/record-batch.ts";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { StateChange } from "./runtime/slice.ts";

/**
 *   {"first":100,"last":160,"part":0,"set":{"k:SFO":"{…}"},"gone":["k:LAX"]}      what the events [first, last) changed
 *   {"snapshot":160,"part":0,"of":2,"set":{…}}                            everything, as it was when `snapshot` was committed
 *
 * Read from the last snapshot on, these give the state. What reaches beyond the committed offset was written by a process that died
 * before its commit; of two records whose ranges overlap the later counts. A range may be empty (time went on without an event): it
 * overlaps nothing, and counts in its turn.
 */
interface ChangeRow {
  readonly first: number;
  readonly last: number;
  /** A row holds no more than a broker takes: many changes are several rows. */
  readonly part: number;
  readonly set: Readonly<Record<string, string>>;
  readonly gone: readonly string[];
}

interface SnapshotRow {
  readonly snapshot: number;
  readonly part: number;
  readonly of: number;
  readonly set: Readonly<Record<string, string>>;
}

const STATE_SCHEMA = "function-state-1";
const READ_LIMIT = { maxBytes: 8 * 1024 * 1024, maxRecords: 100_000 };
const PART_BYTES = 256 * 1024;
/** Of one append of a snapshot: one that is larger goes in several. */
const APPEND_PARTS = 16;
/** A snapshot is written when the changes since the last one are this many times larger than it would be. */
const GROWTH = 4;
const SMALLEST_BYTES = 1024 * 1024;

export interface StateAppend {
  readonly stream: string;
  readonly partition: number;
  readonly records: NewRecords;
}

export class StateLog {
  readonly #log: StreamLog;
  readonly #stream: string;
  readonly #partition: number;
  readonly #entries = new Map<string, string>();
  #entryBytes = 0;
  #changeBytes = 0;

  private constructor(log: StreamLog, stream: string, partition: number) {
    this.#log = log;
    this.#stream = stream;
    this.#partition = partition;
  }

  /**
   * The state as it was when everything below `committed` was done. Frees what the state does not need: a process may have died between a
   * snapshot and that; and before the first commit all of it, which a group left that was forgotten since.
   */
  static async open(log: StreamLog, stream: string, partition: number, committed: number): Promise<StateLog> {
    const state = new StateLog(log, stream, partition);
    const needed = committed === 0 ? log.endOffset(stream, partition) : await state.#restore(committed);
    if (needed > log.startOffset(stream, partition)) await log.trim(stream, partition, needed);
    return state;
  }

  get entries(): ReadonlyMap<string, string> {
    return this.#entries;
  }

  /** To be appended in the commit of the events [first, last); none when nothing changed. */
  changes(first: number, last: number, changes: readonly StateChange[], nowMs: number): StateAppend[] {
    if (changes.length === 0) return [];
    const set = changes.filter((change): change is readonly [string, string] => change[1] !== null);
    const gone = changes.filter(([, text]) => text === null).map(([entry]) => entry);
    const rows = cutEntries(set).map(
      (part, at): ChangeRow => ({ first, last, part: at, set: part, gone: at === 0 ? gone : [] }),
    );
    return [
      this.#append(
        rows.map((row) => JSON.stringify(row)),
        nowMs,
      ),
    ];
  }

  /** Once the commit is durable. */
  apply(changes: readonly StateChange[]): void {
    for (const [entry, text] of changes) {
      this.#put(entry, text);
      this.#changeBytes += entry.length + (text?.length ?? 0);
    }
  }

  /**
   * Everything, to be appended in this order with the progress `committed`; nothing while the changes are not worth it. It counts once
   * all of it is stored.
   */
  snapshot(committed: number, nowMs: number): StateAppend[] {
    if (this.#changeBytes < SMALLEST_BYTES || this.#changeBytes < GROWTH * this.#entryBytes) return [];
    const parts = cutEntries(this.#entries);
    const rows = parts.map((set, part) =>
      JSON.stringify({ snapshot: committed, part, of: parts.length, set } satisfies SnapshotRow),
    );
    const appends: StateAppend[] = [];
    for (let at = 0; at < rows.length; at += APPEND_PARTS) {
      appends.push(this.#append(rows.slice(at, at + APPEND_PARTS), nowMs));
    }
    return appends;
  }

  /** Once all of a snapshot is durable, which begins at this offset: what is older is not needed any more. */
  async snapshotStored(baseOffset: number): Promise<void> {
    this.#changeBytes = 0;
    await this.#log.trim(this.#stream, this.#partition, baseOffset);
  }

  #append(rows: readonly string[], nowMs: number): StateAppend {
    return { stream: this.#stream, partition: this.#partition, records: recordsOf(rows, STATE_SCHEMA, nowMs) };
  }

  /** Resolves to the offset from which on the stream is needed. */
  async #restore(committed: number): Promise<number> {
    let changes: ChangeRow[] = [];
    let snapshot: SnapshotRow[] = [];
    let parts: SnapshotRow[] = [];
    const begin = this.#log.startOffset(this.#stream, this.#partition);
    let partsBegin = begin;
    let needed = begin;
    // To the end as the log itself has it: what this process knows of it may be older than the progress.
    for (let next = begin; ; ) {
      const batches = await this.#log.read(this.#stream, this.#partition, next, READ_LIMIT);
      const last = batches.at(-1);
      if (last === undefined) break;
      for (const { offset, text } of batches.flatMap(offsetsOf)) {
        const row = JSON.parse(text) as ChangeRow | SnapshotRow;
        if ("snapshot" in row) {
          if (row.part === 0) {
            parts = [];
            partsBegin = offset;
          }
          parts.push(row);
          if (parts.length < row.of || row.snapshot > committed) continue;
          snapshot = parts;
          needed = partsBegin;
          changes = changes.filter(({ first }) => first >= row.snapshot);
        } else {
          while (row.part === 0 && changes.length > 0 && changes.at(-1)!.last > row.first) changes.pop();
          changes.push(row);
        }
      }
      next = last.baseOffset + last.ends.length;
    }
    for (const { set } of snapshot) for (const [entry, text] of Object.entries(set)) this.#put(entry, text);
    for (const { last, set, gone } of changes) {
      if (last > committed) continue;
      this.apply([...Object.entries(set), ...gone.map((entry) => [entry, null] as const)]);
    }
    return needed;
  }

  #put(entry: string, text: string | null): void {
    const before = this.#entries.get(entry);
    if (before !== undefined) this.#entryBytes -= entry.length + before.length;
    if (text === null) {
      this.#entries.delete(entry);
    } else {
      this.#entries.set(entry, text);
      this.#entryBytes += entry.length + text.length;
    }
  }
}

const offsetsOf = (batch: RecordBatch): { offset: number; text: string }[] =>
  rowsOf([batch]).map((text, at) => ({ offset: batch.baseOffset + at, text }));

function cutEntries(entries: Iterable<readonly [string, string]>): Record<string, string>[] {
  const parts: Record<string, string>[] = [{}];
  let bytes = 0;
  for (const [entry, text] of entries) {
    if (bytes > PART_BYTES) {
      parts.push({});
      bytes = 0;
    }
    parts.at(-1)![entry] = text;
    bytes += entry.length + text.length;
  }
  return parts;
}
