// The verdict on an audit's figures. Pure.
import type { AggregationAudit, ModelAudit, PartitionAudit } from "./audit-report.ts";

/** A sentence for each mistake, empty when everything is accounted for. */
export function findMistakes(models: readonly ModelAudit[], aggregations: readonly AggregationAudit[]): string[] {
  return [
    ...models.flatMap(({ rowsMayLeave, partitions, table }) =>
      partitions.flatMap((partition) => ofPartition(table, partition, rowsMayLeave !== undefined)),
    ),
    ...aggregations
      .filter(({ different }) => different > 0)
      .map(
        ({ aggregation, different, rows }) =>
          `The aggregation ${aggregation} differs from its model's table in ${different} of ${rows} keys.`,
      ),
  ];
}

function ofPartition(table: string, audit: PartitionAudit, rowsMayLeave: boolean): string[] {
  const where = `${audit.stream}, partition ${audit.partition}`;
  const mistakes: string[] = [];
  if (audit.unknownToStream > 0) {
    mistakes.push(
      `${where}: ${eventCount(audit.unknownToStream)} from offset ${audit.streamEnd} on are known to the table or to a group, but the stream does not hold them.`,
    );
  }
  if (audit.missing > 0 && !rowsMayLeave) {
    const ranges = audit.missingRanges.map(({ first, last }) =>
      last - first === 1 ? `${first}` : `${first} to ${last - 1}`,
    );
    mistakes.push(
      `${where}: ${eventCount(audit.missing)} are neither in the table ${table} nor in quarantine: offsets ${ranges.join(", ")}${shown(audit) < audit.missing ? ", …" : ""}.`,
    );
  }
  if (audit.doubled > 0) {
    mistakes.push(`${where}: ${audit.doubled} rows of the table ${table} repeat an offset that is there already.`);
  }
  if (audit.waiting > 0) {
    mistakes.push(
      `${where}: ${eventCount(audit.waiting)} were not in the table ${table} yet when the audit stopped waiting. Run it again when the writer has caught up.`,
    );
  }
  return mistakes;
}

/** "1 event", "2 events". */
export const eventCount = (count: number): string => (count === 1 ? "1 event" : `${count} events`);

const shown = ({ missingRanges }: PartitionAudit): number =>
  missingRanges.reduce((sum, { first, last }) => sum + last - first, 0);
