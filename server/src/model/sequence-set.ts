// Hot path: a set of whole numbers kept as ranges, made for numbers that mostly come in order, each about once.

export class SequenceSet {
  // Ascending, disjoint, not adjacent; both ends inclusive.
  #firsts: number[];
  #lasts: number[];

  constructor(ranges: Iterable<readonly [first: number, last: number]> = []) {
    this.#firsts = [];
    this.#lasts = [];
    for (const [first, last] of ranges) this.addRange(first, last);
  }

  /** How many ranges there are. */
  get size(): number {
    return this.#firsts.length;
  }

  has(value: number): boolean {
    const at = this.#rangeBelow(value);
    return at >= 0 && value <= this.#lasts[at]!;
  }

  /** Whether any number from `first` to `last` is in it. Cheap for numbers above all others. */
  overlaps(first: number, last: number): boolean {
    const at = this.#rangeBelow(last);
    return at >= 0 && this.#lasts[at]! >= first;
  }

  addRange(first: number, last: number): void {
    const end = this.#firsts.length;
    if (end === 0 || first > this.#lasts[end - 1]! + 1) {
      this.#firsts.push(first);
      this.#lasts.push(last);
      return;
    }
    // The ranges [from, to) touch the new one.
    let from = this.#rangeBelow(first - 1);
    if (from < 0 || this.#lasts[from]! < first - 1) from++;
    const to = this.#rangeBelow(last + 1) + 1;
    if (from === to) {
      this.#firsts.splice(from, 0, first);
      this.#lasts.splice(from, 0, last);
      return;
    }
    const newFirst = Math.min(first, this.#firsts[from]!);
    const newLast = Math.max(last, this.#lasts[to - 1]!);
    if (to - from > 1) {
      this.#firsts.splice(from + 1, to - from - 1);
      this.#lasts.splice(from + 1, to - from - 1);
    }
    this.#firsts[from] = newFirst;
    this.#lasts[from] = newLast;
  }

  /** Forgets the lowest ranges until there are at most `size`. */
  keepHighest(size: number): void {
    const extra = this.#firsts.length - size;
    if (extra <= 0) return;
    this.#firsts.splice(0, extra);
    this.#lasts.splice(0, extra);
  }

  ranges(): [first: number, last: number][] {
    return this.#firsts.map((first, at) => [first, this.#lasts[at]!]);
  }

  /** Index of the last range that begins at or below `value`; -1 when none does. */
  #rangeBelow(value: number): number {
    let low = 0;
    let high = this.#firsts.length;
    if (high > 0 && this.#firsts[high - 1]! <= value) return high - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#firsts[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
