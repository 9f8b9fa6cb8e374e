// `moose audit`: asks a running server for the account of every event, and shows it.
import type { AuditReport, FunctionAudit, PartitionAudit } from "../audit/audit-report.ts";
import { type ErrorCode, MooseError } from "../model/errors.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export interface AuditCommand {
  /** Of the server. */
  readonly url: string;
  /** How long the table writer may take to deliver what was acknowledged. Seconds. */
  readonly waitSeconds: number;
  /** The report as JSON, for machines. */
  readonly json: boolean;
}

/** Reading whole tables takes its time. */
const LOOK_LIMIT_MS = 10 * 60_000;

/** The exit code says whether everything is accounted for. Throws MooseError when no server answers, or when it cannot look. */
export async function audit(command: AuditCommand): Promise<ExitCode> {
  const report = await askFor(command);
  process.stdout.write(command.json ? `${JSON.stringify(report, null, 2)}\n` : describe(report));
  return report.ok ? exitCodes.ok : exitCodes.unaccounted;
}

async function askFor({ url, waitSeconds }: AuditCommand): Promise<AuditReport> {
  const address = new URL(`/audit?wait=${waitSeconds}`, url);
  let response: Response;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(waitSeconds * 1000 + LOOK_LIMIT_MS) });
  } catch (cause) {
    throw new MooseError(
      "server_unreachable",
      `No Moose server answers at ${address.origin}. Start it (moose dev), or name another with --url.`,
      { cause },
    );
  }
  if (response.ok) return (await response.json()) as AuditReport;
  const { code, detail } = (await response.json().catch(() => ({}))) as { code?: ErrorCode; detail?: string };
  throw new MooseError(
    code ?? "server_unreachable",
    `The server at ${address.origin} could not audit: ${detail ?? `it answered ${response.status}`}`,
  );
}

function describe(report: AuditReport): string {
  const lines: string[] = [];
  for (const { model, table, partitions, rowsMayLeave } of report.models) {
    lines.push(
      `${model} → table ${table}${rowsMayLeave === undefined ? "" : ` (${rowsMayLeave}: absent rows are no mistake)`}`,
    );
    for (const partition of partitions) lines.push(`  ${ofPartition(partition)}`);
  }
  for (const { aggregation, rows, different, skipped } of report.aggregations) {
    lines.push(
      skipped === undefined
        ? `${aggregation}: ${rows} keys compared with a recomputation, ${different} differ`
        : `${aggregation}: not compared, because of its model ${skipped}`,
    );
  }
  for (const audit of report.functions) lines.push(ofFunction(audit));
  for (const { group, stream, partition, behind } of report.groups)
    if (behind > 0) lines.push(`group ${group} is ${behind} events behind in ${stream}, partition ${partition}`);
  lines.push("");
  lines.push(
    report.ok
      ? `Every acknowledged event is accounted for (${report.tookMs} ms).`
      : `${report.mistakes.length} ${report.mistakes.length === 1 ? "mistake" : "mistakes"}:`,
  );
  for (const mistake of report.mistakes) lines.push(`  ${mistake}`);
  return `${lines.join("\n")}\n`;
}

function ofFunction(audit: FunctionAudit): string {
  const emitted = Object.entries(audit.emitted).map(([stream, events]) => `, ${events} into ${stream}`);
  const rest = [
    [audit.unreadable, "left out"],
    [audit.refused, "outputs refused"],
    [audit.waiting, "waiting"],
  ] as const;
  return (
    `function ${audit.function}, ${audit.stream}/${audit.partition}: ${audit.taken} taken = ${audit.emitting} emitting + ${audit.filtered} filtered + ${audit.quarantined} in quarantine` +
    emitted.join("") +
    rest.map(([count, what]) => (count > 0 ? `; ${count} ${what}` : "")).join("")
  );
}

const ofPartition = (audit: PartitionAudit): string =>
  `${audit.stream}/${audit.partition}: ${audit.acknowledged} acknowledged = ${audit.inTable} in the table + ${audit.quarantined} in quarantine` +
  `${audit.waiting > 0 ? ` + ${audit.waiting} waiting` : ""}${audit.missing > 0 ? ` + ${audit.missing} MISSING` : ""}` +
  `${audit.doubled > 0 ? `; ${audit.doubled} rows DOUBLED` : ""}${audit.streamStart > 0 ? `; trimmed below ${audit.streamStart}` : ""}`;
