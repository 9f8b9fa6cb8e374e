// Consumer groups: tells members which partitions to begin and to stop with, one holder for each at a time.
import { assignPartitions } from "../../model/assign-partitions.ts";
import type { GroupMember, GroupMembership, StreamPartition } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import { messageOf } from "./lmdb-errors.ts";

export interface ConsumerGroupsOptions {
  readonly partitionsOf: (stream: string) => number;
  /** What a member takes longer for than this is given away all the same. */
  readonly revokeLimitMs: number;
  readonly log: Log;
}

interface Member {
  readonly id: string;
  readonly told: GroupMember;
  streams: readonly string[];
}

interface Holding extends StreamPartition {
  readonly member: Member;
}

export class ConsumerGroups {
  readonly #options: ConsumerGroupsOptions;
  readonly #groups = new Map<string, Group>();
  #memberCount = 0;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
  }

  join(name: string, told: GroupMember): GroupMembership {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = new Group(this.#options);
      this.#groups.set(name, group);
    }
    const member: Member = { id: String(++this.#memberCount).padStart(6, "0"), told, streams: [] };
    return group.add(member);
  }

  holds(group: string, at: StreamPartition): boolean {
    return this.#groups.get(group)?.holds(at) ?? false;
  }

  /** A stream has more partitions than before. */
  grown(): void {
    for (const group of this.#groups.values()) void group.rebalance();
  }
}

class Group {
  readonly #options: ConsumerGroupsOptions;
  readonly #members = new Set<Member>();
  readonly #held = new Map<string, Holding>();
  #unsettled = false;
  #settling: Promise<void> | undefined;

  constructor(options: ConsumerGroupsOptions) {
    this.#options = options;
  }

  add(member: Member): GroupMembership {
    this.#members.add(member);
    return {
      follow: (streams) => {
        member.streams = [...streams];
        return this.rebalance();
      },
      leave: async () => {
        member.streams = [];
        await this.rebalance();
        this.#members.delete(member);
      },
    };
  }

  holds(at: StreamPartition): boolean {
    return this.#held.has(keyOf(at));
  }

  /** Resolves when every partition is where it belongs. */
  rebalance(): Promise<void> {
    this.#unsettled = true;
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  async #settle(): Promise<void> {
    while (this.#unsettled) {
      this.#unsettled = false;
      const { target, places } = this.#target();
      const leaving = [...this.#held].filter(([key, { member }]) => target.get(key) !== member);
      await Promise.all(
        byMember(leaving.map(([, holding]) => holding)).map(([member, lost]) => this.#revoke(member, lost)),
      );
      for (const [key] of leaving) this.#held.delete(key);
      // Who came or went meanwhile changes where they belong.
      if (!this.#unsettled) this.#assign(target, places);
    }
  }

  #assign(target: ReadonlyMap<string, Member>, places: ReadonlyMap<string, StreamPartition>): void {
    const arriving: Holding[] = [];
    for (const [key, member] of target) {
      if (this.#held.has(key)) continue;
      const holding = { ...places.get(key)!, member };
      this.#held.set(key, holding);
      arriving.push(holding);
    }
    for (const [member, gained] of byMember(arriving)) member.told.assigned(gained);
  }

  #target(): { target: ReadonlyMap<string, Member>; places: ReadonlyMap<string, StreamPartition> } {
    const members = new Map([...this.#members].map((member) => [member.id, member]));
    const places = new Map<string, StreamPartition>();
    for (const stream of new Set([...this.#members].flatMap((member) => member.streams))) {
      for (let partition = 0; partition < this.#options.partitionsOf(stream); partition++) {
        places.set(keyOf({ stream, partition }), { stream, partition });
      }
    }
    const assigned = assignPartitions(
      [...places].map(([key, { stream }]) => ({
        key,
        followers: [...members.values()].filter(({ streams }) => streams.includes(stream)).map(({ id }) => id),
        holder: this.#held.get(key)?.member.id,
      })),
    );
    return { target: new Map([...assigned].map(([key, id]) => [key, members.get(id)!])), places };
  }

  async #revoke(member: Member, lost: readonly StreamPartition[]): Promise<void> {
    const { revokeLimitMs, log } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, revokeLimitMs);
    });
    try {
      await Promise.race([member.told.revoked(lost), late]);
    } catch (error) {
      log.error("A member of a consumer group failed to stop", { reason: messageOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}

function keyOf({ stream, partition }: StreamPartition): string {
  return `${stream}\0${partition}`;
}

function byMember(holdings: readonly Holding[]): [Member, StreamPartition[]][] {
  const groups = new Map<Member, StreamPartition[]>();
  for (const { member, stream, partition } of holdings) {
    const group = groups.get(member) ?? [];
    group.push({ stream, partition });
    groups.set(member, group);
  }
  return [...groups];
}
