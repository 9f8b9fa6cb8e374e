// A batch: NDJSON bytes of one model under one idempotency key, and how it is cut when it is too large to go at once.

export interface Batch {
  /** Name and version of the model: where the batch is posted. */
  readonly model: string;
  readonly version: string;
  /** One event a line, each ended by "\n". */
  readonly body: Uint8Array;
  readonly events: number;
  /** The same on every attempt: the server stores the batch once however often it arrives. */
  readonly key: string;
  /** Who numbered the events: kept with them, whoever sends them in the end. */
  readonly producer: string;
  /** Number of the first event of this producer and model; the others count up from it. An event keeps its number in whatever batch it goes. */
  readonly firstId: number;
  readonly createdAtMs: number;
  /** Place in the order of queueing; the parts of a batch keep it. */
  sequence: number;
  /** Requests made so far. Once above 0 the body must not change: the key names it. */
  attempts: number;
}

const NEWLINE = 10;

/** Byte at which the rows that fit into `maxBytes` end; 0 when not even the first fits. */
export function endOfRowsWithin(body: Uint8Array, maxBytes: number): number {
  if (body.length <= maxBytes) return body.length;
  return maxBytes <= 0 ? 0 : body.lastIndexOf(NEWLINE, maxBytes - 1) + 1;
}

/** As the header `Moose-Event-Ids` names the events. */
export function eventIds({ producer, firstId, events }: Batch): string {
  const lastId = firstId + events - 1;
  return `${producer};${firstId === lastId ? firstId : `${firstId}-${lastId}`}`;
}

/** The text of single rows, by index from 0. */
export function rowTexts(body: Uint8Array, rows: ReadonlySet<number>): Map<number, string> {
  const texts = new Map<number, string>();
  const decoder = new TextDecoder();
  for (let row = 0, begin = 0; begin < body.length && texts.size < rows.size; row++) {
    const end = body.indexOf(NEWLINE, begin);
    if (rows.has(row)) texts.set(row, decoder.decode(body.subarray(begin, end)));
    begin = end + 1;
  }
  return texts;
}

/** Cuts a batch that was never sent into its first rows, up to `maxBytes`, and the others. Undefined when a cut is not possible. */
export function splitBatch(batch: Batch, maxBytes: number, newKey: () => string): [Batch, Batch] | undefined {
  const end = endOfRowsWithin(batch.body, maxBytes);
  if (end === 0 || end === batch.body.length) return undefined;
  const head = batch.body.subarray(0, end);
  let events = 0;
  for (let at = head.indexOf(NEWLINE); at !== -1; at = head.indexOf(NEWLINE, at + 1)) events++;
  return [
    { ...batch, body: head, events, key: newKey(), attempts: 0 },
    {
      ...batch,
      body: batch.body.subarray(end),
      events: batch.events - events,
      key: newKey(),
      firstId: batch.firstId + events,
      attempts: 0,
    },
  ];
}
