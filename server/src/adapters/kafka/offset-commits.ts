// Commits of a member's offsets: of each partition one at a time, never an older one after a newer.
import { setTimeout as delay } from "node:timers/promises";
import { MooseError } from "../../model/errors.ts";
import { keyOf, type TopicPartition } from "./group-protocol.ts";
import type { HeldPartitions } from "./held-partitions.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { isRefusal, toMooseError, typeOf } from "./kafka-errors.ts";

export interface OffsetCommitsOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  readonly held: HeldPartitions;
  /** As it is now; a rebalance changes it. */
  membership(): { readonly memberId: string; readonly generation: number };
  /** The group does not know the member any more. */
  joinAgain(): void;
  /** Default: performance.now. */
  readonly nowMs?: () => number;
}

interface Commit {
  readonly at: TopicPartition;
  /** The assignment that it was made under. */
  readonly assignment: number;
  readonly offset: number;
  readonly metadata: string;
  readonly deadline: number;
  readonly done: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

interface Lane {
  /** Waits for the one under way; takes the place of an older one. */
  next?: Commit;
  running: boolean;
}

const COMMIT_TIMEOUT_MS = 10_000;
const RETRY_DELAY_MS = 50;
/**
 * A commit says where a partition stands, so a newer one stands for all before it. Were an older one sent again after a newer, it would
 * wipe out the range that the newer has recorded; were it sent under a later assignment, what another member has done meanwhile.
 */
export class OffsetCommits {
  readonly #options: OffsetCommitsOptions;
  readonly #nowMs: () => number;
  readonly #lanes = new Map<string, Lane>();

  constructor(options: OffsetCommitsOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /**
   * Resolves when it, or a newer one, is stored; waits for a rebalance that is under way. Rejects with MooseError `fenced` when the
   * partition is not held any more, even if it is held again, and with `log_unavailable`.
   */
  commit(at: TopicPartition, offset: number, metadata: string): Promise<void> {
    const assignment = this.#options.held.assignmentOf(at);
    if (assignment === undefined) return Promise.reject(fenced(this.#options.groupId, at));
    let resolve!: () => void;
    let reject!: (error: Error) => void;
    const done = new Promise<void>((onDone, onError) => {
      [resolve, reject] = [onDone, onError];
    });
    const deadline = this.#nowMs() + COMMIT_TIMEOUT_MS;
    const commit: Commit = { at, assignment, offset, metadata, deadline, done, resolve, reject };
    const lane = this.#lane(at);
    if (lane.next !== undefined) settleWith(lane.next, commit);
    lane.next = commit;
    if (!lane.running) void this.#run(lane);
    return done;
  }

  #lane(at: TopicPartition): Lane {
    const key = keyOf(at);
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { running: false };
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  async #run(lane: Lane): Promise<void> {
    lane.running = true;
    for (let commit = lane.next; commit !== undefined; commit = lane.next) {
      delete lane.next;
      try {
        if (await this.#store(commit, lane)) commit.resolve();
      } catch (error) {
        commit.reject(error as Error);
      }
    }
    lane.running = false;
  }

  /** Tries until it is stored; false when a newer one waits, which then stands for it. */
  async #store(commit: Commit, lane: Lane): Promise<boolean> {
    const { connection, groupId, held, membership, joinAgain } = this.#options;
    const { topic, partition } = commit.at;
    const partitions = [{ partition, offset: String(commit.offset), metadata: commit.metadata }];
    for (;;) {
      if (held.assignmentOf(commit.at) !== commit.assignment) throw fenced(groupId, commit.at);
      const { memberId, generation } = membership();
      try {
        const coordinator = await connection.coordinator(groupId);
        const topics = [{ topic, partitions }];
        await coordinator.offsetCommit({ groupId, groupGenerationId: generation, memberId, topics });
        return true;
      } catch (error) {
        const type = typeOf(error) ?? "";
        connection.forgetCoordinator(groupId);
        // A rebalance has begun: partitions that stay can be committed when it has ended.
        if (type === "UNKNOWN_MEMBER_ID") joinAgain();
        // Whether the member has lost the partition is for its membership to say: the generation may only have been an old one.
        if (isRefusal(error) || this.#nowMs() > commit.deadline)
          throw toMooseError(error, `save the progress of group "${groupId}"`);
        if (lane.next?.assignment === commit.assignment) {
          settleWith(commit, lane.next);
          return false;
        }
        await delay(RETRY_DELAY_MS);
      }
    }
  }
}

/** The newer one stands for the older, whatever becomes of it. */
function settleWith(older: Commit, newer: Commit): void {
  newer.done.then(older.resolve, older.reject);
}

function fenced(groupId: string, { topic, partition }: TopicPartition): MooseError {
  return new MooseError(
    "fenced",
    `This process does not hold partition ${partition} of topic "${topic}" in group "${groupId}" (any more).`,
  );
}
