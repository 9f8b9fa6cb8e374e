// The recent changes of one distinct query, numbered, so that a slow reader or a resuming client gets exactly what it missed.
import { mergeChanges, type RowChanges } from "./diff-rows.ts";
import { deltaBody } from "./server-messages.ts";

interface Entry {
  readonly changes: RowChanges;
  /** Position token that the change leads to. */
  readonly token: string;
  readonly chars: number;
}

/** Bounded by entries and by text; the oldest are dropped first, and their readers then get a snapshot. */
export class DeltaRing {
  readonly #maxEntries: number;
  readonly #maxChars: number;
  #entries: Entry[] = [];
  #chars = 0;
  /** Number of the state before the first entry. */
  #first: number;
  /** Token of the state before the first entry. */
  #firstToken: string;
  readonly #bodies = new Map<number, string>();

  constructor(maxEntries: number, maxChars: number, sequence: number, token: string) {
    this.#maxEntries = maxEntries;
    this.#maxChars = maxChars;
    this.#first = sequence;
    this.#firstToken = token;
  }

  /** Number of the newest state. */
  get sequence(): number {
    return this.#first + this.#entries.length;
  }

  get token(): string {
    return this.#entries.at(-1)?.token ?? this.#firstToken;
  }

  push(changes: RowChanges, token: string): void {
    let chars = 0;
    for (const row of changes.upsert.values()) chars += row.length;
    for (const key of changes.remove) chars += key.length;
    this.#entries.push({ changes, token, chars });
    this.#chars += chars;
    this.#bodies.clear();
    while (this.#entries.length > this.#maxEntries || (this.#chars > this.#maxChars && this.#entries.length > 1)) {
      const dropped = this.#entries.shift()!;
      this.#chars -= dropped.chars;
      this.#first++;
      this.#firstToken = dropped.token;
    }
  }

  /** Number of the state with this token, when it is still held. */
  find(token: string): number | undefined {
    if (token === this.#firstToken) return this.#first;
    const index = this.#entries.findIndex((entry) => entry.token === token);
    return index < 0 ? undefined : this.#first + index + 1;
  }

  /** The shared part of a delta that leads from a state to the newest; undefined when the state is too old. Encoded once for each state. */
  bodySince(sequence: number): string | undefined {
    const begin = sequence - this.#first;
    if (begin < 0 || begin >= this.#entries.length) return undefined;
    let body = this.#bodies.get(sequence);
    if (body === undefined) {
      const { upsert, remove } = mergeChanges(this.#entries.slice(begin).map((entry) => entry.changes));
      body = deltaBody(upsert.values(), remove, this.token);
      this.#bodies.set(sequence, body);
    }
    return body;
  }
}
