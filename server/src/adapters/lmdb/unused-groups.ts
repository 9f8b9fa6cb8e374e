// Since when nobody goes on with what a group has done in a stream, in LMDB; and forgetting it.
import type { StreamLog, UnusedGroup } from "../../ports/stream-log.ts";
import type { GroupLeases } from "./group-leases.ts";
import type { GroupStore } from "./group-store.ts";
import type { Step } from "./log-writer.ts";
import type { OpenedLog } from "./open-log.ts";
import { asBuffer } from "./record-reader.ts";

export interface UnusedGroupsOptions {
  readonly opened: Pick<OpenedLog, "unused">;
  readonly store: GroupStore;
  readonly leases: GroupLeases;
  /** Durable when it resolves. */
  readonly run: (step: Step) => Promise<void>;
}

export class UnusedGroups {
  readonly #options: UnusedGroupsOptions;

  constructor(options: UnusedGroupsOptions) {
    this.#options = options;
  }

  /** As `StreamLog.unusedGroups`. Writes only when a group began or ceased to be unused. */
  async look(isExpected: Parameters<NonNullable<StreamLog["unusedGroups"]>>[0], nowMs: number): Promise<UnusedGroup[]> {
    const { opened, store, leases, run } = this.#options;
    const find = () => {
      const marks = new Map(
        [...opened.unused.getRange({})].map(({ key, value }) => [textOf(key), Number(textOf(value))]),
      );
      const unused = new Map(
        store
          .streamsOfGroups()
          .filter(({ group, stream }) => !isExpected(group, stream) && !leases.isFollowed(group, stream))
          .map((place) => [markKey(place), { ...place, sinceMs: marks.get(markKey(place)) ?? nowMs }]),
      );
      return {
        unused,
        begun: [...unused.keys()].filter((key) => !marks.has(key)),
        over: [...marks.keys()].filter((key) => !unused.has(key)),
      };
    };
    let found = find();
    if (found.begun.length > 0 || found.over.length > 0) {
      await run(() => {
        // Anew: another process may have written since.
        found = find();
        for (const key of found.begun) opened.unused.put(Buffer.from(key), Buffer.from(String(nowMs)));
        for (const key of found.over) opened.unused.remove(Buffer.from(key));
        return undefined;
      });
    }
    return [...found.unused.values()];
  }

  /** As `StreamLog.forgetGroup`. Members join in transactions, too: none is overlooked. */
  async forget(group: string, stream: string): Promise<boolean> {
    const { opened, store, leases, run } = this.#options;
    let forgotten = false;
    await run(() => {
      forgotten = !leases.isFollowed(group, stream);
      if (forgotten) {
        store.forget(group, stream);
        opened.unused.remove(Buffer.from(markKey({ group, stream })));
      }
      return undefined;
    });
    return forgotten;
  }
}

const markKey = ({ group, stream }: { group: string; stream: string }): string => `${group}\0${stream}`;
const textOf = (bytes: Uint8Array): string => asBuffer(bytes).toString("utf8");
