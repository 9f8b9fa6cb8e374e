// Which events may run now: as many as the limit says, never two of one key, each key in its order.

/**
 * Calls `task` for every index from 0 to keys.length-1, at most `concurrency` at a time. Of equal keys the next begins when the one
 * before has ended; undefined is nobody's key. Rejects with what a task rejects with; no other task begins then.
 */
export async function runInKeyOrder(
  keys: readonly (string | undefined)[],
  concurrency: number,
  task: (index: number) => Promise<void> | undefined,
): Promise<void> {
  if (concurrency === 1) {
    for (let index = 0; index < keys.length; index++) await task(index);
    return;
  }
  const { next, isFirst } = linkKeys(keys);
  const released: number[] = [];
  let cursor = 0;
  const take = (): number | undefined => {
    if (released.length > 0) return released.shift();
    while (cursor < keys.length && !isFirst[cursor]) cursor++;
    return cursor < keys.length ? cursor++ : undefined;
  };
  let running = 0;
  await new Promise<void>((resolve, reject) => {
    let failed = false;
    const fill = (): void => {
      while (!failed && running < concurrency) {
        const index = take();
        if (index === undefined) {
          if (running === 0) resolve();
          return;
        }
        running++;
        Promise.resolve(task(index)).then(
          () => {
            running--;
            if (next[index]! >= 0) released.push(next[index]!);
            fill();
          },
          (error: unknown) => {
            failed = true;
            reject(error);
          },
        );
      }
    };
    fill();
  });
}

/** For each index the next of its key (-1: none), and whether it is the first of its key. */
function linkKeys(keys: readonly (string | undefined)[]): { next: Int32Array; isFirst: Uint8Array } {
  const next = new Int32Array(keys.length).fill(-1);
  const isFirst = new Uint8Array(keys.length).fill(1);
  const last = new Map<string, number>();
  keys.forEach((key, index) => {
    if (key === undefined) return;
    const before = last.get(key);
    if (before !== undefined) {
      next[before] = index;
      isFirst[index] = 0;
    }
    last.set(key, index);
  });
  return { next, isFirst };
}
