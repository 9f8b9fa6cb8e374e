// The groups that members of this process take part in, and where groups stand.
import { MooseError } from "../../model/errors.ts";
import type {
  GroupMember,
  GroupMembership,
  GroupProgress,
  JoinOptions,
  ProgressListener,
} from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { KafkaGroupMember } from "./group-member.ts";
import { encodeProgress, GroupOffsets, ProgressWatch } from "./group-offsets.ts";
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
  /** Of members that commit. */
  readonly #assignments = new WeakMap<KafkaGroupMember, ReadonlyMap<string, number>>();
  #lastAssignment = 0;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
    this.#offsets = new GroupOffsets(options.connection, options.signal);
  }

  async join(group: string, member: GroupMember, options: JoinOptions): Promise<GroupMembership> {
    const { places, sessionTimeoutMs, revokeTimeoutMs, log } = this.#options;
    const named = (partitions: readonly TopicPartition[]) =>
      partitions.map(({ topic, partition }) => ({ stream: places.streamOf(topic), partition }));
    const assignments = new Map<string, number>();
    const joined = new KafkaGroupMember({
      connection: await this.#options.openConnection(),
      groupId: this.idOf(group),
      log,
      sessionTimeoutMs,
      revokeTimeoutMs,
      assigned: (partitions) => {
        for (const at of partitions) assignments.set(keyOf(at), ++this.#lastAssignment);
        member.assigned(named(partitions));
      },
      revoked: (partitions) => member.revoked(named(partitions)),
    });
    if (options.commits) this.#assignments.set(joined, assignments);
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
    const found = await this.#offsets.read(this.idOf(group), [place]);
    return found.get(keyOf(place)) ?? { committed: 0 };
  }

  async saveProgress(group: string, place: Place, progress: GroupProgress): Promise<void> {
    await this.mustHold(group, place).commit(place, progress.committed, encodeProgress(progress));
    this.advanced(group, place, progress.committed);
  }

  /** The member that holds the partition here. Throws MooseError `fenced` when there is none. */
  mustHold(group: string, place: Place): KafkaGroupMember {
    const holder = this.#holderOf(group, place);
    if (holder !== undefined) return holder;
    throw new MooseError(
      "fenced",
      `This process does not hold partition ${place.partition} of "${place.stream}" in group "${group}".`,
    );
  }

  /** Numbers the assignments of a partition to a member here that commits; undefined while no such member holds it. */
  assignmentOf(group: string, place: Place): number | undefined {
    const holder = this.#holderOf(group, place);
    return holder === undefined ? undefined : this.#assignments.get(holder)?.get(keyOf(place));
  }

  /** This process has committed. */
  advanced(group: string, place: Place, committed: number): void {
    this.#watches.get(group)?.advanced(place.stream, place, committed);
  }

  #holderOf(group: string, place: Place): KafkaGroupMember | undefined {
    return [...(this.#members.get(group) ?? [])].find((member) => member.holds(place));
  }

  onProgress(group: string, listener: ProgressListener): () => void {
    let watch = this.#watches.get(group);
    if (watch === undefined) {
      const watched = { groupId: this.idOf(group), places: () => this.#options.places.all() };
      watch = new ProgressWatch(watched, this.#offsets, this.#options.log);
      this.#watches.set(group, watch);
    }
    return watch.listen(listener);
  }

  /** Of all groups on the cluster, those of this installation. */
  namesAmong(groupIds: readonly string[]): readonly string[] {
    const prefix = this.idOf("");
    return groupIds.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length));
  }

  async close(): Promise<void> {
    for (const watch of this.#watches.values()) watch.close();
    await Promise.all([...this.#members.values()].flatMap((members) => [...members].map((member) => member.leave())));
  }

  /** On Kafka. */
  idOf(group: string): string {
    return `${this.#options.topicPrefix}${GROUP_PREFIX}${group}`;
  }
}
