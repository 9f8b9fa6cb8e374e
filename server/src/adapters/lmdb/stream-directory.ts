// The streams and partitions that this process knows, in memory, by name.
import { MooseError } from "../../model/errors.ts";
import { PendingAppends } from "./pending-appends.ts";
import type { RecordReader, StoredPartition } from "./record-reader.ts";

export interface Partition extends StoredPartition {
  readonly pending: PendingAppends;
}

export interface Stream {
  readonly id: number;
  readonly partitions: Partition[];
  /** The partition whose turn it is with rows that have no key. */
  turn: number;
}

export class StreamDirectory {
  readonly #streams = new Map<string, Stream>();
  readonly #reader: RecordReader;
  /** The offset to which a partition was trimmed. */
  readonly #startOf: (streamId: number, partition: number) => number;

  constructor(reader: RecordReader, startOf: (streamId: number, partition: number) => number) {
    this.#reader = reader;
    this.#startOf = startOf;
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

  /** The stream has `count` partitions at least from now on; what is stored of them is looked up. */
  add(name: string, id: number, count: number): void {
    const stream: Stream = this.#streams.get(name) ?? { id, partitions: [], turn: 0 };
    for (let index = stream.partitions.length; index < count; index++) {
      const start = this.#startOf(id, index);
      const { end, bytesSoFar } = this.#reader.storedEnd(id, index) ?? { end: start, bytesSoFar: 0 };
      stream.partitions.push({
        stream: name,
        streamId: id,
        index,
        start,
        end,
        bytesSoFar,
        pending: new PendingAppends(),
      });
    }
    this.#streams.set(name, stream);
  }

  nextTurn(stream: Stream): number {
    stream.turn = (stream.turn + 1) % stream.partitions.length;
    return stream.turn;
  }
}
