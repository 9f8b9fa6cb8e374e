// The queue in a file, for Node: appended to, synced for each group of events, written anew when most of it has left.
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { IngestError } from "../errors.ts";
import type { Chunk, ChunkSize, EventQueue, QueueFactory, QueueSize, StoredChunk } from "./event-queue.ts";
import { lockFile } from "./file-lock.ts";
import {
  bodyOffset,
  type ChunkHead,
  chunkRecord,
  type Departure,
  departureRecord,
  FILE_MAGIC,
  readRecords,
} from "./file-record.ts";

export interface FileQueueOptions {
  /**
   * Default true: an accepted event is on the disk, and survives a loss of power. false: it is with the operating system, and survives the end of the process, also by SIGKILL.
   */
  readonly sync?: boolean;
}

/** Keeps events in a file, which one process at a time can have open. Its folder exists. */
export const fileQueue =
  (path: string, options: FileQueueOptions = {}): QueueFactory =>
  ({ nowMs }) =>
    new FileQueue(path, options.sync ?? true, nowMs);

interface Place {
  readonly head: ChunkHead;
  /** Of the body. */
  readonly at: number;
  readonly bytes: number;
}

const POSITION_LIVES_MS = 600_000;
/** What has left may take so much of the file before it is written anew. */
const SPARE_BYTES = 4 * 1024 * 1024;

export class FileQueue implements EventQueue {
  readonly isDurable = true;
  readonly sharedName = undefined;
  readonly #path: string;
  readonly #sync: boolean;
  readonly #nowMs: () => number;
  #file: FileHandle | undefined;
  #unlock: (() => Promise<void>) | undefined;
  /** In the order of their keys. */
  #places = new Map<number, Place>();
  #end = 0;
  #nextKey = 1;
  #bytes = 0;
  #events = 0;
  #departure: Departure = { removed: [] };
  #last: Promise<unknown> = Promise.resolve();
  /** After a sync that failed nobody knows what is on the disk: nothing more is taken. */
  #broken: unknown;

  constructor(path: string, sync: boolean, nowMs: () => number) {
    this.#path = path;
    this.#sync = sync;
    this.#nowMs = nowMs;
  }

