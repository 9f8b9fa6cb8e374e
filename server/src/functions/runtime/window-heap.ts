// A binary heap of windows by their end: which closes next.

/** Names a window; its state is kept elsewhere. */
export interface WindowMark {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

export class WindowHeap {
  readonly #items: WindowMark[] = [];

  peek(): WindowMark | undefined {
    return this.#items[0];
  }

  push(window: WindowMark): void {
    const items = this.#items;
    let at = items.push(window) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(items[at]!, items[parent]!)) return;
      swap(items, at, parent);
      at = parent;
    }
  }

  pop(): WindowMark | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return top;
    items[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < items.length && before(items[left]!, items[least]!)) least = left;
      if (right < items.length && before(items[right]!, items[least]!)) least = right;
      if (least === at) return top;
      swap(items, at, least);
      at = least;
    }
  }
}

/** By end, start and key: windows close in the same order whenever the events come in the same order. */
function before(a: WindowMark, b: WindowMark): boolean {
  if (a.end !== b.end) return a.end < b.end;
  if (a.start !== b.start) return a.start < b.start;
  return a.key < b.key;
}

function swap(items: WindowMark[], a: number, b: number): void {
  [items[a], items[b]] = [items[b]!, items[a]!];
}
