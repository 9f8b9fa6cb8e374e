// Keeps ranges that are in doubt within a table's window of deduplication tokens, whichever of several writers they belong to.
import type { Clock } from "../lib/clock.ts";
import { retryDelayMs } from "../lib/retry-delay.ts";
import type { TokenWindow } from "./table-state.ts";

export interface WindowRoomOptions {
  readonly window: () => Promise<TokenWindow>;
  /** The recorded range of each partition whose events go into the table, by its name; "" where none is recorded. As the log has it, of all processes. */
  readonly recordedRanges: () => Promise<ReadonlyMap<string, string>>;
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * ClickHouse forgets a token after as many later insertions as the window counts. Until then a range that is sent again with its token
 * reaches exactly those of the table and its views that it has not reached; afterwards it would be doubled. So everybody who inserts into a
 * table looks at the recorded ranges of its partitions once in a while. One that is the same at two looks is in doubt: nobody inserts until
 * its holder, or who takes it over, has sent it again. A partition has one holder, so there are at most as many writers as partitions:
 * between two looks each may use up a third of its share of the window.
 */
export class WindowRoom {
  readonly #options: WindowRoomOptions;
  #insertsLeft = 0;
  #seen: ReadonlyMap<string, string> = new Map();

  constructor(options: WindowRoomOptions) {
    this.#options = options;
  }

  /**
   * Resolves when an insert of the partition `own` cannot push another's token out of the window, or when the signal ends. To be called
   * before the range is recorded; `onWait` is awaited before it waits: who waits must not have a range recorded, or two could wait for each other.
   */
  async enter(own: string, signal: AbortSignal, onWait: () => Promise<void>): Promise<void> {
    const { clock, random } = this.#options;
    for (let attempt = 1; this.#insertsLeft === 0 && !signal.aborted; attempt++) {
      if (!(await this.#isCrowded(own))) break;
      if (attempt === 1) await onWait();
      await clock.wait(retryDelayMs(attempt, random()), signal);
    }
    this.#insertsLeft = Math.max(0, this.#insertsLeft - 1);
  }

  async #isCrowded(own: string): Promise<boolean> {
    const window = await this.#options.window();
    // Without tokens the table itself is asked what it has.
    if (window.tokens < 2) return false;
    const ranges = await this.#options.recordedRanges();
    const before = this.#seen;
    this.#seen = ranges;
    for (const [name, range] of ranges) {
      if (name !== own && range !== "" && before.get(name) === range) return true;
    }
    this.#insertsLeft = insertsBetweenLooks(window, ranges.size);
    return false;
  }
}

/** One at least: a window too small for its partitions costs a look for each insert. */
export function insertsBetweenLooks({ tokens, perInsert }: TokenWindow, partitions: number): number {
  return Math.max(1, Math.floor(tokens / (3 * Math.max(1, partitions) * perInsert)));
}
