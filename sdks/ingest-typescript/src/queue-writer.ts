// Writes chunks to the queue in groups: what comes while a write is under way shares the next one.
import type { Chunk, EventQueue, QueueSize } from "./queue/event-queue.ts";

export interface QueueWriterConfig {
  readonly queue: EventQueue;
  readonly onStored: (keys: readonly number[]) => void;
}

export class QueueWriter {
  readonly #config: QueueWriterConfig;
  #waiting: Chunk[] = [];
  #writing: readonly Chunk[] = [];
  /** Of what waits: resolves when all of it is stored. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(config: QueueWriterConfig) {
    this.#config = config;
  }

  get isBusy(): boolean {
    return this.#writing.length > 0;
  }

  /** Not stored yet, or not known to be. */
  get unsaved(): readonly Chunk[] {
    return [...this.#writing, ...this.#waiting];
  }

  get size(): QueueSize {
    const { unsaved } = this;
    return {
      bytes: unsaved.reduce((sum, { body }) => sum + body.length, 0),
      events: unsaved.reduce((sum, { events }) => sum + events, 0),
    };
  }

  add(chunk: Chunk): void {
    this.#waiting.push(chunk);
    if (this.#next) return;
    const write = () => this.#write();
    this.#next = this.#last.then(write, write);
    // Whoever sends sees the failure; without a send there is no one to tell.
    this.#next.catch(() => {});
  }

  /** When everything that was added is stored. Rejects when what was added last could not be. */
  whenStored(): Promise<void> {
    return this.#next ?? this.#last;
  }

  async #write(): Promise<void> {
    const { queue, onStored } = this.#config;
    const chunks = this.#waiting;
    this.#last = this.#next!;
    this.#next = undefined;
    this.#waiting = [];
    this.#writing = chunks;
    try {
      onStored(await queue.append(chunks));
    } finally {
      this.#writing = [];
    }
  }
}
