// Hot path: puts the accepted rows of a request into the stream, without those that their ids show to have been stored before.

import { MooseError } from "../model/errors.ts";
import { type EventIdsHeader, eventIdsOf } from "../model/event-ids.ts";
import { encodePosition } from "../model/position.ts";
import type { CatalogModel } from "../ports/catalog.ts";
import type { AppendResult, StreamLog } from "../ports/stream-log.ts";
import type { EventIdIndex } from "./event-id-index.ts";
import type { Verdict } from "./judge-body.ts";
import { keepRows } from "./keep-rows.ts";
import type { AppendOnce } from "./once-per-key.ts";

export interface StoredRows {
  readonly accepted: number;
  readonly duplicates: number;
  /** Includes every accepted row and every duplicate. */
  readonly position: string;
}

export const nothingStored: StoredRows = { accepted: 0, duplicates: 0, position: encodePosition(new Map()) };

/** The stream is there and knows the schema. */
export async function storeRows(
  stream: StreamLog,
  model: CatalogModel,
  verdict: Verdict,
  append: AppendOnce,
  receivedAtMs: number,
): Promise<StoredRows> {
  const records = { ...verdict.collect(), schemaId: model.core.schemaId, receivedAtMs };
  const appended = await append(model.stream, records);
  return {
    accepted: verdict.accepted,
    duplicates: 0,
    position: positionAfter(model.stream, stream.partitions(model.stream), appended),
  };
}

/**
 * The same for rows that have ids. The ids are stored with the rows, in one step: a crash leaves both or neither.
 * Throws MooseError `invalid_parameter` when there are not as many ids as rows.
 */
export async function storeNewRows(
  stream: StreamLog,
  index: EventIdIndex,
  model: CatalogModel,
  verdict: Verdict,
  { header, receivedAtMs }: { readonly header: EventIdsHeader; readonly receivedAtMs: number },
): Promise<StoredRows> {
  const ids = eventIdsOf(header, verdict.accepted + verdict.rejected);
  const claimed =
    verdict.rejected === 0
      ? ids
      : { producer: ids.producer, sequences: without(ids.sequences, verdict.rejectedRows()) };
  const claim = await index.claim(model.core.spec.name, claimed, model.stream);
  let stored = false;
  let doubtfulIn: string | undefined;
  try {
    const { fresh, ids: eventIds, duplicates, shared } = claim;
    const accepted = verdict.accepted - duplicates;
    if (accepted > 0) {
      const rows = fresh === undefined ? verdict.collect() : keepRows(verdict.collect(), fresh);
      doubtfulIn = model.stream;
      const appended = await stream.append(model.stream, {
        ...rows,
        eventIds,
        ...(shared && { claim: shared }),
        schemaId: model.core.schemaId,
        receivedAtMs,
      });
      stored = true;
      doubtfulIn = undefined;
      if (duplicates === 0) {
        const position = positionAfter(model.stream, stream.partitions(model.stream), appended);
        return { accepted, duplicates, position };
      }
    }
    return { accepted, duplicates, position: positionOfAll(stream, model) };
  } catch (error) {
    // Turned away before anything was sent.
    if (error instanceof MooseError && error.code === "overloaded") doubtfulIn = undefined;
    throw error;
  } finally {
    claim.settle(stored, doubtfulIn);
  }
}

function without(sequences: Float64Array, rows: Uint32Array): Float64Array {
  const kept = new Float64Array(sequences.length - rows.length);
  let refused = 0;
  for (let row = 0, at = 0; row < sequences.length; row++) {
    if (row === rows[refused]) refused++;
    else kept[at++] = sequences[row]!;
  }
  return kept;
}

function positionAfter(stream: string, partitions: number, appended: readonly AppendResult[]): string {
  const offsets = new Array<number>(partitions).fill(0);
  for (const { partition, baseOffset, count } of appended) offsets[partition] = baseOffset + count;
  return encodePosition(new Map([[stream, offsets]]));
}

/** Duplicates stand anywhere below. An older version of the model may have taken them: all of its streams count. */
function positionOfAll(stream: StreamLog, { core, stream: own }: CatalogModel): string {
  const prefix = `${core.spec.name}.`;
  const names = stream.streams().filter((name) => name === own || name.startsWith(prefix));
  const ends = (name: string) =>
    Array.from({ length: stream.partitions(name) }, (_, partition) => stream.endOffset(name, partition));
  return encodePosition(new Map(names.map((name) => [name, ends(name)])));
}
