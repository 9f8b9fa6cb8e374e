// Keeps events that the table refused, with the reason, in a stream of their own: durable before the writer goes on.
import { recordsOf } from "../model/record-rows.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";

export const QUARANTINE_STREAM = "_quarantine.1.0";
const QUARANTINE_SCHEMA = "quarantine-1";
const REASON_LENGTH = 1000;

export interface RefusedEvents {
  readonly stream: string;
  readonly partition: number;
  readonly firstOffset: number;
  /** Exclusive. */
  readonly lastOffset: number;
  /** JSON text of each; empty when they could not be read. */
  readonly rows: readonly string[];
  readonly reason: string;
}

/**
 * Rows of the quarantine stream: `{"stream","partition","offset","reason","event"}`. Events that the log itself lost to damage have
 * `"event":null` and, as a range, `"lastOffset"`. After a crash a row can be there twice: (stream, partition, offset) names it.
 */
export async function quarantine(stream: StreamLog, log: Log, refused: RefusedEvents): Promise<void> {
  const { partition, firstOffset, lastOffset } = refused;
  const reason = refused.reason.slice(0, REASON_LENGTH);
  const head = (offset: number): string =>
    `{"stream":${JSON.stringify(refused.stream)},"partition":${partition},"offset":${offset},"reason":${JSON.stringify(reason)}`;
  const rows =
    refused.rows.length === 0
      ? [`${head(firstOffset)},"lastOffset":${lastOffset},"event":null}`]
      : refused.rows.map((event, i) => `${head(firstOffset + i)},"event":${event}}`);
  await stream.append(QUARANTINE_STREAM, recordsOf(rows, QUARANTINE_SCHEMA, Date.now()), 0);
  log.error(
    refused.rows.length === 0 ? "Events of the stream are damaged" : "The table refused events; they are in quarantine",
    {
      stream: refused.stream,
      partition,
      offset: firstOffset,
      events: lastOffset - firstOffset,
      reason,
    },
  );
}
