// The groups that members of this process take part in, and where groups stand.
import { MooseError } from "../../model/errors.ts";
import type { GroupMember, GroupMembership, GroupProgress, ProgressListener } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { KafkaGroupMember } from "./group-member.ts";
import { encodePending, GroupOffsets, ProgressWatch } from "./group-offsets.ts";
import { keyOf, type TopicPartition } from "./group-protocol.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import type { Place, StreamPlaces } from "./stream-places.ts";

export interface ConsumerGroupsOptions {
  readonly connection: KafkaConnection;
  openConnection(): Promise<KafkaConnection>;
  readonly places: StreamPlaces;
  readonly topicPrefix: string;
  readonly sessionTimeoutMs: number;
  readonly revokeTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Names of groups on Kafka begin with this, after the prefix of the installation. */
const GROUP_PREFIX = "moose.";

export class ConsumerGroups {
  readonly #options: ConsumerGroupsOptions;
  readonly #offsets: GroupOffsets;
  readonly #members = new Map<string, Set<KafkaGroupMember>>();
  readonly #watches = new Map<string, ProgressWatch>();

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
    this.#offsets = new GroupOffsets(options.connection, options.signal);
  }

  async join(group: string, member: GroupMember): Promise<GroupMembership> {
    const { places, sessionTimeoutMs, revokeTimeoutMs, log } = this.#options;
    const named = (partitions: readonly TopicPartition[]) =>
      partitions.map(({ topic, partition }) => ({ stream: places.streamOf(topic), partition }));
    const joined = new KafkaGroupMember({
      connection: await this.#options.openConnection(),
      groupId: this.#idOf(group),
      log,
      sessionTimeoutMs,
      revokeTimeoutMs,
      assigned: (partitions) => member.assigned(named(partitions)),
      revoked: (partitions) => member.revoked(named(partitions)),
    });
    const members = this.#members.get(group) ?? new Set();
    this.#members.set(group, members.add(joined));
    return {
      follow: (streams) => joined.follow(streams.map((stream) => places.topicOf(stream))),
      leave: async () => {
        await joined.leave();
        members.delete(joined);
      },
    };
  }

  /** A stream has more partitions than before. */
  grown(): void {
    for (const members of this.#members.values()) for (const member of members) member.lookAgain();
  }

  async progress(group: string, place: Place): Promise<GroupProgress> {
    const found = await this.#offsets.read(this.#idOf(group), [place]);
    return found.get(keyOf(place)) ?? { committed: 0 };
  }

  async saveProgress(group: string, place: Place, progress: GroupProgress): Promise<void> {
    const holder = [...(this.#members.get(group) ?? [])].find((member) => member.holds(place));
    if (holder === undefined)
      throw new MooseError(
        "fenced",
        `This process does not hold partition ${place.partition} of "${place.stream}" in group "${group}".`,
      );
    await holder.commit(place, progress.committed, encodePending(progress.pending));
    this.#watches.get(group)?.advanced(place.stream, place, progress.committed);
  }

  onProgress(group: string, listener: ProgressListener): () => void {
    let watch = this.#watches.get(group);
    if (watch === undefined) {
      const watched = { groupId: this.#idOf(group), places: () => this.#options.places.all() };
      watch = new ProgressWatch(watched, this.#offsets, this.#options.log);
      this.#watches.set(group, watch);
    }
    return watch.listen(listener);
  }

  /** Of all groups on the cluster, those of this installation. */
  namesAmong(groupIds: readonly string[]): readonly string[] {
    const prefix = this.#idOf("");
    return groupIds.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  }

  async close(): Promise<void> {
    for (const watch of this.#watches.values()) watch.close();
    await Promise.all([...this.#members.values()].flatMap((members) => [...members].map((member) => member.leave())));
  }

  #idOf(group: string): string {
    return `${this.#options.topicPrefix}${GROUP_PREFIX}${group}`;
  }
}
