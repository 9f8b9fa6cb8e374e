// Replaces the manifest of a running server: tables first, while their inserts stand still, then the catalog.
import type { ModelSpec } from "@moose/core";
import type { TableWriter } from "../deliver/table-writer.ts";
import { applyManifest } from "../migrate/apply-manifest.ts";
import { withMigrationLock } from "../migrate/migration-lock.ts";
import type { MigrationMode } from "../migrate/migration-step.ts";
import type { Manifest } from "../model/manifest.ts";
import type { CatalogState } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import type { ReplaceableCatalog } from "./catalog.ts";

export interface ManifestSwapOptions {
  readonly catalog: ReplaceableCatalog;
  readonly stream: StreamLog;
  readonly log: Log;
  /** Served beside those of every manifest. */
  readonly systemModels: readonly ModelSpec[];
  /** Of each model's stream. */
  readonly partitions: number;
  /** Absent in a process that leaves the tables to others. */
  readonly tables?: TablesOptions;
}

export interface TablesOptions {
  readonly database: Database;
  readonly writer: Pick<TableWriter, "atPosition" | "recover">;
  readonly mode: MigrationMode;
  /** Other processes may change the same tables. */
  readonly shared: boolean;
}

export interface ManifestSwap {
  /** One at a time, in the order of the calls. On failure what ran before stays. */
  apply(manifest: Manifest): Promise<{ changes: string[] }>;
}

export function createManifestSwap(options: ManifestSwapOptions): ManifestSwap {
  const { catalog, stream, log, systemModels, partitions, tables } = options;
  let last: Promise<unknown> = Promise.resolve();
  let served: Manifest | undefined;

  async function apply(given: Manifest): Promise<{ changes: string[] }> {
    const manifest = { ...given, models: [...given.models, ...systemModels] };
    const next = catalog.prepare(manifest);
    for (const { core, stream: name } of next.models.values()) {
      await stream.ensureStream(name, { partitions });
      await stream.saveSchema(core.schemaId, JSON.stringify(core.spec));
    }
    const changes = tables === undefined ? [] : await changeTables(tables, manifest, next);
    catalog.replace(next);
    served = manifest;
    return { changes: [...changes] };
  }

  async function changeTables(tables: TablesOptions, manifest: Manifest, next: CatalogState) {
    const change = () => changeInTurn(tables, manifest, next);
    return tables.shared ? withMigrationLock(tables.database, change) : change();
  }

  async function changeInTurn({ database, writer, mode }: TablesOptions, manifest: Manifest, next: CatalogState) {
    // What the last run left in doubt is sent again first: a view that is filled from its table would count it twice.
    await writer.recover([...next.models].map(([name, { table }]) => ({ name, table })));
    const { changes } = await whileInsertsStand(writer, tablesOf(catalog.state, next), () =>
      migrate(database, manifest, mode),
    );
    return changes;
  }

  /** A migration that fails half-way may have dropped views of what is served: the served manifest makes them again. */
  async function migrate(database: Database, manifest: Manifest, mode: MigrationMode) {
    try {
      return await applyManifest({ database, manifest, log, mode });
    } catch (error) {
      if (served !== undefined) {
        await applyManifest({ database, manifest: served, log, mode }).catch((reason: unknown) =>
          log.error("the tables could not be brought back to the running version", { reason: String(reason) }),
        );
      }
      throw error;
    }
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

/** A table that is altered or backfilled meanwhile must receive no rows: they would be counted twice or not at all. */
function whileInsertsStand<T>(
  writer: Pick<TableWriter, "atPosition">,
  [table, ...rest]: readonly string[],
  run: () => Promise<T>,
): Promise<T> {
  if (table === undefined) return run();
  return writer.atPosition(table, () => whileInsertsStand(writer, rest, run));
}

/** Every table of either state, in one order for all callers. */
function tablesOf(now: CatalogState, next: CatalogState): string[] {
  const tables = new Set<string>();
  for (const state of [now, next]) for (const model of state.models.values()) tables.add(model.table);
  return [...tables].sort();
}
