// The supervisor's part when a worker asks the others: passes the question on, and gathers the answers within a limit.
import type { ChildProcess } from "node:child_process";
import type { PeerAnswer, PeerQuestion } from "../ports/worker-peers.ts";
import type { ToSupervisor, ToWorker } from "./worker-messages.ts";

/** Longer than a check of health may take. */
export const ANSWER_LIMIT_MS = 3_000;

interface Asked {
  readonly worker: number;
  readonly settle: (answer: PeerAnswer<PeerQuestion>) => void;
}

export class WorkerExchange {
  readonly #workers: readonly number[];
  /** Those that run and are ready. */
  readonly #ready = new Map<number, ChildProcess>();
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;

  constructor(workers: readonly number[]) {
    this.#workers = workers;
  }

  ready(worker: number, child: ChildProcess): void {
    this.#ready.set(worker, child);
  }

  gone(worker: number): void {
    this.#ready.delete(worker);
    for (const asked of this.#asked.values()) if (asked.worker === worker) asked.settle({ worker, state: "away" });
  }

  received(worker: number, message: ToSupervisor): void {
    if (message.type === "ask") void this.#gather(worker, message.id, message.question);
    if (message.type !== "answer") return;
    const asked = this.#asked.get(message.id);
    const { answer } = message;
    asked?.settle(answer === undefined ? { worker, state: "silent" } : { worker, state: "answered", answer });
  }

  async #gather(worker: number, id: number, question: PeerQuestion): Promise<void> {
    const others = this.#workers.filter((other) => other !== worker);
    const answers = await Promise.all(others.map((other) => this.#ask(other, question)));
    this.#send(worker, { type: "answers", id, answers });
  }

  #ask(worker: number, question: PeerQuestion): Promise<PeerAnswer<PeerQuestion>> {
    if (!this.#ready.has(worker)) return Promise.resolve({ worker, state: "away" });
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const limit = setTimeout(() => settle({ worker, state: "silent" }), ANSWER_LIMIT_MS);
      const settle = (answer: PeerAnswer<PeerQuestion>): void => {
        clearTimeout(limit);
        this.#asked.delete(id);
        resolve(answer);
      };
      this.#asked.set(id, { worker, settle });
      this.#send(worker, { type: "question", id, question });
    });
  }

  /** One that just ended gets nothing: its end settles what it was asked. */
  #send(worker: number, message: ToWorker): void {
    const child = this.#ready.get(worker);
    if (child?.connected) child.send(message, () => {});
  }
}
