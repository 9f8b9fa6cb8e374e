// Which streams are delivered, and into which table each: versions of a model share one.
import type { Clock } from "../lib/clock.ts";
import { modelOfStream } from "../model/manifest.ts";
import { tablePartition } from "../model/table-partition.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog, StreamPartition } from "../ports/stream-log.ts";
import { TABLE_GROUP } from "../ports/table-progress.ts";
import { nameOf } from "./encode-block.ts";
import { TableState } from "./table-state.ts";
import { WindowRoom } from "./window-room.ts";

export interface TableSource {
  readonly model: string;
  readonly table: TableState;
  readonly room: WindowRoom;
}

export interface TableSourcesOptions {
  readonly stream: StreamLog;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: () => number;
}

export class TableSources {
  readonly #options: TableSourcesOptions;
  readonly #sources = new Map<string, TableSource>();
  readonly #tables = new Map<string, TableState>();
  readonly #rooms = new Map<string, WindowRoom>();

  constructor(options: TableSourcesOptions) {
    this.#options = options;
  }

  /** A stream stays once it was added: what it still holds belongs into its table, whatever the catalog says later. */
  add(stream: string, model: string, table: string): void {
    if (this.#sources.has(stream)) return;
    this.#sources.set(stream, { model, table: this.table(table), room: this.#room(table) });
  }

  find(stream: string): TableSource | undefined {
    return this.#sources.get(stream);
  }

  names(): readonly string[] {
    return [...this.#sources.keys()];
  }

  table(name: string): TableState {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = new TableState(name, this.#options.database);
      this.#tables.set(name, table);
    }
    return table;
  }

  /** Of every version, oldest first: what an older one accepted belongs into the table too, also after a restart. */
  streamsOf(model: string): readonly string[] {
    return this.#options.stream.streams().filter((name) => modelOfStream(name) === model);
  }

  /** What the table's `_partition` says. */
  tablePartition({ stream, partition }: StreamPartition): number {
    return tablePartition(this.#options.stream.streams(), stream, partition);
  }

  #room(name: string): WindowRoom {
    let room = this.#rooms.get(name);
    if (room === undefined) {
      const { clock, random } = this.#options;
      const table = this.table(name);
      room = new WindowRoom({
        window: () => table.tokenWindow(),
        recordedRanges: () => this.#recordedRanges(table),
        clock,
        random,
      });
      this.#rooms.set(name, room);
    }
    return room;
  }

  async #recordedRanges(table: TableState): Promise<ReadonlyMap<string, string>> {
    const { stream } = this.#options;
    const ranges = new Map<string, string>();
    for (const [name, source] of this.#sources) {
      if (source.table !== table) continue;
      for (let partition = 0; partition < stream.partitions(name); partition++) {
        const { pending } = await stream.progress(TABLE_GROUP, name, partition);
        ranges.set(nameOf({ name, partition }), pending === undefined ? "" : `${pending.first}-${pending.last}`);
      }
    }
    return ranges;
  }
}
