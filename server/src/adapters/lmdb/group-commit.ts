// Hot path: shares one durable commit among everything that was written while the last one was under way.
import type { RootDatabase } from "lmdb";
import { hasRoom } from "../../lib/disk-room.ts";
import type { MooseError } from "../../model/errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { isFull, isMapFull, messageOf, noRoomFor, reasonOf, toAppendError } from "./lmdb-errors.ts";

/** What is written in one commit. */
export interface CommitWork {
  /** About how much `write` writes. */
  readonly bytes: number;
  /**
   * True: `write` runs in the transaction, in which no other process writes: what it reads is the newest. False: it only puts, and LMDB's
   * own thread writes that without calling back, which takes a fifth less CPU.
   */
  readonly reads: boolean;
  /** Must not throw. */
  write(): void;
  /** Told once whether it is durable. */
  settle(error: MooseError | undefined): void;
}

export interface GroupCommitOptions {
  readonly root: RootDatabase<Buffer, Buffer>;
  readonly path: string;
  readonly log: Log;
  /** Takes all that waits. Called when the next commit begins, never while one is under way. */
  readonly take: () => CommitWork | undefined;
  /** After this a commit is given up: lmdb-js never settles when a transaction cannot begin. */
  readonly commitTimeoutMs: number;
  /** What a commit must leave free on the disk. LMDB's native part corrupts its heap when a write of pages finds the disk full. */
  readonly reserveBytes: number;
}

/**
 *   idle ── request ──▶ scheduled ── next turn ──▶ committing ──┬─▶ committing (more came meanwhile)
 *                                                               └─▶ idle
 *   the disk is too full to begin ──▶ refused, and tried again with the next commit
 *   a commit that fails           ──▶ failed: everything is refused from then on
 *
 * After a failed fsync the kernel may have dropped the pages, and a later fsync would say "fine" ("fsyncgate"):
 * so the log stays readable, and only a restart, which reads what the disk really holds, makes it writable again.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #scheduled = false;
  #busy = false;
  /** The last commit found the disk full. Said once, not for every append. */
  #full = false;
  readonly #onIdle: (() => void)[] = [];
  #failure: MooseError | undefined;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Set once the log can no longer be written. */
  get failure(): MooseError | undefined {
    return this.#failure;
  }

  /** Something waits to be written. */
  request(): void {
    if (this.#scheduled || this.#busy) return;
    this.#scheduled = true;
    // The check phase: all requests that arrived in this turn of the event loop are in by then.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run();
    });
  }

  /** Resolves when nothing is left to write. */
  async drained(): Promise<void> {
    if (!this.#scheduled && !this.#busy) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let work = this.#options.take(); work !== undefined; work = this.#options.take()) {
      work.settle(this.#failure ?? (await this.#commit(work)));
    }
    this.#busy = false;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  async #commit(work: CommitWork): Promise<MooseError | undefined> {
    const { root, path, log, commitTimeoutMs, reserveBytes } = this.#options;
    const { bytes } = work;
    let timer: NodeJS.Timeout | undefined;
    let begun = false;
    try {
      if (!hasRoom(path, bytes, reserveBytes)) throw noRoomFor(bytes, reserveBytes);
      begun = true;
      const committed = work.reads
        ? root.transaction(() => {
            work.write();
            return true;
          })
        : root.batch(() => work.write());
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer after ${commitTimeoutMs} ms`)), commitTimeoutMs);
      });
      const done = await Promise.race([committed, late]);
      if (done !== true) throw new Error("the transaction was not applied");
      if (this.#full) log.info("The log can be written again", { path });
      this.#full = false;
      return undefined;
    } catch (error) {
      const reason = await reasonOf(error);
      const full = await isFull(reason, path, bytes);
      const failure = toAppendError(reason, path, full);
      // Its map can be full without harm; a write of pages that the system refuses leaves LMDB's memory corrupt, whatever was the reason.
      if (!full || (begun && !isMapFull(reason))) this.#failure = toAppendError(reason, path, false);
      if (!full || !this.#full) log.error(failure.message, { path, reason: messageOf(reason) });
      this.#full = full;
      return failure;
    } finally {
      clearTimeout(timer);
    }
  }
}
