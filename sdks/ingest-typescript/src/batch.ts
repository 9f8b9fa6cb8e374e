// A batch: NDJSON bytes of one model under one idempotency key, and how it is cut when it is too large to go at once.
import type { StoredChunk } from "./queue/event-queue.ts";

/** First and last number (inclusive) of each range; ascending. */
export type IdRanges = readonly (readonly [first: number, last: number])[];

/** What a batch and the parts that it was cut into share: its chunks leave the queue when the last part has left. */
export interface BatchOrigin {
  readonly chunks: readonly StoredChunk[];
  openParts: number;
}

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
  /** The numbers of the events in the order of the rows. An event keeps its number in whatever batch it goes. */
  readonly ids: IdRanges;
  readonly origin: BatchOrigin;
  /** When it was made; monotonic. */
  readonly createdAtMs: number;
  /** Requests made so far. Once above 0 the body must not change: the key names it. */
  attempts: number;
}

const NEWLINE = 10;

/** One batch of chunks of one model, version and producer, in order. */
export function joinChunks(chunks: readonly StoredChunk[], key: string, createdAtMs: number): Batch {
  const [first] = chunks;
  const { model, version, producer } = first!;
  let events = 0;
  let bytes = 0;
  const ids: [number, number][] = [];
  for (const chunk of chunks) {
    events += chunk.events;
    bytes += chunk.body.length;
    const lastId = chunk.firstId + chunk.events - 1;
    const before = ids.at(-1);
    if (before && before[1] + 1 === chunk.firstId) before[1] = lastId;
    else ids.push([chunk.firstId, lastId]);
  }
  let body = first!.body;
  if (chunks.length > 1) {
    body = new Uint8Array(bytes);
    let at = 0;
    for (const chunk of chunks) {
      body.set(chunk.body, at);
      at += chunk.body.length;
    }
  }
  const origin = { chunks, openParts: 1 };
  return { model, version, body, events, key, producer, ids, origin, createdAtMs, attempts: 0 };
}

/** Byte at which the rows that fit into `maxBytes` end; 0 when not even the first fits. */
export function endOfRowsWithin(body: Uint8Array, maxBytes: number): number {
  if (body.length <= maxBytes) return body.length;
  return maxBytes <= 0 ? 0 : body.lastIndexOf(NEWLINE, maxBytes - 1) + 1;
}

/** As the header `Moose-Event-Ids` names the events. */
export function eventIds({ producer, ids }: Pick<Batch, "producer" | "ids">): string {
  return `${producer};${ids.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(",")}`;
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

/** Cuts a batch into its first rows, up to `maxBytes`, and the others. Undefined when a cut is not possible. */
export function splitBatch(batch: Batch, maxBytes: number, newKey: () => string): [Batch, Batch] | undefined {
  const end = endOfRowsWithin(batch.body, maxBytes);
  if (end === 0 || end === batch.body.length) return undefined;
  const head = batch.body.subarray(0, end);
  let events = 0;
  for (let at = head.indexOf(NEWLINE); at !== -1; at = head.indexOf(NEWLINE, at + 1)) events++;
  const [headIds, tailIds] = splitIds(batch.ids, events);
  batch.origin.openParts++;
  return [
    { ...batch, body: head, events, ids: headIds, key: newKey(), attempts: 0 },
    {
      ...batch,
      body: batch.body.subarray(end),
      events: batch.events - events,
      ids: tailIds,
      key: newKey(),
      attempts: 0,
    },
  ];
}

function splitIds(ids: IdRanges, events: number): [IdRanges, IdRanges] {
  let rest = events;
  const at = ids.findIndex(([first, last]) => {
    const count = last - first + 1;
    if (rest < count) return true;
    rest -= count;
    return false;
  });
  const [first, last] = ids[at]!;
  const head = rest === 0 ? [] : [[first, first + rest - 1] as const];
  return [
    [...ids.slice(0, at), ...head],
    [[first + rest, last], ...ids.slice(at + 1)],
  ];
}
