// A member of a consumer group: joins, shares out when it leads, keeps its place by heartbeats, and hands partitions over in time.
import { setTimeout as delay } from "node:timers/promises";
import type { MooseError } from "../../model/errors.ts";
import type { Log } from "../../telemetry/log.ts";
import { decodeAssignment, encodeSubscription, PROTOCOL_NAME, type TopicPartition } from "./group-protocol.ts";
import { GroupShares } from "./group-shares.ts";
import { HeldPartitions } from "./held-partitions.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError, typeOf } from "./kafka-errors.ts";
import type { Broker, JoinedGroup } from "./kafkajs-internals.ts";
import { OffsetCommits } from "./offset-commits.ts";

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
const LEAVE_TIMEOUT_MS = 3_000;
/** How often the leader looks whether topics have grown. */
const LOOK_EVERY_MS = 10_000;

/** Kafka has taken the member out of the group, or gone on without it: another may hold its partitions. */
const expulsions = new Set(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "FENCED_INSTANCE_ID"]);

export class KafkaGroupMember {
  readonly #options: GroupMemberOptions;
  readonly #held: HeldPartitions;
  readonly #shares: GroupShares;
  readonly #commits: OffsetCommits;
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

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#shares = new GroupShares(options.connection);
    this.#held = new HeldPartitions({
      ...options,
      heartbeatEveryMs: heartbeatEveryMs(options),
      heartbeat: () => this.#heartbeat(),
      assigned: (partitions) => options.assigned(partitions),
      revoked: (partitions) => options.revoked(partitions),
    });
    this.#commits = new OffsetCommits({
      connection: options.connection,
      groupId: options.groupId,
      held: this.#held,
      membership: () => ({ memberId: this.#memberId, generation: this.#generation }),
      joinAgain: () => this.#wake.abort(),
    });
  }

  holds(at: TopicPartition): boolean {
    return this.#held.has(at);
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

  /** Commits an offset while the partition is held; see OffsetCommits. */
  commit(at: TopicPartition, offset: number, metadata: string): Promise<void> {
    return this.#commits.commit(at, offset, metadata);
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
    await this.#held.handOver(this.#held.all());
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
      groupProtocols: [{ name: PROTOCOL_NAME, metadata: encodeSubscription(this.#topics, this.#held.all()) }],
    });
    this.#memberId = joined.memberId;
    const { generationId, memberId } = joined;
    const groupAssignment = await this.#shares.assignments(joined);
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
    const leaving = this.#held.take(given);
    if (leaving.length === 0) return;
    await this.#held.handOver(leaving);
    this.#wake.abort();
  }

  /** Resolves when the member has to join again, or leaves. */
  async #stay(): Promise<void> {
    const everyMs = heartbeatEveryMs(this.#options);
    let lookAtMs = performance.now() + LOOK_EVERY_MS;
    for (;;) {
      await delay(everyMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
      if (this.#wake.signal.aborted || !(await this.#heartbeat())) return;
      if (performance.now() < lookAtMs) continue;
      lookAtMs = performance.now() + LOOK_EVERY_MS;
      if (await this.#shares.haveGrown(this.#joined)) return;
    }
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
    await this.#held.lose();
  }

  #coordinator(): Promise<Broker> {
    return this.#options.connection.coordinator(this.#options.groupId);
  }
}

const heartbeatEveryMs = ({ sessionTimeoutMs }: GroupMemberOptions): number =>
  Math.min(MAX_HEARTBEAT_MS, sessionTimeoutMs / 4);
