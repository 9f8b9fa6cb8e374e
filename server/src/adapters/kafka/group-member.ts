// A member of a consumer group: joins, shares out when it leads, keeps its place by heartbeats, and hands partitions over in time.
import { setTimeout as delay } from "node:timers/promises";
import { MooseError } from "../../model/errors.ts";
import type { Log } from "../../telemetry/log.ts";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  keyOf,
  PROTOCOL_NAME,
  shareOut,
  type TopicPartition,
} from "./group-protocol.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError, typeOf } from "./kafka-errors.ts";
import type { Broker, JoinedGroup } from "./kafkajs-internals.ts";

export interface GroupMemberOptions {
  /** The member's own: a broker answers one request of a connection at a time, and a join may take long. */
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly log: Log;
  readonly sessionTimeoutMs: number;
  readonly revokeTimeoutMs: number;
  assigned(partitions: readonly TopicPartition[]): void;
  revoked(partitions: readonly TopicPartition[]): Promise<void>;
}

const MAX_HEARTBEAT_MS = 500;
const RETRY_DELAY_MS = 250;
const COMMIT_TIMEOUT_MS = 10_000;
const LEAVE_TIMEOUT_MS = 3_000;
/** How often the leader looks whether topics have grown. */
const LOOK_EVERY_MS = 10_000;
/** Kafka has taken the member out of the group, or gone on without it: another may hold its partitions. */
const expulsions = new Set(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "FENCED_INSTANCE_ID"]);

export class KafkaGroupMember {
  readonly #options: GroupMemberOptions;
  readonly #held = new Map<string, TopicPartition>();
  readonly #stop = new AbortController();
  #topics: readonly string[] = [];
  #wanted = 0;
  #memberId = "";
  #generation = -1;
  #joined: JoinedGroup | undefined;
  #wake = new AbortController();
  #waiters: { wanted: number; resolve(): void; reject(error: MooseError): void }[] = [];
  #running: Promise<void> | undefined;
  #lastSeenMs = 0;
  #shared = "";

  constructor(options: GroupMemberOptions) {
    this.#options = options;
  }

  holds(at: TopicPartition): boolean {
    return this.#held.has(keyOf(at));
  }

  /** Resolves when a share of these was taken, and what is not followed any more was handed over. */
  follow(topics: readonly string[]): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    this.#topics = [...topics];
    const wanted = ++this.#wanted;
    this.#running ??= this.#run();
    this.#wake.abort();
    return new Promise((resolve, reject) => this.#waiters.push({ wanted, resolve, reject }));
  }

