// Proves that what was acknowledged is in the stream, and in the table or in quarantine, once: per model and partition.
import type { ModelSpec } from "@moose/core";
import { MooseError } from "../model/errors.ts";
import { modelOfStream } from "../model/manifest.ts";
import { tablePartition } from "../model/table-partition.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import type { AggregationAudit, AuditReport, GroupAudit, ModelAudit, PartitionAudit } from "./audit-report.ts";
import { compareAggregation } from "./compare-aggregation.ts";
import { findMistakes } from "./find-mistakes.ts";
import { missingRanges, storedOffsets } from "./stored-offsets.ts";

export interface AuditOptions {
  readonly stream: StreamLog;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly progress: TableProgress;
}

export interface AuditRequest {
  /** How long the writer may take to deliver what was acknowledged when the audit began. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Rejects with MooseError `database_unavailable` or `log_unavailable`: an audit that cannot look proves nothing. */
export type Audit = (request: AuditRequest) => Promise<AuditReport>;

export function createAudit(options: AuditOptions): Audit {
  const { stream, database, catalog, progress } = options;

  /** Where each partition ended when the audit began: what comes later is not its concern. */
  function endsNow(): Map<string, number[]> {
    const ends = new Map<string, number[]>();
    for (const name of stream.streams()) {
      if (!catalog.state.models.has(modelOfStream(name))) continue;
      ends.set(
        name,
        Array.from({ length: stream.partitions(name) }, (_, partition) => stream.endOffset(name, partition)),
      );
    }
    return ends;
  }

  async function untilDelivered(ends: ReadonlyMap<string, readonly number[]>, request: AuditRequest): Promise<void> {
    const limit = AbortSignal.any([request.signal, AbortSignal.timeout(request.waitMs)]);
    try {
      await progress.waitFor(ends, limit);
    } catch (error) {
      // What is late is counted as waiting.
      if (!(error instanceof MooseError) || error.code !== "after_timeout") throw error;
    }
  }

  async function auditPartition(
    name: string,
    partition: number,
    end: number,
    table: string,
    signal: AbortSignal,
  ): Promise<PartitionAudit> {
    const delivered = Math.min(end, progress.position().get(name)?.[partition] ?? 0);
    const stored = {
      table,
      tablePartition: tablePartition(stream.streams(), name, partition),
      stream: name,
      partition,
      end: delivered,
    };
    const found = await storedOffsets(database, stored, signal);
    const missing = delivered - found.covered;
    const streamEnd = stream.endOffset(name, partition);
    return {
      stream: name,
      partition,
      // The table has seen no offset that was not acknowledged or about to be.
      acknowledged: Math.max(end, found.tableEnd > streamEnd ? found.tableEnd : end),
      streamStart: stream.startOffset(name, partition),
      streamEnd,
      inTable: found.inTable,
      quarantined: found.covered - found.inTable,
      waiting: end - delivered,
      doubled: found.rows - found.inTable,
      missing,
      missingRanges: missing > 0 ? await missingRanges(database, stored, signal) : [],
    };
  }

  async function auditAggregations(signal: AbortSignal): Promise<AggregationAudit[]> {
    const audits: AggregationAudit[] = [];
    for (const aggregation of catalog.state.aggregations.values()) {
      const model = catalog.state.models.get(aggregation.from.model);
      if (model === undefined) continue;
      const { table, core } = model;
      const skipped = whyRowsMayLeave(core.spec);
      audits.push(
        skipped === undefined
          ? await progress.atPosition(table, () => compareAggregation(database, aggregation, core.spec, table, signal))
          : { aggregation: aggregation.name, rows: 0, different: 0, skipped },
      );
    }
    return audits;
  }

  async function auditGroups(): Promise<GroupAudit[]> {
    const audits: GroupAudit[] = [];
    for (const group of await stream.groups()) {
      for (const name of stream.streams()) {
        for (let partition = 0; partition < stream.partitions(name); partition++) {
          const { committed } = await stream.progress(group, name, partition);
          if (committed === 0) continue;
          const behind = Math.max(0, stream.endOffset(name, partition) - committed);
          audits.push({ group, stream: name, partition, committed, behind });
        }
      }
    }
    return audits;
  }

  return async (request) => {
    const begunMs = performance.now();
    const ends = endsNow();
    await untilDelivered(ends, request);
    const models: ModelAudit[] = [];
    for (const [model, { table, core }] of catalog.state.models) {
      const partitions: PartitionAudit[] = [];
      for (const [name, offsets] of ends) {
        if (modelOfStream(name) !== model) continue;
        for (const [partition, end] of offsets.entries())
          partitions.push(await auditPartition(name, partition, end, table, request.signal));
      }
      const rowsMayLeave = whyRowsMayLeave(core.spec);
      models.push({ model, table, partitions, ...(rowsMayLeave === undefined ? {} : { rowsMayLeave }) });
    }
    const aggregations = await auditAggregations(request.signal);
    const groups = await auditGroups();
    const mistakes = findMistakes(models, aggregations);
    const tookMs = Math.round(performance.now() - begunMs);
    return { ok: mistakes.length === 0, tookMs, models, aggregations, groups, mistakes };
  };
}

/** Undefined when a row that is in the table stays there. */
function whyRowsMayLeave(spec: ModelSpec): string | undefined {
  return spec.ttl === undefined ? undefined : "its ttl removes rows";
}
