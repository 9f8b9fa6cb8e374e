// Behind the gatherers: chunks go into the queue, and from there to the server. Joins the queue, its writer, the sender and the other clients of the queue.
import type { PageMoment } from "./page-lifecycle.ts";
import type { Chunk, EventQueue, QueueFactory, QueueSize } from "./queue/event-queue.ts";
import { MemoryQueue } from "./queue/memory-queue.ts";
import { alone, type JoinPeers, type PeerMessage, type QueuePeers } from "./queue/queue-peers.ts";
import { QueueWriter } from "./queue-writer.ts";
import { Sender, type SenderConfig } from "./sender.ts";
import type { WaitingRoom, WaitLimit } from "./waiting-room.ts";

export interface PipelineConfig extends Omit<SenderConfig, "queue" | "onSettled" | "lingerMs" | "shedAboveBytes"> {
  readonly url: string;
  readonly queue: QueueFactory;
  /** A queue that cannot be opened is replaced by one in memory. */
  readonly mayFallBack: boolean;
  readonly joinPeers: JoinPeers;
  readonly room: WaitingRoom;
  readonly maxBatchAgeMs: number;
  readonly maxQueueBytes: number;
  /** Undefined: those that other clients share shed. */
  readonly sheds: boolean | undefined;
}

/** How often whoever waits for another client to send looks into the queue, in case it missed what was told. */
const LOOK_EVERY_MS = 1000;

export class EventPipeline {
  readonly sender: Sender;
  /** When the queue is full the oldest events go. */
  readonly sheds: boolean;
  readonly #config: PipelineConfig;
  readonly #queue: EventQueue;
  readonly #writer: QueueWriter;
  #peers: QueuePeers;
  /** Chunks of this client that are in the queue. */
  readonly #own = new Set<number>();
  #isElected = false;
  #isPaused = false;
  #hasLeft = false;

  /** Rejects with IngestError `queue_failed`. */
  static async open(config: PipelineConfig): Promise<EventPipeline> {
    const { clock, url } = config;
    let queue: EventQueue = config.queue({ url, nowMs: () => clock.nowMs() });
    try {
      await queue.open();
    } catch (error) {
      if (!config.mayFallBack) throw error;
      // A browser that keeps no data for us, such as a private window.
      queue = new MemoryQueue();
    }
    return new EventPipeline(config, queue, await queue.sizes());
  }

