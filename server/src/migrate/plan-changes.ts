// Decides what must be done to bring the database to what the manifest says. Pure: the loop in apply-manifest runs it.
import { MooseError } from "../model/errors.ts";
import { aggregationView } from "../model/manifest.ts";
import { quoteIdentifier, quoteString } from "../model/sql-text.ts";
import type { DatabaseState, ExistingTable } from "./database-state.ts";
import { type MigrationMode, rebuildPrefix, type Step } from "./migration-step.ts";
import { planAggregation } from "./plan-aggregation.ts";
import { planTable } from "./plan-table.ts";
import type { AggregationDefinition, ManifestDefinition } from "./table-definitions.ts";

export interface Plan {
  readonly steps: readonly Step[];
  /** What changes, for the user. */
  readonly changes: readonly string[];
  /** What is kept although the manifest no longer names it. */
  readonly kept: readonly string[];
}

/**
 * Order: views that would be wrong go first, so that a crash in between leaves a missing view, which the next run
 * builds again from the table; then tables; then aggregations, each filled aside and put in place whole.
 * Throws MooseError `project_invalid` for what may not be done: but in "dev" mode, anything that could lose stored values.
 */
export function planChanges(state: DatabaseState, wanted: ManifestDefinition, mode: MigrationMode): Plan {
  const steps: Step[] = [];
  const changes: string[] = [];
  const kept: string[] = [];
  const drop = (kind: "TABLE" | "VIEW", name: string): Step => ({
    sql: `DROP ${kind} IF EXISTS ${quoteIdentifier(name)}`,
    subject: name,
  });

  for (const name of state.keys()) {
    if (name.startsWith(rebuildPrefix)) steps.push(drop("TABLE", name));
  }

  const models = new Set(wanted.models.map((table) => table.name));
  const aggregations = new Set(wanted.aggregations.map(({ table }) => table.name));
  const removed = [...state.values()].filter(
    ({ name, tag }) =>
      tag !== undefined && !name.startsWith(rebuildPrefix) && !(tag.kind === "model" ? models : aggregations).has(name),
  );
  for (const table of removed) refuseTakenName(table, models, aggregations, mode);

  const tables = wanted.models.map((table) => {
    const existing = state.get(table.name);
    const reusable = existing?.tag?.kind === "model" ? existing : undefined;
    if (existing && !existing.tag) throw foreign(table.name, "model");
    return { ...planTable(reusable, table, mode), name: table.name };
  });
  const rebuilt = new Set(tables.filter((plan) => plan.rebuilt).map((plan) => plan.name));
  const stale = wanted.aggregations.filter((aggregation) => isStale(state, aggregation, rebuilt));
  if (mode === "beside-writers") for (const aggregation of stale) refuseBesideWriters(state, aggregation);

  for (const { name, tag } of removed) {
    if (tag?.kind === "model") kept.push(`table ${name} is kept: its model is gone`);
    else if (mode !== "dev") kept.push(`aggregation ${name} is kept: it is gone from the project`);
    else {
      steps.push(drop("VIEW", aggregationView(name)), drop("TABLE", name));
      changes.push(`aggregation ${name} dropped`);
    }
  }
  for (const { view } of stale) if (state.has(view)) steps.push(drop("VIEW", view));
  for (const plan of tables) {
    steps.push(...plan.steps);
    changes.push(...plan.changes);
    kept.push(...plan.kept);
  }
  for (const aggregation of wanted.aggregations) {
    const existing = state.get(aggregation.table.name);
    if (existing && !existing.tag) throw foreign(aggregation.table.name, "aggregation");
    const reusable = existing?.tag?.kind === "aggregation" ? existing : undefined;
    const plan = planAggregation(
      reusable,
      aggregation,
      stale.includes(aggregation),
      state.get(aggregation.source)?.rows ?? 0,
    );
    steps.push(...plan.steps);
    changes.push(...plan.changes);
  }
  return { steps, changes, kept };
}

/** Its table or view is missing, half built, of another shape, or was fed by a table that is built anew. */
function isStale(
  state: DatabaseState,
  { table, view, source }: AggregationDefinition,
  rebuilt: ReadonlySet<string>,
): boolean {
  const existing = state.get(table.name);
  return (
    existing?.tag?.structure !== table.tag.structure || !state.has(view) || !state.has(source) || rebuilt.has(source)
  );
}

function refuseTakenName(
  table: ExistingTable,
  models: ReadonlySet<string>,
  aggregations: ReadonlySet<string>,
  mode: MigrationMode,
): void {
  const { name, tag } = table;
  if (tag?.kind === "model" && aggregations.has(name)) {
    throw new MooseError(
      "project_invalid",
      `The table ${name} still holds the events of a model of that name. Give the aggregation another name, or drop the table.`,
    );
  }
  if (tag?.kind === "aggregation" && models.has(name) && mode !== "dev") {
    throw new MooseError(
      "project_invalid",
      `The table ${name} belongs to an aggregation. Give the model another name.`,
    );
  }
}

/** Rows that another process inserts between the filling of the table and the making of its view would be in no aggregation. */
function refuseBesideWriters(state: DatabaseState, { table, source }: AggregationDefinition): void {
  if (!state.has(source)) return;
  throw new MooseError(
    "project_invalid",
    `The aggregation ${table.name} has to be filled from the table ${source}, into which other processes may be inserting. End every process with the role writer, and start one with --sole-writer; then start the others.`,
  );
}

function foreign(name: string, kind: string): MooseError {
  return new MooseError(
    "project_invalid",
    `The database already has a table ${name} that Moose did not make. Give the ${kind} another name, or drop ${quoteString(name)}.`,
  );
}
