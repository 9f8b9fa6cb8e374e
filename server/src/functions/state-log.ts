// The keyed state of one partition: in memory, and in a stream of its own that is written in one commit with the progress.

import type { NewRecords } from "../model/record-batch.ts";
import { recordsOf, rowsOf } from "../model/record-rows.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { StateChange } from "./runtime/slice.ts";

/**
 *   {"first":100,"last":160,"part":0,"set":{"k:SFO":"{…}"},"gone":["k:LAX"]}      what the events [first, last) changed
 *   {"snapshot":160,"part":0,"of":2,"set":{…}}                            everything, as it was when `snapshot` was committed
 *
 * Read from the last snapshot on, these give the state. What reaches beyond the committed offset was written by a process that died
 * before its commit; of two records of one range the later counts.
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
/** A snapshot is written when the changes since the last one are this many times larger than it would be. */
const GROWTH = 4;
const SMALLEST_BYTES = 1024 * 1024;

/** Stream of the state that a function keeps of a source stream; it belongs to no model. */
export const stateStream = (name: string, sourceStream: string): string => `_state-${name}.${sourceStream}`;

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

  /** The state as it was when everything below `committed` was done. */
  static async open(log: StreamLog, stream: string, partition: number, committed: number): Promise<StateLog> {
    const state = new StateLog(log, stream, partition);
    await state.#restore(committed);
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

  /** Everything, to be appended with the progress `committed`; undefined while the changes are not worth it. */
  snapshot(committed: number, nowMs: number): StateAppend | undefined {
    if (this.#changeBytes < SMALLEST_BYTES || this.#changeBytes < GROWTH * this.#entryBytes) return undefined;
    const parts = cutEntries(this.#entries);
    return this.#append(
      parts.map((set, part) =>
        JSON.stringify({ snapshot: committed, part, of: parts.length, set } satisfies SnapshotRow),
      ),
      nowMs,
    );
  }

  /** Once a snapshot is durable: what is older is not needed any more. */
  async snapshotStored(baseOffset: number): Promise<void> {
    this.#changeBytes = 0;
    await this.#log.trim(this.#stream, this.#partition, baseOffset);
  }

  #append(rows: readonly string[], nowMs: number): StateAppend {
    return { stream: this.#stream, partition: this.#partition, records: recordsOf(rows, STATE_SCHEMA, nowMs) };
  }

  async #restore(committed: number): Promise<void> {
    let changes: ChangeRow[] = [];
    let snapshot: SnapshotRow[] = [];
    let parts: SnapshotRow[] = [];
    const end = this.#log.endOffset(this.#stream, this.#partition);
    for (let next = this.#log.startOffset(this.#stream, this.#partition); next < end; ) {
      const batches = await this.#log.read(this.#stream, this.#partition, next, READ_LIMIT);
      const last = batches.at(-1);
      if (last === undefined) break;
      for (const text of rowsOf(batches)) {
        const row = JSON.parse(text) as ChangeRow | SnapshotRow;
        if ("snapshot" in row) {
          parts = row.part === 0 ? [row] : [...parts, row];
          if (parts.length < row.of || row.snapshot > committed) continue;
          snapshot = parts;
          changes = changes.filter(({ first }) => first >= row.snapshot);
        } else {
          while (row.part === 0 && changes.length > 0 && changes.at(-1)!.first >= row.first) changes.pop();
          changes.push(row);
        }
      }
      next = last.baseOffset + last.ends.length;
    }
    for (const { set } of snapshot) for (const [entry, text] of Object.entries(set)) this.#put(entry, text);
    for (const { last, set, gone } of changes) {
      if (last > committed) continue;
      for (const [entry, text] of Object.entries(set)) this.#put(entry, text);
      for (const entry of gone) this.#put(entry, null);
    }
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
