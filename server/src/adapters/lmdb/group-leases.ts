// Members and leases of consumer groups, in LMDB: every process reads the same and comes to the same shares, each takes only its own.
import { assignPartitions } from "../../model/assign-partitions.ts";
import type { StreamPartition } from "../../ports/stream-log.ts";
import type { LogVersions } from "./log-versions.ts";
import type { OpenedLog } from "./open-log.ts";
import { asBuffer } from "./record-reader.ts";

/** Key: group, member. */
interface StoredMember {
  readonly process: string;
  readonly streams: readonly string[];
}

/** Key: group, stream, partition. Given back, it keeps its epoch alone. */
interface StoredLease {
  readonly member?: string;
  readonly process?: string;
  /** Counts who had it: whoever held an earlier one is fenced. */
  readonly epoch: number;
}

export interface GroupLeasesOptions {
  readonly opened: Pick<OpenedLog, "members" | "leases">;
  /** This opening of the log. */
  readonly process: string;
  /** 0 for a stream that this process does not know yet. */
  readonly partitionsOf: (stream: string) => number;
  readonly isLive: (process: string) => boolean;
  readonly versions: LogVersions;
}

export interface Shares {
  /** What the members of this process hold now, by `leaseName`: taken in this step, or before it. */
  readonly held: ReadonlyMap<string, Lease>;
  /** Of these, what belongs to others: to be given back once its member has stopped with it. */
  readonly leaving: ReadonlySet<string>;
}

export interface Lease extends StreamPartition {
  readonly member: string;
  readonly epoch: number;
}

/** All methods but `holds` and `isFollowed` are called in a transaction. */
export class GroupLeases {
  readonly #options: GroupLeasesOptions;

  constructor(options: GroupLeasesOptions) {
    this.#options = options;
  }

  /** Says who this process's members are, and takes what is free and belongs to them. */
  step(group: string, own: ReadonlyMap<string, readonly string[]>): Shares {
    const { opened, process } = this.#options;
    const { members, changed: membersChanged } = this.#updateMembers(group, own);
    const stored = this.#leases(group);
    const places = this.#places(members);
    const holderOf = (name: string): string | undefined => {
      const member = stored.get(name)?.member;
      return member !== undefined && members.has(member) ? member : undefined;
    };
    const target = assignPartitions(
      [...places].map(([key, { stream }]) => ({
        key,
        stream,
        followers: [...members].filter(([, { streams }]) => streams.includes(stream)).map(([id]) => id),
        holder: holderOf(key),
      })),
    );
    const held = new Map<string, Lease>();
    const leaving = new Set<string>();
    let changed = membersChanged;
    for (const name of new Set([...stored.keys(), ...places.keys()])) {
      const place = places.get(name) ?? placeOf(name);
      const holder = holderOf(name);
      const member = holder ?? target.get(name);
      if (member === undefined || !own.has(member)) continue;
      let epoch = stored.get(name)?.epoch ?? 0;
      if (holder === undefined) {
        epoch++;
        opened.leases.put(leaseKey(group, name), encode({ member, process, epoch } satisfies StoredLease));
        changed = true;
      } else if (target.get(name) !== holder) leaving.add(name);
      held.set(name, { ...place, member, epoch });
    }
    if (changed) this.#options.versions.bump("leases");
    return { held, leaving };
  }

  /** Gives back what this process still holds of these. */
  release(group: string, leases: ReadonlyMap<string, Lease>): void {
    const { opened, versions } = this.#options;
    for (const [name, { member, epoch }] of leases) {
      const key = leaseKey(group, name);
      const stored = decode<StoredLease>(opened.leases.get(key));
      if (stored?.member === member && stored.epoch === epoch) opened.leases.put(key, encode({ epoch }));
    }
    versions.bump("leases");
  }

  holds(group: string, at: StreamPartition): boolean {
    const stored = decode<StoredLease>(this.#options.opened.leases.get(leaseKey(group, leaseName(at))));
    return stored?.process === this.#options.process;
  }

  /** Whether a member of a process that lives takes part in the stream. */
  isFollowed(group: string, stream: string): boolean {
    const { opened, isLive } = this.#options;
    return entries(opened.members, group).some(({ value }) => {
      const member = decode<StoredMember>(value)!;
      return isLive(member.process) && member.streams.includes(stream);
    });
  }

  #updateMembers(group: string, own: ReadonlyMap<string, readonly string[]>) {
    const { opened, process, isLive } = this.#options;
    const members = new Map<string, StoredMember>();
    let changed = false;
    for (const { key, value } of entries(opened.members, group)) {
      const member = decode<StoredMember>(value)!;
      if (member.process === process ? own.has(key) : isLive(member.process)) members.set(key, member);
      else {
        opened.members.remove(Buffer.from(`${group}\0${key}`));
        changed = true;
      }
    }
    for (const [id, streams] of own) {
      const before = members.get(id);
      if (before !== undefined && before.streams.join("\0") === streams.join("\0")) continue;
      const member: StoredMember = { process, streams };
      opened.members.put(Buffer.from(`${group}\0${id}`), encode(member));
      members.set(id, member);
      changed = true;
    }
    return { members, changed };
  }

  #leases(group: string): Map<string, StoredLease> {
    return new Map(
      entries(this.#options.opened.leases, group).map(({ key, value }) => [key, decode<StoredLease>(value)!]),
    );
  }

  #places(members: ReadonlyMap<string, StoredMember>): Map<string, StreamPartition> {
    const places = new Map<string, StreamPartition>();
    for (const stream of new Set([...members.values()].flatMap(({ streams }) => streams))) {
      for (let partition = 0; partition < this.#options.partitionsOf(stream); partition++) {
        places.set(leaseName({ stream, partition }), { stream, partition });
      }
    }
    return places;
  }
}

export function leaseName({ stream, partition }: StreamPartition): string {
  return `${stream}\0${partition}`;
}

function placeOf(name: string): StreamPartition {
  const [stream, partition] = name.split("\0") as [string, string];
  return { stream, partition: Number(partition) };
}

function leaseKey(group: string, name: string): Buffer {
  return Buffer.from(`${group}\0${name}`);
}

/** Entries of a group, with what follows its name in the key. */
function entries(db: OpenedLog["leases"], group: string): { key: string; value: Uint8Array }[] {
  const range = { start: Buffer.from(`${group}\0`), end: Buffer.from(`${group}\x01`) };
  return [...db.getRange(range)].map(({ key, value }) => ({
    key: asBuffer(key)
      .toString("utf8")
      .slice(group.length + 1),
    value,
  }));
}

function encode(value: StoredMember | StoredLease): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function decode<T>(stored: Uint8Array | undefined): T | undefined {
  return stored === undefined ? undefined : (JSON.parse(asBuffer(stored).toString("utf8")) as T);
}
