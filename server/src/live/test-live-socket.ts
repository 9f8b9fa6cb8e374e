// For tests: a socket of the live port whose reader can be as slow as a test wants, and a clock that only a test moves.
import type { LiveServerMessage } from "@moose/openapi";
import type { LiveConnection, LiveHub, LiveSocket } from "../ports/live-socket.ts";
import type { LiveClock } from "./live-limits.ts";

const dropOverBytes = 4 * 1024 * 1024;

export class TestSocket implements LiveSocket {
  readonly messages: LiveServerMessage[] = [];
  closedWith: { code: number; reason: string } | undefined;
  connection!: LiveConnection;
  #reading = true;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #watchers = new Set<() => void>();

  send(text: string): "sent" | "buffered" | "dropped" {
    if (this.closedWith) return "dropped";
    if (this.#reading) {
      this.#receive(text);
      return "sent";
    }
    if (this.#waitingBytes > dropOverBytes) return "dropped";
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
    return "buffered";
  }

  bufferedBytes(): number {
    return this.#waitingBytes;
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
    this.#tell();
  }

  /** The peer reads nothing from here on. */
  stall(): void {
    this.#reading = false;
  }

  /** The peer reads all that waits, and goes on reading. */
  resume(): void {
    this.#reading = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const text of waiting) this.#receive(text);
    this.connection.drained();
  }

  say(message: unknown): void {
    this.connection.message(JSON.stringify(message));
  }

  /** The peer goes away. */
  drop(): void {
    this.connection.closed();
    this.closedWith ??= { code: 1006, reason: "" };
  }

  of<T extends LiveServerMessage["type"]>(type: T, id?: string): Extract<LiveServerMessage, { type: T }>[] {
    const all = this.messages.filter((message) => message.type === type) as Extract<LiveServerMessage, { type: T }>[];
    return id === undefined ? all : all.filter((message) => "id" in message && message.id === id);
  }

  /** Resolves when the condition holds, looked at after every message; rejects after the limit. */
  until(holds: () => boolean, limitMs = 15_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#watchers.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(check);
        const seen = this.messages.slice(-3).map((message) => JSON.stringify(message).slice(0, 300));
        reject(new Error(`not seen in ${limitMs} ms: ${holds}; last messages: ${seen.join("\n")}`));
      }, limitMs);
      this.#watchers.add(check);
      check();
    });
  }

  #receive(text: string): void {
    this.messages.push(JSON.parse(text) as LiveServerMessage);
    this.#tell();
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

export function connect(hub: LiveHub, options: { hello?: boolean } = {}): TestSocket {
  const socket = new TestSocket();
  socket.connection = hub.connect(socket);
  if (options.hello !== false) socket.say({ type: "hello" });
  return socket;
}

export class TestClock implements LiveClock {
  #now = 0;
  #timers = new Set<{ atMs: number; run: () => void }>();

  nowMs(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#now + delayMs, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on, running what becomes due in its order. */
  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.atMs);
      due.run();
    }
    this.#now = end;
  }
}
