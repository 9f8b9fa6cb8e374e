// Consumer groups of this process: tells its members which partitions to begin and to stop with, as the leases say.
import { MooseError } from "../../model/errors.ts";
import type { GroupMember, GroupMembership, StreamPartition } from "../../ports/stream-log.ts";
import type { Log } from "../../telemetry/log.ts";
import type { GroupLeases, Lease, Shares } from "./group-leases.ts";
import { messageOf } from "./lmdb-errors.ts";
import type { Step } from "./log-writer.ts";

export interface ConsumerGroupsOptions {
  readonly leases: GroupLeases;
  /** Names this opening of the log: members of two have different names. */
  readonly process: string;
  readonly run: (step: Step) => Promise<void>;
  /** What a member takes longer for than this is given away all the same. */
  readonly revokeLimitMs: number;
  readonly log: Log;
}

interface Member {
  readonly told: GroupMember;
  streams: readonly string[];
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
      group = new Group(name, this.#options);
      this.#groups.set(name, group);
    }
    return group.add(`${this.#options.process}.${String(++this.#memberCount).padStart(6, "0")}`, told);
  }

  /** Members, leases or partitions are others than before, here or elsewhere. */
  changed(): void {
    for (const group of this.#groups.values()) {
      group.rebalance().catch((error: unknown) => {
        this.#options.log.warn("Partitions could not be shared out; the next change tries again", {
          reason: messageOf(error),
        });
      });
    }
  }
}

class Group {
  readonly #name: string;
  readonly #options: ConsumerGroupsOptions;
  readonly #members = new Map<string, Member>();
  /** What members were told that they hold. */
  #told = new Map<string, Lease>();
  #unsettled = false;
  #settling: Promise<void> | undefined;

  constructor(name: string, options: ConsumerGroupsOptions) {
    this.#name = name;
    this.#options = options;
  }

  add(id: string, told: GroupMember): GroupMembership {
    const member: Member = { told, streams: [] };
    this.#members.set(id, member);
    return {
      follow: (streams) => {
        member.streams = [...streams];
        return this.rebalance();
      },
      leave: async () => {
        if (!this.#members.has(id)) return;
        member.streams = [];
        await this.rebalance();
        this.#members.delete(id);
        await this.rebalance();
      },
    };
  }

  /** Resolves when this process has its share, and has given back what is not of it. */
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
      const { held, leaving } = await this.#takeShares();
      const lost = [...this.#told].filter(
        ([name, lease]) => held.get(name)?.epoch !== lease.epoch || leaving.has(name),
      );
      const gained = [...held].filter(([name]) => !this.#told.has(name) && !leaving.has(name));
      for (const [member, leases] of byMember(gained)) {
        for (const [name, lease] of leases) this.#told.set(name, lease);
        this.#members.get(member)?.told.assigned(leases.map(([, lease]) => placeOf(lease)));
      }
      await Promise.all(byMember(lost).map(([member, leases]) => this.#revoke(member, leases)));
      for (const [name] of lost) this.#told.delete(name);
      const givenBack = new Map([...held].filter(([name]) => leaving.has(name)));
      if (givenBack.size > 0) await this.#release(givenBack);
      // What was lost to another and won again within this step is taken up in the next.
      if (lost.length > 0) this.#unsettled = true;
    }
  }

  async #takeShares(): Promise<Shares> {
    const own = new Map([...this.#members].map(([id, { streams }]) => [id, streams]));
    let shares: Shares | undefined;
    await this.#options.run(() => {
      shares = this.#options.leases.step(this.#name, own);
      return undefined;
    });
    if (shares === undefined) throw new MooseError("internal", "The shares of a consumer group were not computed.");
    return shares;
  }

  async #release(leases: ReadonlyMap<string, Lease>): Promise<void> {
    await this.#options.run(() => {
      this.#options.leases.release(this.#name, leases);
      return undefined;
    });
  }

  async #revoke(id: string, leases: readonly [string, Lease][]): Promise<void> {
    const { revokeLimitMs, log } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, revokeLimitMs);
      // A process that ends does not wait for a member that hangs.
      timer.unref();
    });
    try {
      await Promise.race([this.#members.get(id)?.told.revoked(leases.map(([, lease]) => placeOf(lease))), late]);
    } catch (error) {
      log.error("A member of a consumer group failed to stop", { group: this.#name, reason: messageOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}

function placeOf({ stream, partition }: Lease): StreamPartition {
  return { stream, partition };
}

function byMember(leases: readonly [string, Lease][]): [string, [string, Lease][]][] {
  const groups = new Map<string, [string, Lease][]>();
  for (const entry of leases) {
    const group = groups.get(entry[1].member) ?? [];
    group.push(entry);
    groups.set(entry[1].member, group);
  }
  return [...groups];
}
