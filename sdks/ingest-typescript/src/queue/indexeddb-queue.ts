// The queue in a browser's IndexedDB: one database for all tabs of an origin, one transaction for each call.
/// <reference lib="dom" />
import { IngestError } from "../errors.ts";
import type { Chunk, ChunkSize, EventQueue, QueueFactory, QueueSize, StoredChunk } from "./event-queue.ts";

/*
 * chunks  key (counted up) → Chunk
 * state   "state" → State: what all chunks take, and the position that was kept last
 */
interface State {
  readonly bytes: number;
  readonly events: number;
  readonly position?: string;
  readonly positionAtMs?: number;
}

/** What was acknowledged earlier is in every table, and a position of a server that began anew would hold up queries. */
const POSITION_LIVES_MS = 600_000;
const EMPTY: State = { bytes: 0, events: 0 };

/** Keeps events in IndexedDB, shared by all pages of the origin that use the same name; one of them sends. Default name: the server's URL. */
export const indexedDbQueue =
  (options: { readonly name?: string } = {}): QueueFactory =>
  ({ url, nowMs }) =>
    new IndexedDbQueue(options.name ?? url, nowMs);

export class IndexedDbQueue implements EventQueue {
  readonly isDurable = true;
  readonly sharedName: string;
  readonly #nowMs: () => number;
  #database: IDBDatabase | undefined;
  #state = EMPTY;

  constructor(name: string, nowMs: () => number) {
    this.sharedName = name;
    this.#nowMs = nowMs;
  }

  get size(): QueueSize {
    return this.#state;
  }

  async open(): Promise<void> {
    await this.#guard(async () => {
      this.#database = await openDatabase(`moose-ingest ${this.sharedName}`);
      await this.#run("readonly", async (stores) => this.#readState(stores));
    });
  }

  append(chunks: readonly Chunk[]): Promise<readonly number[]> {
    return this.#run("readwrite", async (stores) => {
      // Asked for together: a transaction ends when nothing is asked of it.
      const keys = chunks.map((chunk) => {
        // A view would take its whole buffer along.
        const body = chunk.body.length === chunk.body.buffer.byteLength ? chunk.body : chunk.body.slice();
        return answer(stores.chunks.add({ ...chunk, body }));
      });
      const state = await this.#readState(stores);
      this.#writeState(stores, {
        ...state,
        bytes: state.bytes + chunks.reduce((sum, { body }) => sum + body.length, 0),
        events: state.events + chunks.reduce((sum, { events }) => sum + events, 0),
      });
      return (await Promise.all(keys)) as number[];
    });
  }

  read(afterKey: number, maxBytes: number): Promise<readonly StoredChunk[]> {
    return this.#run("readonly", async ({ chunks }) => {
      const found: StoredChunk[] = [];
      let bytes = 0;
      await eachChunk(chunks, afterKey, (chunk) => {
        bytes += chunk.body.length;
        if (found.length > 0 && bytes > maxBytes) return false;
        found.push(chunk);
        return true;
      });
      return found;
    });
  }

  sizes(): Promise<readonly ChunkSize[]> {
    return this.#run("readonly", async (stores) => {
      const found: ChunkSize[] = [];
      await this.#readState(stores);
      await eachChunk(stores.chunks, 0, ({ key, model, body, events }) => {
        found.push({ key, model, bytes: body.length, events });
        return true;
      });
      return found;
    });
  }

  remove(keys: readonly number[], position?: string): Promise<void> {
    return this.#run("readwrite", async (stores) => {
      const there = [...new Set(keys)].map((key) => answer<Chunk | undefined>(stores.chunks.get(key)));
      let { bytes, events, ...kept } = await this.#readState(stores);
      for (const chunk of await Promise.all(there)) {
        bytes -= chunk?.body.length ?? 0;
        events -= chunk?.events ?? 0;
      }
      for (const key of keys) stores.chunks.delete(key);
      if (position !== undefined) kept = { position, positionAtMs: this.#nowMs() };
      this.#writeState(stores, { ...kept, bytes, events });
    });
  }

  position(): Promise<string | undefined> {
    return this.#run("readonly", async (stores) => {
      const { position, positionAtMs = 0 } = await this.#readState(stores);
      return Math.abs(this.#nowMs() - positionAtMs) < POSITION_LIVES_MS ? position : undefined;
    });
  }

  clear(): Promise<void> {
    return this.#run("readwrite", async (stores) => {
      stores.chunks.clear();
      this.#writeState(stores, EMPTY);
    });
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  /** One transaction; resolves when it is committed. */
  #run<T>(mode: IDBTransactionMode, work: (stores: Stores) => Promise<T>): Promise<T> {
    return this.#guard(async () => {
      // "relaxed": in the browser's hands, which outlive a tab that crashes, without a sync of the disk for each call.
      const transaction = this.#database!.transaction(["chunks", "state"], mode, { durability: "relaxed" });
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error("the transaction was aborted"));
      });
      // Told by `work` first, mostly.
      done.catch(() => {});
      const result = await work({ chunks: transaction.objectStore("chunks"), state: transaction.objectStore("state") });
      await done;
      return result;
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const message = `The queue "${this.sharedName}" in IndexedDB cannot be used: ${cause instanceof Error ? cause.message : cause}`;
      throw new IngestError("queue_failed", message, { cause, retryable: true });
    }
  }

  async #readState({ state }: Stores): Promise<State> {
    this.#state = (await answer<State | undefined>(state.get("state"))) ?? EMPTY;
    return this.#state;
  }

  #writeState({ state }: Stores, value: State): void {
    state.put(value, "state");
    this.#state = value;
  }
}

interface Stores {
  readonly chunks: IDBObjectStore;
  readonly state: IDBObjectStore;
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Calls back with each chunk behind a key, until it says false. */
function eachChunk(store: IDBObjectStore, afterKey: number, visit: (chunk: StoredChunk) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = store.openCursor(IDBKeyRange.lowerBound(afterKey, true));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor || !visit({ ...(cursor.value as Chunk), key: cursor.key as number })) resolve();
      else cursor.continue();
    };
  });
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("chunks", { autoIncrement: true });
      request.result.createObjectStore("state");
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // A later version of the SDK wants to change the database.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}
