// The changes that one model's table needs. Pure.
import { MooseError } from "../model/errors.ts";
import { quoteIdentifier, quoteString } from "../model/sql-text.ts";
import { convertColumn, isWidening } from "./convert-column.ts";
import type { ExistingColumn, ExistingTable } from "./database-state.ts";
import { type MigrationMode, rebuildPrefix, type Step } from "./migration-step.ts";
import { type ColumnDefinition, columnTag, type TableDefinition } from "./table-definitions.ts";
import { columnSql, createTableSql, tableComment } from "./table-sql.ts";

export interface TablePlan {
  readonly steps: readonly Step[];
  readonly changes: readonly string[];
  readonly kept: readonly string[];
  /** Views on it must be built anew. */
  readonly rebuilt: boolean;
}

export function planTable(existing: ExistingTable | undefined, table: TableDefinition, mode: MigrationMode): TablePlan {
  const subject = `table ${table.name}`;
  if (!existing) {
    return {
      steps: [{ sql: createTableSql(table), subject }],
      changes: [`${subject} created`],
      kept: [],
      rebuilt: false,
    };
  }
  const oldColumns = new Map(existing.columns.map((column) => [column.name, column]));
  const wanted = new Set(table.columns.map((column) => column.name));
  const gone = existing.columns.filter((column) => !wanted.has(column.name));
  const retyped = table.columns.filter((column) => (oldColumns.get(column.name)?.type ?? column.type) !== column.type);
  const reordered = existing.tag?.structure !== table.tag.structure;

  const unsafe = retyped.filter(
    (column) => table.orderBy.includes(column.name) || !isWidening(oldColumns.get(column.name)!.type, column.type),
  );
  if (reordered || unsafe.length > 0) {
    const reasons = [
      ...unsafe.map((column) => `${column.name} ${oldColumns.get(column.name)!.type} → ${column.type}`),
      ...(reordered ? ["its order or partition key changed"] : []),
    ];
    if (mode !== "dev") {
      throw new MooseError(
        "project_invalid",
        `${subject} would have to be built anew (${reasons.join(", ")}), which could lose stored values. Add a new field or model instead.`,
      );
    }
    return {
      steps: rebuildSteps(existing, table),
      changes: [
        `${subject} rebuilt: ${reasons.join(", ")}`,
        ...table.columns
          .filter((column) => !oldColumns.has(column.name))
          .map((column) => `${subject}: column ${column.name} added`),
        ...gone.map((column) => `${subject}: column ${column.name} dropped`),
      ],
      kept: [],
      rebuilt: true,
    };
  }
  return alterTable(existing, table, oldColumns, gone, mode);
}

function alterTable(
  existing: ExistingTable,
  table: TableDefinition,
  oldColumns: ReadonlyMap<string, ExistingColumn>,
  gone: readonly ExistingColumn[],
  mode: MigrationMode,
): TablePlan {
  const subject = `table ${table.name}`;
  const actions: string[] = [];
  const changes: string[] = [];
  const kept: string[] = [];
  table.columns.forEach((column, index) => {
    const old = oldColumns.get(column.name);
    const name = quoteIdentifier(column.name);
    if (!old) {
      const place = index === 0 ? "FIRST" : `AFTER ${quoteIdentifier(table.columns[index - 1]!.name)}`;
      actions.push(`ADD COLUMN ${columnSql(column)} ${place}`);
      changes.push(`${subject}: column ${column.name} added (${column.type})`);
      return;
    }
    if (old.type !== column.type) changes.push(`${subject}: column ${column.name} ${old.type} → ${column.type}`);
    else if (isRedescribed(existing, old, column)) changes.push(`${subject}: column ${column.name} described anew`);
    else return;
    actions.push(`MODIFY COLUMN ${columnSql(column)}`);
    if (old.hasDefault && column.default === undefined) actions.push(`MODIFY COLUMN ${name} REMOVE DEFAULT`);
    if (old.hasCodec && column.codec === undefined) actions.push(`MODIFY COLUMN ${name} REMOVE CODEC`);
  });
  for (const column of gone) {
    if (mode !== "dev") kept.push(`${subject}: column ${column.name} is kept: its field is gone`);
    else {
      actions.push(`DROP COLUMN ${quoteIdentifier(column.name)}`);
      changes.push(`${subject}: column ${column.name} dropped`);
    }
  }
  if (existing.tag?.ttl !== table.tag.ttl) {
    actions.push(table.ttl === undefined ? "REMOVE TTL" : `MODIFY TTL ${table.ttl}`);
    changes.push(`${subject}: time to live ${table.ttl === undefined ? "removed" : `is ${table.ttl}`}`);
  }
  if (existing.comment !== tableComment(table)) {
    // Last, so that a crash in between leaves a difference for the next run to find.
    actions.push(`MODIFY COMMENT ${quoteString(tableComment(table))}`);
    if (changes.length === 0) changes.push(`${subject}: described anew`);
  }
  const steps = actions.map((action): Step => {
    const step = { sql: `ALTER TABLE ${quoteIdentifier(table.name)} ${action}`, subject };
    return action.startsWith("MODIFY COLUMN") && mode === "dev"
      ? { ...step, otherwise: rebuildSteps(existing, table) }
      : step;
  });
  return { steps, changes, kept, rebuilt: false };
}

function isRedescribed(table: ExistingTable, old: ExistingColumn, column: ColumnDefinition): boolean {
  const tag = column.default === undefined && column.codec === undefined ? undefined : columnTag(column);
  return old.comment !== column.comment || table.tag?.columns?.[column.name] !== tag;
}

/** Built aside with what converts, then exchanged in one step: a crash leaves the old table or the new one, whole. */
function rebuildSteps(existing: ExistingTable, table: TableDefinition): readonly Step[] {
  const subject = `table ${table.name}`;
  const aside = `${rebuildPrefix}${table.name}`;
  const types = new Map(existing.columns.map((column) => [column.name, column.type]));
  const conversions = table.columns.flatMap((column) => {
    const from = types.get(column.name);
    const conversion = from === undefined ? undefined : convertColumn(from, column);
    return conversion ? [{ name: quoteIdentifier(column.name), ...conversion }] : [];
  });
  const copy = (columns: typeof conversions): Step => {
    const names = columns.map((column) => column.name).join(", ");
    const values = columns.map((column) => column.expression).join(", ");
    const sql = `INSERT INTO ${quoteIdentifier(aside)} (${names}) SELECT ${values} FROM ${quoteIdentifier(table.name)}`;
    return { sql, subject };
  };
  return [
    { sql: `DROP TABLE IF EXISTS ${quoteIdentifier(aside)}`, subject },
    { sql: createTableSql(table, aside), subject },
    { ...copy(conversions), otherwise: [copy(conversions.filter((column) => !column.mayFail))] },
    { sql: `EXCHANGE TABLES ${quoteIdentifier(aside)} AND ${quoteIdentifier(table.name)}`, subject },
    { sql: `DROP TABLE ${quoteIdentifier(aside)}`, subject },
  ];
}
