// What the leader of a consumer group does: shares the partitions out among the members, and notices when topics have grown.
import { decodeSubscription, encodeAssignment, shareOut } from "./group-protocol.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { JoinedGroup } from "./kafkajs-internals.ts";

export class GroupShares {
  readonly #connection: KafkaConnection;
  /** Topics and their partitions, as they were shared out last. */
  #shared = "";

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** For the request that ends the join. Empty when another member leads. */
  async assignments(joined: JoinedGroup) {
    if (joined.leaderId !== joined.memberId) return [];
    const members = joined.members.map(({ memberId, memberMetadata }) => decodeSubscription(memberId, memberMetadata));
    const topics = members.flatMap((member) => member.topics);
    await this.#connection.watch(topics);
    await this.#connection.refresh();
    this.#shared = this.#sizes(topics);
    const shares = shareOut(members, (topic) => this.#connection.partitionCount(topic));
    return [...shares].map(([memberId, share]) => ({ memberId, memberAssignment: encodeAssignment(share) }));
  }

  /** False when another member leads. Rejects with kafkajs's error. */
  async haveGrown(joined: JoinedGroup | undefined): Promise<boolean> {
    if (joined === undefined || joined.leaderId !== joined.memberId) return false;
    await this.#connection.refresh();
    const topics = joined.members.flatMap(
      ({ memberId, memberMetadata }) => decodeSubscription(memberId, memberMetadata).topics,
    );
    return this.#sizes(topics) !== this.#shared;
  }

  #sizes(topics: readonly string[]): string {
    return [...new Set(topics)].map((topic) => `${topic} ${this.#connection.partitionCount(topic)}`).join();
  }
}
