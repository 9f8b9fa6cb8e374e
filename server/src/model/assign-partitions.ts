// Who of a consumer group holds which partition: pure policy. Even, also within each stream, and few partitions change hands.

export interface Assignable {
  /** Names the partition; the order of names decides what is undecided otherwise. */
  readonly key: string;
  readonly stream: string;
  /** Members that follow its stream. */
  readonly followers: readonly string[];
  /** Who holds it now. */
  readonly holder?: string | undefined;
}

/** The member of each partition, by key; a partition that nobody follows has none. Loads differ by one at most where all follow all. */
export function assignPartitions(partitions: readonly Assignable[]): ReadonlyMap<string, string> {
  const sorted = [...partitions].sort((a, b) => (a.key < b.key ? -1 : 1));
  const shares = new Shares();
  for (const partition of sorted) {
    const { followers, holder } = partition;
    if (holder !== undefined && followers.includes(holder)) shares.give(partition, holder);
  }
  for (const partition of sorted) {
    const member = shares.isGiven(partition) ? undefined : shares.byLoad(partition)[0];
    if (member !== undefined) shares.give(partition, member);
  }
  for (let move = bestMove(sorted, shares); move !== undefined; move = bestMove(sorted, shares)) {
    shares.give(move.partition, move.to);
  }
  return shares.assigned;
}

/** Only from a busiest member: what is taken from another might have to be replaced. Of its partitions, one of the stream that it has most of. */
function bestMove(
  partitions: readonly Assignable[],
  shares: Shares,
): { partition: Assignable; to: string } | undefined {
  let best: { partition: Assignable; to: string; surplus: number } | undefined;
  for (const partition of partitions) {
    const from = shares.assigned.get(partition.key);
    const ordered = shares.byLoad(partition);
    const to = ordered[0];
    const busiest = ordered.at(-1);
    if (from === undefined || to === undefined || busiest === undefined) continue;
    if (shares.load(from) < shares.load(busiest) || shares.load(from) - shares.load(to) < 2) continue;
    const surplus = shares.load(from, partition.stream) - shares.load(to, partition.stream);
    if (best === undefined || surplus > best.surplus) best = { partition, to, surplus };
  }
  return best;
}

class Shares {
  readonly assigned = new Map<string, string>();
  readonly #loads = new Map<string, number>();

  /** Partitions of a member, of one stream or of all. */
  load(member: string, stream = ""): number {
    return this.#loads.get(`${member}\0${stream}`) ?? 0;
  }

  /** Followers of the partition, the one with the smallest load first. */
  byLoad({ followers, stream }: Assignable): string[] {
    return [...followers].sort(
      (a, b) => this.load(a) - this.load(b) || this.load(a, stream) - this.load(b, stream) || (a < b ? -1 : 1),
    );
  }

  isGiven({ key }: Assignable): boolean {
    return this.assigned.has(key);
  }

  give({ key, stream }: Assignable, member: string): void {
    const before = this.assigned.get(key);
    if (before !== undefined) this.#count(before, stream, -1);
    this.assigned.set(key, member);
    this.#count(member, stream, 1);
  }

  #count(member: string, stream: string, change: number): void {
    this.#loads.set(`${member}\0`, this.load(member) + change);
    this.#loads.set(`${member}\0${stream}`, this.load(member, stream) + change);
  }
}
