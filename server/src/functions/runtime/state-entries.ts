// The state of one partition in the function's process: entries of text, and what changed since it was last taken.
import type { StateChange } from "./slice.ts";

export class StateEntries {
  readonly #entries: Map<string, string>;
  #changed = new Map<string, string | null>();

  constructor(entries: Iterable<readonly [string, string]> = []) {
    this.#entries = new Map(entries);
  }

  get(entry: string): string | undefined {
    return this.#entries.get(entry);
  }

  set(entry: string, text: string): void {
    if (this.#entries.get(entry) === text) return;
    this.#entries.set(entry, text);
    this.#changed.set(entry, text);
  }

  delete(entry: string): void {
    if (this.#entries.delete(entry)) this.#changed.set(entry, null);
  }

  /** Entries whose name begins with `prefix`. */
  *withPrefix(prefix: string): Iterable<readonly [string, string]> {
    for (const item of this.#entries) if (item[0].startsWith(prefix)) yield item;
  }

  /** What changed since the last call, each entry once. */
  takeChanges(): StateChange[] {
    const changes = [...this.#changed];
    this.#changed = new Map();
    return changes;
  }
}
