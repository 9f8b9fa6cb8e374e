// Brings ClickHouse to what the manifest says: tables of models, tables and views of aggregations.
import { MooseError } from "../model/errors.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Database } from "../ports/database.ts";
import type { Log } from "../telemetry/log.ts";
import { readDatabaseState } from "./database-state.ts";
import type { MigrationMode, Step } from "./migration-step.ts";
import { planChanges } from "./plan-changes.ts";
import { defineTables } from "./table-definitions.ts";

export interface ApplyManifestOptions {
  readonly database: Database;
  readonly manifest: Manifest;
  readonly log: Log;
  readonly mode: MigrationMode;
}

export interface MigrationReport {
  /** One line a change, for people; empty when everything stood already. */
  readonly changes: string[];
}

/**
 * No insert into the project's tables may run meanwhile. Interrupted at any point, the next call completes it.
 * Rejects with MooseError `project_invalid` when the models ask for what ClickHouse refuses or the mode forbids.
 */
export async function applyManifest({ database, manifest, log, mode }: ApplyManifestOptions): Promise<MigrationReport> {
  const plan = planChanges(await readDatabaseState(database), defineTables(manifest), mode);
  for (const step of plan.steps) await run(database, step, log);
  for (const change of plan.changes) log.info(change);
  for (const line of plan.kept) log.info(line);
  return { changes: [...plan.changes] };
}

async function run(database: Database, step: Step, log: Log): Promise<void> {
  try {
    await database.command(step.sql);
  } catch (error) {
    if (!(error instanceof MooseError) || error.code !== "database_refused") throw error;
    if (!step.otherwise) throw refused(step, error);
    log.warn(`${step.subject}: ClickHouse does not do that in one step, so it is done another way`, {
      reason: reasonOf(error),
    });
    for (const other of step.otherwise) await run(database, other, log);
  }
}

/** What ClickHouse says is for the author of the models: they wrote the expression that it refuses. */
function refused(step: Step, error: MooseError): MooseError {
  return new MooseError("project_invalid", `ClickHouse refuses the ${step.subject}: ${reasonOf(error)}`, {
    cause: error,
  });
}

function reasonOf(error: MooseError): string {
  const text = error.cause instanceof Error ? error.cause.message : error.message;
  return text.replace(/\s+/g, " ").slice(0, 300);
}
