// The verdict on what functions say of themselves. Pure.
import type { FunctionAudit, ModelAudit, OffsetRange, PartitionAudit } from "./audit-report.ts";
import { eventCount } from "./find-mistakes.ts";
import { offsetsIn } from "./stream-gaps.ts";

export interface FunctionFacts {
  readonly functions: readonly FunctionAudit[];
  readonly models: readonly ModelAudit[];
  /** Offsets without an event, by "stream/partition"; only of partitions that were looked through. */
  readonly gaps: ReadonlyMap<string, readonly OffsetRange[]>;
  /** Outputs in quarantine, by function. */
  readonly refused: ReadonlyMap<string, number>;
  /** Outputs that functions had refused when quarantine had been read: more than before, where one went on meanwhile. */
  readonly refusedLater: ReadonlyMap<string, number>;
  /** Functions whose entries may have left quarantine, being old. */
  readonly mayHaveLeft: ReadonlySet<string>;
}

/** A sentence for each mistake, empty when every event of every function is accounted for. */
export function findFunctionMistakes(facts: FunctionFacts): string[] {
  return [...facts.functions.flatMap((audit) => ofFunction(audit, facts)), ...ofTargets(facts), ...ofRefused(facts)];
}

function ofFunction(audit: FunctionAudit, { gaps, mayHaveLeft, models }: FunctionFacts): string[] {
  const where = `Function ${audit.function}, ${audit.stream}, partition ${audit.partition}`;
  const mistakes: string[] = [];
  const passed = audit.committed - audit.begin;
  const counted = audit.taken + audit.unreadable + audit.absent;
  const range = { first: audit.begin, last: audit.committed };
  if (counted !== passed) {
    mistakes.push(
      `${where}: it passed ${passed} offsets (${audit.begin} to ${audit.committed - 1}), but accounts for ${counted}: ${eventCount(Math.abs(passed - counted))} ${passed > counted ? "were passed over" : "too many were counted"}.`,
    );
  }
  const known = partitionOf(models, audit);
  if (known !== undefined && known.streamStart <= audit.begin && known.waiting === 0) {
    const absent = offsetsIn(gaps.get(`${audit.stream}/${audit.partition}`) ?? [], range);
    if (audit.absent > absent)
      mistakes.push(
        `${where}: it found no event at ${audit.absent} offsets of ${audit.begin} to ${audit.committed - 1}, but the stream holds ${eventCount(audit.absent - absent)} there.`,
      );
  }
  const sorted = audit.emitting + audit.filtered + audit.quarantined;
  if (sorted !== audit.taken) {
    mistakes.push(
      `${where}: of ${eventCount(audit.taken)} taken, ${audit.emitting} emitted, ${audit.filtered} came to nothing and ${audit.quarantined} went to quarantine: ${sorted} in all.`,
    );
  }
  const isShort = audit.inQuarantine < audit.quarantined && !mayHaveLeft.has(audit.function);
  if (isShort || audit.inQuarantine > audit.quarantined) {
    mistakes.push(`${where}: ${eventCount(audit.quarantined)} went to quarantine, which holds ${audit.inQuarantine}.`);
  }
  if (audit.doubledInQuarantine > 0) {
    mistakes.push(
      `${where}: ${audit.doubledInQuarantine} entries of quarantine repeat an event that is there already.`,
    );
  }
  if (audit.waiting > 0) {
    mistakes.push(
      `${where}: ${eventCount(audit.waiting)} were not taken yet when the audit stopped waiting. Run it again when the function has caught up.`,
    );
  }
  return mistakes;
}

/** A target holds what functions emitted, and what applications sent beside it. */
function ofTargets({ functions, models }: FunctionFacts): string[] {
  const emitted = new Map<string, number>();
  for (const audit of functions)
    for (const [stream, events] of Object.entries(audit.emitted))
      emitted.set(stream, (emitted.get(stream) ?? 0) + events);
  const held = new Map<string, number>();
  for (const { partitions } of models)
    for (const { stream, acknowledged } of partitions) held.set(stream, (held.get(stream) ?? 0) + acknowledged);
  return [...emitted]
    .filter(([stream, events]) => events > (held.get(stream) ?? 0))
    .map(
      ([stream, events]) =>
        `${stream}: functions emitted ${eventCount(events)} into it, but it has held ${held.get(stream) ?? 0}.`,
    );
}

function ofRefused({ functions, refused, refusedLater, mayHaveLeft }: FunctionFacts): string[] {
  const said = new Map<string, number>();
  for (const audit of functions) said.set(audit.function, (said.get(audit.function) ?? 0) + audit.refused);
  return [...said].flatMap(([name, count]) => {
    const found = refused.get(name) ?? 0;
    const isShort = found < count && !mayHaveLeft.has(name);
    if (!isShort && found <= (refusedLater.get(name) ?? 0)) return [];
    return [`Function ${name}: ${count} of its outputs went to quarantine, which holds ${found}.`];
  });
}

const partitionOf = (models: readonly ModelAudit[], at: FunctionAudit): PartitionAudit | undefined =>
  models
    .flatMap(({ partitions }) => partitions)
    .find(({ stream, partition }) => stream === at.stream && partition === at.partition);
