// The port of the queue: where events wait until the server has answered for them. Memory, IndexedDB and a file implement it. No code here.

/** Valid events of one model, one a line, that came together and are stored together, with their ids. */
export interface Chunk {
  readonly model: string;
  readonly version: string;
  /** NDJSON, each line ended by "\n". */
  readonly body: Uint8Array;
  readonly events: number;
  /**
   * Who numbered the events: one run of one client, 16 to 64 letters, digits, - and _. It is kept with the events, so whoever sends them names them the same; and a queue that is rolled back
   * or copied can only repeat events, never give a number to another event.
   */
  readonly producer: string;
  /** Number of the first event among those of the producer and model; the others count up from it. */
  readonly firstId: number;
}

export interface StoredChunk extends Chunk {
  /** Place in the queue: ascending, above 0, never used twice. */
  readonly key: number;
}

/** What a chunk takes, without its events. */
export interface ChunkSize {
  readonly key: number;
  readonly model: string;
  readonly bytes: number;
  readonly events: number;
}

/** What all chunks take together. */
export interface QueueSize {
  readonly bytes: number;
  readonly events: number;
}

export interface EventQueue {
  /** Chunks outlive the client. */
  readonly isDurable: boolean;
  /** Other clients, of other pages, have the same queue under this name; undefined when it is this client's alone. */
  readonly sharedName: string | undefined;
  /** As of the last call. */
  readonly size: QueueSize;
  /** Called once, before all others. Rejects with IngestError `queue_failed`. */
  open(): Promise<void>;
  /** Stores all or none, behind what is there; durable once resolved, if the queue is. Returns their keys. Rejects with IngestError `queue_failed`. */
  append(chunks: readonly Chunk[]): Promise<readonly number[]>;
  /** Chunks behind a key, in order, until they have `maxBytes`: at least one, if there is any. */
  read(afterKey: number, maxBytes: number): Promise<readonly StoredChunk[]>;
  /** Every chunk, in order. */
  sizes(): Promise<readonly ChunkSize[]>;
  /** Forgets chunks, if they are there, and keeps the position, if one is given. */
  remove(keys: readonly number[], position?: string): Promise<void>;
  /** The position that was kept last, unless it is so old that every query sees it anyway. */
  position(): Promise<string | undefined>;
  /** Forgets every chunk. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the queue of a client; `url` is that of the server. */
export type QueueFactory = (of: { readonly url: string; readonly nowMs: () => number }) => EventQueue;