  get size(): QueueSize {
    return { bytes: this.#bytes, events: this.#events };
  }

  open(): Promise<void> {
    return this.#next(async () => {
      this.#unlock = await lockFile(`${this.#path}.lock`);
      try {
        await this.#openFile();
      } catch (error) {
        await this.#unlock();
        throw error;
      }
    });
  }

  append(chunks: readonly Chunk[]): Promise<readonly number[]> {
    return this.#next(async () => {
      const records: Uint8Array[] = [];
      const places: Place[] = [];
      let end = this.#end;
      for (const { body, ...rest } of chunks) {
        const head = { ...rest, key: this.#nextKey + places.length };
        const record = chunkRecord(head, body);
        places.push({ head, at: end + bodyOffset(head), bytes: body.length });
        records.push(record);
        end += record.length;
      }
      await this.#write(Buffer.concat(records), this.#sync);
      for (const place of places) this.#learn(place);
      return places.map(({ head }) => head.key);
    });
  }

  read(afterKey: number, maxBytes: number): Promise<readonly StoredChunk[]> {
    return this.#next(async () => {
      const found: StoredChunk[] = [];
      let sum = 0;
      for (const { head, at, bytes } of this.#places.values()) {
        if (head.key <= afterKey) continue;
        sum += bytes;
        if (found.length > 0 && sum > maxBytes) break;
        found.push({ ...head, body: await this.#body(at, bytes) });
      }
      return found;
    });
  }

  async sizes(): Promise<readonly ChunkSize[]> {
    return [...this.#places.values()].map(({ head, bytes }) => {
      const { key, model, events } = head;
      return { key, model, bytes, events };
    });
  }

  remove(keys: readonly number[], position?: string): Promise<void> {
    return this.#next(async () => {
      const removed = keys.filter((key) => this.#places.has(key));
      const told = position === undefined ? {} : { position, positionAtMs: this.#nowMs() };
      // Not synced: what is forgotten is sent again, and the server knows its ids.
      await this.#write(departureRecord({ removed, ...told }), false);
      this.#forget({ removed, ...told });
      if (this.#end > 2 * this.#bytes + SPARE_BYTES) await this.#rewrite();
    });
  }

  async position(): Promise<string | undefined> {
    const { position, positionAtMs = 0 } = this.#departure;
    return Math.abs(this.#nowMs() - positionAtMs) < POSITION_LIVES_MS ? position : undefined;
  }

  clear(): Promise<void> {
    return this.#next(async () => {
      this.#forget({ removed: [...this.#places.keys()] });
      await this.#rewrite();
    });
  }

  close(): Promise<void> {
    return this.#next(async () => {
      await this.#file?.close();
      this.#file = undefined;
      await this.#unlock?.();
    });
  }

  async #openFile(): Promise<void> {
    // "a" makes it if it is not there; only "r+" writes where it is told to.
    await (await open(this.#path, "a")).close();
    const file = await open(this.#path, "r+");
    this.#file = file;
    const found = readRecords(await file.readFile());
    if (!found) throw new Error("it holds something else");
    for (const record of found.records) {
      if ("head" in record) this.#learn(record);
      else this.#forget(record.departure);
    }
    this.#end = found.end;
    // What a crash left half written.
    await file.truncate(this.#end);
    await file.write(FILE_MAGIC, 0, FILE_MAGIC.length, 0);
    await file.datasync();
  }

  #learn(place: Place): void {
    const { key, events } = place.head;
    this.#places.set(key, place);
    this.#nextKey = key + 1;
    this.#bytes += place.bytes;
    this.#events += events;
  }

  #forget(departure: Departure): void {
    for (const key of departure.removed) {
      const place = this.#places.get(key);
      if (!place) continue;
      this.#places.delete(key);
      this.#bytes -= place.bytes;
      this.#events -= place.head.events;
    }
    if (departure.position !== undefined) this.#departure = departure;
    this.#nextKey = Math.max(this.#nextKey, departure.nextKey ?? 0);
  }

  async #body(at: number, bytes: number): Promise<Uint8Array> {
    const body = new Uint8Array(bytes);
    const { bytesRead } = await this.#file!.read(body, 0, bytes, at);
    if (bytesRead !== bytes) throw new Error(`it ends at byte ${at + bytesRead}, inside an event`);
    return body;
  }

  async #write(bytes: Uint8Array, sync: boolean): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const file = this.#file!;
    try {
      await file.write(bytes, 0, bytes.length, this.#end);
    } catch (error) {
      // A disk that is full takes no part of it.
      await file.truncate(this.#end).catch((cause: unknown) => {
        this.#broken = cause;
      });
      throw error;
    }
    try {
      if (sync) await file.datasync();
    } catch (error) {
      this.#broken = error;
      throw error;
    }
    this.#end += bytes.length;
  }

  /** Whole or not at all: into a new file that takes the place of the old one. */
  async #rewrite(): Promise<void> {
    const path = `${this.#path}.new`;
    const fresh = await open(path, "w+");
    const { position, positionAtMs } = this.#departure;
    const kept: Departure = {
      removed: [],
      nextKey: this.#nextKey,
      ...(position && { position, positionAtMs: positionAtMs! }),
    };
    let end = 0;
    const put = async (bytes: Uint8Array): Promise<void> => {
      await fresh.write(bytes, 0, bytes.length, end);
      end += bytes.length;
    };
    const places = new Map<number, Place>();
    await put(FILE_MAGIC);
    await put(departureRecord(kept));
    for (const [key, { head, at, bytes }] of this.#places) {
      places.set(key, { head, at: end + bodyOffset(head), bytes });
      await put(chunkRecord(head, await this.#body(at, bytes)));
    }
    await fresh.datasync();
    await rename(path, this.#path);
    await syncFolder(dirname(this.#path));
    await this.#file!.close();
    this.#file = fresh;
    this.#places = places;
    this.#end = end;
  }

  /** One call after the other. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work).catch((cause: unknown) => {
      const message = `The queue ${this.#path} cannot be used: ${cause instanceof Error ? cause.message : cause}.`;
      throw new IngestError("queue_failed", message, { cause, retryable: true });
    });
    this.#last = done.catch(() => {});
    return done;
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and needs no sync of them.
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync();
  await folder?.close();
}
