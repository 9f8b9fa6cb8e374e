// Who of a consumer group holds which partition: pure policy. Even, and as few partitions as possible change hands.

export interface Assignable {
  /** Names the partition; the order of names decides what is undecided otherwise. */
  readonly key: string;
  /** Members that follow its stream. */
  readonly followers: readonly string[];
  /** Who holds it now. */
  readonly holder?: string | undefined;
}

/** The member of each partition, by key; a partition that nobody follows has none. Loads differ by one at most where all follow all. */
export function assignPartitions(partitions: readonly Assignable[]): ReadonlyMap<string, string> {
  const sorted = [...partitions].sort((a, b) => (a.key < b.key ? -1 : 1));
  const load = new Map<string, number>();
  for (const { followers } of sorted) for (const member of followers) load.set(member, 0);
  const assigned = new Map<string, string>();
  const give = (key: string, member: string): void => {
    assigned.set(key, member);
    load.set(member, load.get(member)! + 1);
  };
  const byLoad = (followers: readonly string[]): string[] =>
    [...followers].sort((a, b) => load.get(a)! - load.get(b)! || (a < b ? -1 : 1));

  for (const { key, followers, holder } of sorted) {
    if (holder !== undefined && followers.includes(holder)) give(key, holder);
  }
  for (const { key, followers } of sorted) {
    const member = assigned.has(key) ? undefined : byLoad(followers)[0];
    if (member !== undefined) give(key, member);
  }
  for (let moved = true; moved; ) {
    moved = false;
    for (const { key, followers } of sorted) {
      const from = assigned.get(key);
      const ordered = byLoad(followers);
      const idlest = ordered[0];
      const busiest = ordered.at(-1);
      if (from === undefined || idlest === undefined || busiest === undefined) continue;
      // Only from a busiest one: what is taken from another might have to be replaced.
      if (load.get(from)! < load.get(busiest)! || load.get(from)! - load.get(idlest)! < 2) continue;
      load.set(from, load.get(from)! - 1);
      give(key, idlest);
      moved = true;
    }
  }
  return assigned;
}
