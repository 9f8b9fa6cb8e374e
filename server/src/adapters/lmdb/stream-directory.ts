// The streams and partitions of a log, as this process knows them.
import { MooseError } from "../../model/errors.ts";
import type { LogVersions } from "./log-versions.ts";
import type { OpenedLog } from "./open-log.ts";
import { PendingAppends } from "./pending-appends.ts";
import { asBuffer, type RecordReader, type StoredPartition } from "./record-reader.ts";

export interface Partition extends StoredPartition {
  readonly pending: PendingAppends;
}

export interface Stream {
  readonly id: number;
  readonly partitions: Partition[];
  /** The partition whose turn it is with rows that have no key. */
  turn: number;
}

interface StoredStream {
  readonly id: number;
  readonly partitions: number;
}

export class StreamDirectory {
  readonly #streams = new Map<string, Stream>();
  readonly #reader: RecordReader;
  readonly #opened: OpenedLog;
  readonly #versions: LogVersions;

  constructor(parts: { reader: RecordReader; opened: OpenedLog; versions: LogVersions }) {
    this.#reader = parts.reader;
    this.#opened = parts.opened;
    this.#versions = parts.versions;
    this.look();
  }

  /** Oldest first. */
  names(): readonly string[] {
    return [...this.#streams].sort(([, a], [, b]) => a.id - b.id).map(([name]) => name);
  }

  find(name: string): Stream | undefined {
    return this.#streams.get(name);
  }

  /** Throws MooseError `unknown_stream`, as does `partition`. */
  stream(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw new MooseError("unknown_stream", `There is no stream "${name}" in the log.`);
    return stream;
  }

  partition(name: string, index: number): Partition {
    const partition = this.stream(name).partitions[index];
    if (partition === undefined) throw new MooseError("unknown_stream", `Stream "${name}" has no partition ${index}.`);
    return partition;
  }

  *partitions(): Generator<Partition> {
    for (const { partitions } of this.#streams.values()) yield* partitions;
  }

  nextTurn(stream: Stream): number {
    stream.turn = (stream.turn + 1) % stream.partitions.length;
    return stream.turn;
  }

  /** Called in a transaction: the stream has that many partitions at least from then on. `look` makes it known. */
  ensure(name: string, partitions: number): void {
    const stored = this.#opened.streams.get(Buffer.from(name));
    const known = stored === undefined ? undefined : parse(stored);
    if (known !== undefined && known.partitions >= partitions) return;
    const id = known?.id ?? this.#stored().reduce((most, [, stream]) => Math.max(most, stream.id), 0) + 1;
    this.#opened.streams.put(Buffer.from(name), Buffer.from(JSON.stringify({ id, partitions } satisfies StoredStream)));
    this.#versions.bump("streams");
  }

  /** Takes up streams, partitions and beginnings that are new in the log. True when there are more partitions than before. */
  look(): boolean {
    let grown = false;
    if (this.#versions.moved("streams")) {
      for (const [name, { id, partitions }] of this.#stored()) grown = this.#add(name, id, partitions) || grown;
    }
    if (this.#versions.moved("starts")) {
      for (const partition of this.partitions()) {
        partition.start = Math.max(partition.start, this.#reader.storedStart(partition.streamId, partition.index));
      }
    }
    return grown;
  }

  #add(name: string, id: number, count: number): boolean {
    const stream: Stream = this.#streams.get(name) ?? { id, partitions: [], turn: 0 };
    const before = stream.partitions.length;
    for (let index = before; index < count; index++) {
      const place = { stream: name, streamId: id, index };
      const start = this.#reader.storedStart(id, index);
      const { end, bytesSoFar } = this.#reader.storedEnd(place);
      stream.partitions.push({ ...place, start, end, bytesSoFar, pending: new PendingAppends() });
    }
    this.#streams.set(name, stream);
    return stream.partitions.length > before;
  }

  #stored(): [string, StoredStream][] {
    return [...this.#opened.streams.getRange({})].map(({ key, value }) => [
      asBuffer(key).toString("utf8"),
      parse(value),
    ]);
  }
}

function parse(stored: Uint8Array): StoredStream {
  return JSON.parse(asBuffer(stored).toString("utf8")) as StoredStream;
}