  private constructor(config: PipelineConfig, queue: EventQueue, found: readonly { readonly key: number }[]) {
    const { maxBatchAgeMs, maxQueueBytes } = config;
    const { sharedName, isDurable } = queue;
    this.#config = config;
    this.#queue = queue;
    this.sheds = config.sheds ?? sharedName !== undefined;
    this.sender = new Sender({
      ...config,
      queue,
      // In a queue in memory chunks are whole batches: they have waited already.
      lingerMs: isDurable ? maxBatchAgeMs : 0,
      shedAboveBytes: this.sheds ? maxQueueBytes : undefined,
      onSettled: (keys) => {
        this.#settled(keys);
        this.#peers.tell({ type: "settled", keys });
      },
    });
    this.#writer = new QueueWriter({
      queue,
      onStored: (keys) => {
        for (const key of keys) this.#own.add(key);
        this.sender.wake();
        if (!this.sender.isRunning) this.#peers.tell({ type: "stored" });
      },
    });
    // What an earlier run of ours left behind is ours.
    if (sharedName === undefined) for (const { key } of found) this.#own.add(key);
    this.#peers = this.#join();
  }

  get isDurable(): boolean {
    return this.#queue.isDurable;
  }

  get isBusy(): boolean {
    return this.#writer.isBusy;
  }

  /** Bytes that are nowhere but in our memory. */
  get unsavedBytes(): number {
    return this.#writer.size.bytes;
  }

  get size(): QueueSize {
    const { bytes, events } = this.#writer.size;
    return { bytes: bytes + this.#queue.size.bytes, events: events + this.#queue.size.events };
  }

  add(chunk: Chunk): void {
    this.#writer.add(chunk);
  }

  /** When everything that was added is in the queue. Rejects with IngestError `queue_failed`. */
  whenStored(): Promise<void> {
    return this.#writer.whenStored();
  }

  /** Waits until everything that was added has left the queue; returns the position. */
  async settle(limit: () => WaitLimit): Promise<string | undefined> {
    const { room, clock } = this.#config;
    await this.#writer.whenStored();
    const awaited = new Set(this.#own);
    const isSettled = (): boolean => {
      for (const key of awaited) if (this.#own.has(key)) return false;
      return true;
    };
    this.sender.hurry();
    if (!this.sender.isRunning) this.#peers.tell({ type: "hurry" });
    let timer: { cancel(): void } | undefined;
    const look = (): void => {
      timer = clock.after(LOOK_EVERY_MS, () => void this.#look().then(look, look));
    };
    if (this.#queue.sharedName !== undefined && !isSettled()) look();
    try {
      await room.until(isSettled, limit());
    } finally {
      timer?.cancel();
      timer = undefined;
    }
    return this.#queue.position();
  }

  onMoment(moment: PageMoment): void {
    if (moment === "online") {
      this.sender.retryNow();
      return;
    }
    if (moment === "visible" && this.#hasLeft) this.#comeBack();
    this.sender.setHidden(moment !== "visible");
    if (moment !== "leaving") return;
    // What the queue in memory has goes out by itself; what is being written to a slower one may come too late.
    this.sender.sendLast(this.isDurable ? this.#writer.unsaved : []);
    if (this.#queue.sharedName === undefined) return;
    // A page that holds a lock or listens to a channel is not kept for the way back.
    this.#peers.leave();
    this.#hasLeft = true;
  }

  /** Sends nothing until `resume`; what is added is stored all the same. */
  pause(): void {
    this.#isPaused = true;
    this.sender.stop();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#isElected) this.sender.start();
  }

  /** Erases everything that waits, of all clients of the queue, and pauses. Returns how many events. */
  async forget(): Promise<number> {
    await this.#writer.whenStored().catch(() => {});
    this.pause();
    const { events } = this.size;
    await this.#queue.clear();
    this.#settled([...this.#own]);
    this.#peers.tell({ type: "cleared" });
    return events;
  }

  /** What was not sent stays in a durable queue; else it is given up. */
  async close(): Promise<void> {
    await this.#writer.whenStored().catch(() => {});
    this.sender.stop();
    if (!this.isDurable) await this.sender.giveUp();
    this.#peers.leave();
    await this.#queue.close();
  }

  #join(): QueuePeers {
    const { sharedName } = this.#queue;
    return (sharedName === undefined ? alone : this.#config.joinPeers)(sharedName ?? "", {
      onElected: () => {
        this.#isElected = true;
        if (!this.#isPaused) this.sender.start();
      },
      onMessage: (message) => this.#hear(message),
    });
  }

  /** Out of the back/forward cache: another page may send by now. What was under way is in the queue. */
  #comeBack(): void {
    this.#hasLeft = false;
    this.#isElected = false;
    this.sender.stop();
    this.#peers = this.#join();
    void this.#look().catch(() => {});
  }

  #hear(message: PeerMessage): void {
    if (message.type === "settled") this.#settled(message.keys);
    else if (message.type === "hurry") this.sender.hurry();
    else if (message.type === "stored") this.sender.wake();
    else void this.#look();
  }

  async #look(): Promise<void> {
    const there = new Set((await this.#queue.sizes()).map(({ key }) => key));
    this.#settled([...this.#own].filter((key) => !there.has(key)));
  }

  #settled(keys: readonly number[]): void {
    for (const key of keys) this.#own.delete(key);
    this.#config.room.wake();
  }
}
