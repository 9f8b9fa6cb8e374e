// Proves that what was acknowledged is in the stream, and in the table or in quarantine, once: per model and partition.
import type { ModelSpec } from "@moose/core";
import { MooseError } from "../model/errors.ts";
import { newAccount } from "../model/function-account.ts";
import type { FunctionSpec } from "../model/function-spec.ts";
import { modelOfStream } from "../model/manifest.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import {
  auditFunction,
  type FunctionPlace,
  type FunctionStand,
  functionStands,
  refusedInQuarantine,
  untilTaken,
} from "./audit-functions.ts";
import { auditPartition } from "./audit-partition.ts";
import type {
  AggregationAudit,
  AuditReport,
  FunctionAudit,
  GroupAudit,
  ModelAudit,
  OffsetRange,
  PartitionAudit,
} from "./audit-report.ts";
import { compareAggregation } from "./compare-aggregation.ts";
import { findFunctionMistakes } from "./find-function-mistakes.ts";
import { findMistakes } from "./find-mistakes.ts";

export interface AuditOptions {
  readonly stream: StreamLog;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly progress: TableProgress;
  /** Those of the project, as it is now. */
  functions(): readonly FunctionSpec[];
  /** How long an entry stays in quarantine. */
  readonly quarantineDays: number;
}

export interface AuditRequest {
  /** How long the writer may take to deliver what was acknowledged when the audit began. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const DAY_MS = 24 * 60 * 60 * 1000;

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

  async function untilDelivered(ends: ReadonlyMap<string, readonly number[]>, limit: AbortSignal): Promise<void> {
    try {
      await progress.waitFor(ends, limit);
    } catch (error) {
      // What is late is counted as waiting.
      if (!(error instanceof MooseError) || error.code !== "after_timeout") throw error;
    }
  }

  async function auditModels(
    ends: ReadonlyMap<string, readonly number[]>,
    signal: AbortSignal,
  ): Promise<{ models: ModelAudit[]; gaps: Map<string, readonly OffsetRange[]> }> {
    const models: ModelAudit[] = [];
    const gaps = new Map<string, readonly OffsetRange[]>();
    for (const [model, { table, core }] of catalog.state.models) {
      const partitions: PartitionAudit[] = [];
      for (const [name, offsets] of ends) {
        if (modelOfStream(name) !== model) continue;
        for (const [partition, end] of offsets.entries()) {
          const delivered = Math.min(end, progress.position().get(name)?.[partition] ?? 0);
          const audited = { stream: name, partition, table, end, delivered };
          const accounted = await auditPartition({ log: stream, database }, audited, signal);
          partitions.push(accounted.audit);
          gaps.set(`${name}/${partition}`, accounted.gaps);
        }
      }
      const rowsMayLeave = whyRowsMayLeave(core.spec);
      models.push({ model, table, partitions, ...(rowsMayLeave === undefined ? {} : { rowsMayLeave }) });
    }
    return { models, gaps };
  }

  /** `stands` were read before the ends of the streams that `models` speak of: what they emitted lies below. */
  async function auditFunctions(
    stands: readonly FunctionStand[],
    taken: ReadonlyMap<string, readonly number[]>,
    { models, gaps }: Awaited<ReturnType<typeof auditModels>>,
    signal: AbortSignal,
  ): Promise<{ audits: FunctionAudit[]; mistakes: string[] }> {
    const audits: FunctionAudit[] = [];
    const known = new Set(stands.map(nameOf));
    for (const { name, from } of options.functions()) {
      for (const [source, ends] of taken) {
        if (!from.some(({ model }) => model === modelOfStream(source))) continue;
        for (const [partition, end] of ends.entries()) {
          const place = { name, stream: source, partition };
          const begin = stream.startOffset(source, partition);
          const stand = stands.find((candidate) => nameOf(candidate) === nameOf(place)) ?? {
            ...place,
            committed: begin,
            account: newAccount(begin, 0),
          };
          known.delete(nameOf(place));
          audits.push(await auditFunction(database, stand, end, signal));
        }
      }
    }
    // What is replayed to a function, and functions that are gone: nobody waits for them, but what they say is checked.
    for (const stand of stands)
      if (known.has(nameOf(stand))) audits.push(await auditFunction(database, stand, 0, signal));
    const refused = await refusedInQuarantine(database, signal);
    const later = await functionStands(stream);
    const mayHaveLeft = new Set(
      stands
        .filter(({ account }) => account.sinceMs < Date.now() - options.quarantineDays * DAY_MS)
        .map(({ name }) => name),
    );
    const refusedLater = new Map<string, number>();
    for (const { name, account } of later) refusedLater.set(name, (refusedLater.get(name) ?? 0) + account.refused);
    const facts = { functions: audits, models, gaps, refused, refusedLater, mayHaveLeft };
    return { audits, mistakes: findFunctionMistakes(facts) };
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
    const { signal } = request;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(request.waitMs)]);
    const begun = endsNow();
    await untilTaken(stream, options.functions(), begun, limit);
    const stands = await functionStands(stream);
    // What they emitted is in these.
    const ends = endsNow();
    await untilDelivered(ends, limit);
    const account = await auditModels(ends, signal);
    const functions = await auditFunctions(stands, begun, account, signal);
    const aggregations = await auditAggregations(signal);
    const groups = await auditGroups();
    const mistakes = [...findMistakes(account.models, aggregations), ...functions.mistakes];
    const tookMs = Math.round(performance.now() - begunMs);
    const { models } = account;
    return { ok: mistakes.length === 0, tookMs, models, aggregations, functions: functions.audits, groups, mistakes };
  };
}

const nameOf = ({ name, stream, partition }: FunctionPlace): string => `${name} ${stream}/${partition}`;

/** Undefined when a row that is in the table stays there. */
function whyRowsMayLeave(spec: ModelSpec): string | undefined {
  return spec.ttl === undefined ? undefined : "its ttl removes rows";
}