  /** Joins again, since topics have grown. */
  lookAgain(): void {
    if (this.#running === undefined) return;
    this.#wanted++;
    this.#wake.abort();
  }

  async leave(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort();
      this.#wake.abort();
    }
    // A join may wait for other members; without the connection it ends at once, and Kafka notices by the session's limit.
    const limit = new AbortController();
    const late = delay(this.#options.revokeTimeoutMs + LEAVE_TIMEOUT_MS, undefined, { signal: limit.signal });
    await Promise.race([this.#running, late.catch(() => undefined)]);
    limit.abort();
    await this.#options.connection.close();
    await this.#running;
  }

  /**
   * Commits an offset while the partition is held; waits for a rebalance that is under way. Rejects with MooseError `fenced` or
   * `log_unavailable`.
   */
  async commit(at: TopicPartition, offset: number, metadata: string): Promise<void> {
    const deadline = performance.now() + COMMIT_TIMEOUT_MS;
    const { topic, partition } = at;
    const topics = [{ topic, partitions: [{ partition, offset: String(offset), metadata }] }];
    for (;;) {
      if (!this.holds(at)) throw fenced(this.#options.groupId, at);
      const generation = this.#generation;
      try {
        const { groupId } = this.#options;
        const coordinator = await this.#coordinator();
        await coordinator.offsetCommit({ groupId, groupGenerationId: generation, memberId: this.#memberId, topics });
        return;
      } catch (error) {
        const type = typeOf(error) ?? "";
        this.#options.connection.forgetCoordinator(this.#options.groupId);
        // A rebalance has begun: partitions that stay can be committed when it has ended.
        if (type === "UNKNOWN_MEMBER_ID") this.#wake.abort();
        if (isRefusal(error) || performance.now() > deadline)
          throw expulsions.has(type)
            ? fenced(this.#options.groupId, at, error)
            : toMooseError(error, `save the progress of group "${this.#options.groupId}"`);
        await delay(RETRY_DELAY_MS / 5);
      }
    }
  }

  async #run(): Promise<void> {
    const { log, groupId } = this.#options;
    while (!this.#stop.signal.aborted) {
      try {
        this.#wake = new AbortController();
        if (this.#stop.signal.aborted) break;
        await this.#join();
        await this.#stay();
      } catch (error) {
        await this.#trouble(error as Error);
        log.debug("A member of a consumer group has to join again", {
          group: groupId,
          reason: (error as Error).message,
        });
        await delay(RETRY_DELAY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
    await this.#handOver([...this.#held.values()]);
    for (const { resolve } of this.#waiters.splice(0)) resolve();
    if (this.#memberId === "") return;
    await this.#coordinator()
      .then((coordinator) => coordinator.leaveGroup({ groupId, memberId: this.#memberId }))
      .catch((error: Error) => log.debug("A consumer group was not told of a leave", { reason: error.message }));
  }

  async #join(): Promise<void> {
    const { connection, groupId, sessionTimeoutMs, revokeTimeoutMs } = this.#options;
    const wanted = this.#wanted;
    if (this.#topics.length > 0) await connection.watch(this.#topics);
    const coordinator = await this.#coordinator();
    const joined = await coordinator.joinGroup({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: sessionTimeoutMs + revokeTimeoutMs,
      memberId: this.#memberId,
      groupProtocols: [{ name: PROTOCOL_NAME, metadata: encodeSubscription(this.#topics, [...this.#held.values()]) }],
    });
    this.#memberId = joined.memberId;
    const { generationId, memberId } = joined;
    const groupAssignment = joined.leaderId === memberId ? await this.#shareOut(joined) : [];
    const { memberAssignment } = await coordinator.syncGroup({ groupId, generationId, memberId, groupAssignment });
    this.#joined = joined;
    this.#generation = generationId;
    this.#lastSeenMs = performance.now();
    await this.#take(decodeAssignment(memberAssignment));
    const done = this.#waiters.filter((waiter) => waiter.wanted <= wanted);
    this.#waiters = this.#waiters.filter((waiter) => waiter.wanted > wanted);
    for (const { resolve } of done) resolve();
  }

  /** Takes what is new, and hands over what is not given any more: then the others have to hear of it. */
  async #take(given: readonly TopicPartition[]): Promise<void> {
    const keys = new Set(given.map(keyOf));
    const arriving = given.filter((at) => !this.#held.has(keyOf(at)));
    for (const at of arriving) this.#held.set(keyOf(at), at);
    if (arriving.length > 0) this.#options.assigned(arriving);
    const leaving = [...this.#held.values()].filter((at) => !keys.has(keyOf(at)));
    if (leaving.length === 0) return;
    await this.#handOver(leaving);
    this.#wake.abort();
  }

  async #shareOut(joined: JoinedGroup) {
    const { connection } = this.#options;
    const members = joined.members.map(({ memberId, memberMetadata }) => decodeSubscription(memberId, memberMetadata));
    await connection.watch(members.flatMap(({ topics }) => topics));
    await connection.refresh();
    this.#shared = this.#sizes(members.flatMap(({ topics }) => topics));
    const shares = shareOut(members, (topic) => connection.partitionCount(topic));
    return [...shares].map(([memberId, share]) => ({ memberId, memberAssignment: encodeAssignment(share) }));
  }

  #sizes(topics: readonly string[]): string {
    return [...new Set(topics)].map((topic) => `${topic} ${this.#options.connection.partitionCount(topic)}`).join();
  }

  /** Resolves when the member has to join again, or leaves. */
  async #stay(): Promise<void> {
    const { sessionTimeoutMs } = this.#options;
    const everyMs = Math.min(MAX_HEARTBEAT_MS, sessionTimeoutMs / 4);
    let lookAtMs = performance.now() + LOOK_EVERY_MS;
    for (;;) {
      await delay(everyMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
      if (this.#wake.signal.aborted || !(await this.#heartbeat())) return;
      if (performance.now() < lookAtMs) continue;
      lookAtMs = performance.now() + LOOK_EVERY_MS;
      if (await this.#topicsGrew()) return;
    }
  }

  async #topicsGrew(): Promise<boolean> {
    if (this.#joined?.leaderId !== this.#memberId) return false;
    await this.#options.connection.refresh();
    const topics = this.#joined.members.flatMap(
      ({ memberId, memberMetadata }) => decodeSubscription(memberId, memberMetadata).topics,
    );
    return this.#sizes(topics) !== this.#shared;
  }

  /** False when there is a rebalance. Throws when the member was put out. */
  async #heartbeat(): Promise<boolean> {
    const { groupId, sessionTimeoutMs } = this.#options;
    try {
      const coordinator = await this.#coordinator();
      await coordinator.heartbeat({ groupId, groupGenerationId: this.#generation, memberId: this.#memberId });
      this.#lastSeenMs = performance.now();
      return true;
    } catch (error) {
      const type = typeOf(error);
      if (type === "REBALANCE_IN_PROGRESS") return false;
      this.#options.connection.forgetCoordinator(groupId);
      // A broker that is away for a moment keeps the members that it knew.
      if ((type !== undefined && expulsions.has(type)) || performance.now() - this.#lastSeenMs > sessionTimeoutMs)
        throw error;
      return true;
    }
  }

  /** After an expulsion nothing is held any more: another may have it already. */
  async #trouble(error: Error): Promise<void> {
    const { log, groupId, sessionTimeoutMs, connection } = this.#options;
    const type = typeOf(error);
    connection.forgetCoordinator(groupId);
    if (isRefusal(error)) {
      const refusal = toMooseError(error, `let group "${groupId}" be joined`);
      for (const { reject } of this.#waiters.splice(0)) reject(refusal);
      log.error("A consumer group cannot be joined", { group: groupId, reason: refusal.message });
    }
    if (type === "UNKNOWN_MEMBER_ID" || type === "FENCED_INSTANCE_ID") this.#memberId = "";
    const expelled = type !== undefined && expulsions.has(type);
    if (!expelled && performance.now() - this.#lastSeenMs <= sessionTimeoutMs) return;
    const lost = [...this.#held.values()];
    if (lost.length === 0) return;
    log.warn("A consumer group went on without this process, which stops with its partitions", {
      group: groupId,
      partitions: lost.length,
    });
    this.#held.clear();
    await this.#withLimit(this.#options.revoked(lost));
  }

  /** Stays a member, and may commit, until the partitions are handed over. */
  async #handOver(leaving: readonly TopicPartition[]): Promise<void> {
    if (leaving.length === 0) return;
    const handing = this.#withLimit(this.#options.revoked(leaving));
    let over = false;
    void handing.then(() => {
      over = true;
    });
    const everyMs = Math.min(MAX_HEARTBEAT_MS, this.#options.sessionTimeoutMs / 4);
    while (!over) {
      const stopped = new AbortController();
      await Promise.race([handing, delay(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined)]);
      stopped.abort();
      if (!over) await this.#heartbeat().catch(() => undefined);
    }
    for (const at of leaving) this.#held.delete(keyOf(at));
  }

  /** A revocation that fails or takes too long is over all the same. */
  async #withLimit(revoking: Promise<void>): Promise<void> {
    const { log, revokeTimeoutMs, groupId } = this.#options;
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

  #coordinator(): Promise<Broker> {
    return this.#options.connection.coordinator(this.#options.groupId);
  }
}

function fenced(groupId: string, { topic, partition }: TopicPartition, cause?: unknown): MooseError {
  return new MooseError(
    "fenced",
    `This process does not hold partition ${partition} of topic "${topic}" in group "${groupId}" (any more).`,
    cause === undefined ? {} : { cause },
  );
}
