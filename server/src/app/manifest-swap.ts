// Replaces the manifest of a running server: tables first, while their inserts stand still, then the catalog.
import { applyManifest } from "../migrate/apply-manifest.ts";
import type { Manifest } from "../model/manifest.ts";
import type { CatalogState } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import type { Log } from "../telemetry/log.ts";
import type { ReplaceableCatalog } from "./catalog.ts";

export interface ManifestSwapOptions {
  readonly catalog: ReplaceableCatalog;
  readonly stream: StreamLog;
  readonly database: Database;
  readonly writer: Pick<TableProgress, "atPosition">;
  readonly log: Log;
}

export interface ManifestSwap {
  /** One at a time, in the order of the calls. On failure what ran before stays. */
  apply(manifest: Manifest): Promise<{ changes: string[] }>;
}

export function createManifestSwap({ catalog, stream, database, writer, log }: ManifestSwapOptions): ManifestSwap {
  let last: Promise<unknown> = Promise.resolve();

  async function apply(manifest: Manifest): Promise<{ changes: string[] }> {
    const next = catalog.prepare(manifest);
    for (const { core, stream: name } of next.models.values()) {
      await stream.ensureStream(name, { partitions: 1 });
      await stream.saveSchema(core.schemaId, JSON.stringify(core.spec));
    }
    const { changes } = await whileInsertsStand(tablesOf(catalog.state, next), () =>
      applyManifest({ database, manifest, log, mode: "dev" }),
    );
    catalog.replace(next);
    return { changes: [...changes] };
  }

  /** A table that is altered or backfilled meanwhile must receive no rows: they would be counted twice or not at all. */
  function whileInsertsStand<T>(tables: readonly string[], run: () => Promise<T>): Promise<T> {
    const [table, ...rest] = tables;
    if (table === undefined) return run();
    return writer.atPosition(table, () => whileInsertsStand(rest, run));
  }

  return {
    apply(manifest) {
      const applied = last.then(
        () => apply(manifest),
        () => apply(manifest),
      );
      last = applied;
      return applied;
    },
  };
}

/** Every table of either state, in one order for all callers. */
function tablesOf(now: CatalogState, next: CatalogState): string[] {
  const tables = new Set<string>();
  for (const state of [now, next]) for (const model of state.models.values()) tables.add(model.table);
  return [...tables].sort();
}
