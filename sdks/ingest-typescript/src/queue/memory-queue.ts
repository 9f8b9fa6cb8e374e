// A queue in memory: for servers that need no more, and where a browser offers no storage.
import type { Chunk, ChunkSize, EventQueue, QueueFactory, QueueSize, StoredChunk } from "./event-queue.ts";

/** Keeps events in memory only: what is not sent when the process ends is lost. */
export const memoryQueue = (): QueueFactory => () => new MemoryQueue();

export class MemoryQueue implements EventQueue {
  readonly isDurable: boolean = false;
  readonly sharedName: string | undefined = undefined;
  /** In the order of their keys. */
  readonly #chunks = new Map<number, StoredChunk>();
  #nextKey = 1;
  #bytes = 0;
  #events = 0;
  #position: string | undefined;

  get size(): QueueSize {
    return { bytes: this.#bytes, events: this.#events };
  }

  async open(): Promise<void> {}

  async append(chunks: readonly Chunk[]): Promise<readonly number[]> {
    return chunks.map((chunk) => {
      const key = this.#nextKey++;
      this.#chunks.set(key, { ...chunk, key });
      this.#bytes += chunk.body.length;
      this.#events += chunk.events;
      return key;
    });
  }

  async read(afterKey: number, maxBytes: number): Promise<readonly StoredChunk[]> {
    const found: StoredChunk[] = [];
    let bytes = 0;
    for (const chunk of this.#chunks.values()) {
      if (chunk.key <= afterKey) continue;
      if (found.length > 0 && bytes + chunk.body.length > maxBytes) break;
      found.push(chunk);
      bytes += chunk.body.length;
    }
    return found;
  }

  async sizes(): Promise<readonly ChunkSize[]> {
    return [...this.#chunks.values()].map(({ key, model, body, events }) => ({
      key,
      model,
      bytes: body.length,
      events,
    }));
  }

  async remove(keys: readonly number[], position?: string): Promise<void> {
    for (const key of keys) {
      const chunk = this.#chunks.get(key);
      if (!chunk) continue;
      this.#chunks.delete(key);
      this.#bytes -= chunk.body.length;
      this.#events -= chunk.events;
    }
    this.#position = position ?? this.#position;
  }

  async position(): Promise<string | undefined> {
    return this.#position;
  }

  async clear(): Promise<void> {
    await this.remove([...this.#chunks.keys()]);
  }

  async close(): Promise<void> {}
}
