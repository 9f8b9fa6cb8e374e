// How far the tables are, learned from the log alone: for a process whose tables are written by others.
import { modelOfStream } from "../model/manifest.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import { TABLE_GROUP, type TableCommit, type TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import { TablePosition } from "./table-position.ts";

export interface FollowedProgressOptions {
  readonly stream: StreamLog;
  readonly catalog: Catalog;
  readonly log: Log;
}

export interface FollowedProgress extends TableProgress {
  /** Follows no more. Safe to call twice. */
  close(): void;
}

const RETRY_MS = 1_000;

/** Follows the streams of all models that the catalog names, and of those that it comes to name. */
export function followProgress({ stream, catalog, log }: FollowedProgressOptions): FollowedProgress {
  const position = new TablePosition();
  const followed = new Set<string>();
  const listeners = new Set<(commit: TableCommit) => void>();
  const retries = new Set<NodeJS.Timeout>();
  let closed = false;

  function advance(name: string, partition: number, committed: number): void {
    if (!followed.has(name) || !position.advance(name, partition, committed)) return;
    const model = modelOfStream(name);
    const table = catalog.state.models.get(model)?.table;
    if (table === undefined || listeners.size === 0) return;
    const commit: TableCommit = { model, table, position: position.current() };
    for (const listener of listeners) {
      try {
        listener(commit);
      } catch (error) {
        log.error("A listener of table commits threw", { table, reason: messageOf(error) });
      }
    }
  }

  async function load(name: string, partition: number): Promise<void> {
    try {
      const { committed } = await stream.progress(TABLE_GROUP, name, partition);
      if (!closed) advance(name, partition, committed);
    } catch (error) {
      if (closed) return;
      log.warn("How far a table is could not be read; trying again", { stream: name, reason: messageOf(error) });
      const retry = setTimeout(() => {
        retries.delete(retry);
        void load(name, partition);
      }, RETRY_MS);
      retries.add(retry);
    }
  }

  /** Of every version of each model, as the table writer does. */
  function followCatalog(): void {
    for (const name of stream.streams()) {
      if (followed.has(name) || !catalog.state.models.has(modelOfStream(name))) continue;
      followed.add(name);
      for (let partition = 0; partition < stream.partitions(name); partition++) void load(name, partition);
    }
  }

  // Before anything is loaded, so that no advance falls in between.
  const unfollow = stream.onProgress(TABLE_GROUP, advance);
  const unlisten = catalog.onChange(followCatalog);
  followCatalog();

  return {
    position: () => position.current(),
    waitFor: (wanted, signal) => position.waitFor(wanted, signal),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    atPosition: (_table, read) => read(position.current()),
    close() {
      closed = true;
      unfollow();
      unlisten();
      for (const retry of retries) clearTimeout(retry);
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
