// The partitions that a member of a consumer group holds: taken, handed over within a limit, or lost.
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../telemetry/log.ts";
import { keyOf, type TopicPartition } from "./group-protocol.ts";

export interface HeldPartitionsOptions {
  readonly groupId: string;
  readonly log: Log;
  readonly revokeTimeoutMs: number;
  readonly heartbeatEveryMs: number;
  /** Keeps the member's place in the group while its work ends. */
  heartbeat(): Promise<unknown>;
  assigned(partitions: readonly TopicPartition[]): void;
  revoked(partitions: readonly TopicPartition[]): Promise<void>;
}

export class HeldPartitions {
  readonly #options: HeldPartitionsOptions;
  readonly #held = new Map<string, { readonly at: TopicPartition; readonly assignment: number }>();
  #assignments = 0;

  constructor(options: HeldPartitionsOptions) {
    this.#options = options;
  }

  has(at: TopicPartition): boolean {
    return this.#held.has(keyOf(at));
  }

  all(): readonly TopicPartition[] {
    return [...this.#held.values()].map(({ at }) => at);
  }

  /** Numbers the times that partitions were assigned: what is lost and held again has another. Undefined while it is not held. */
  assignmentOf(at: TopicPartition): number | undefined {
    return this.#held.get(keyOf(at))?.assignment;
  }

  /** Takes what is new; returns what is held and not given any more. */
  take(given: readonly TopicPartition[]): readonly TopicPartition[] {
    const keys = new Set(given.map(keyOf));
    const arriving = given.filter((at) => !this.has(at));
    for (const at of arriving) this.#held.set(keyOf(at), { at, assignment: ++this.#assignments });
    if (arriving.length > 0) this.#options.assigned(arriving);
    return this.all().filter((at) => !keys.has(keyOf(at)));
  }

  /** They are held, and may be committed, until their work has ended. */
  async handOver(leaving: readonly TopicPartition[]): Promise<void> {
    if (leaving.length === 0) return;
    const handing = this.#revoke(leaving);
    let over = false;
    void handing.then(() => {
      over = true;
    });
    while (!over) {
      const stopped = new AbortController();
      const next = delay(this.#options.heartbeatEveryMs, undefined, { signal: stopped.signal });
      await Promise.race([handing, next.catch(() => undefined)]);
      stopped.abort();
      if (!over) await this.#options.heartbeat().catch(() => undefined);
    }
    for (const at of leaving) this.#held.delete(keyOf(at));
  }

  /** Nothing is held any more: another may have it already. */
  async lose(): Promise<void> {
    const lost = this.all();
    if (lost.length === 0) return;
    const { log, groupId } = this.#options;
    log.warn("A consumer group went on without this process, which stops with its partitions", {
      group: groupId,
      partitions: lost.length,
    });
    this.#held.clear();
    await this.#revoke(lost);
  }

  /** A revocation that fails or takes too long is over all the same. */
  async #revoke(leaving: readonly TopicPartition[]): Promise<void> {
    const { log, revokeTimeoutMs, groupId } = this.#options;
    const revoking = this.#options.revoked(leaving);
    const stopped = new AbortController();
    const limit = delay(revokeTimeoutMs, true, { signal: stopped.signal }).catch(() => false);
    try {
      if (await Promise.race([revoking.then(() => false), limit]))
        log.warn("Partitions were given away before their work had ended", { group: groupId });
    } catch (error) {
      log.error("A member of a consumer group failed to stop", { reason: (error as Error).message });
    } finally {
      stopped.abort();
    }
  }
}
