// Hot path: takes the next events of a partition from the stream and makes one Native block of them.
import type { BlockEncoder, ModelCore } from "@moose/core";
import { ByteArena } from "../lib/byte-arena.ts";
import { MooseError } from "../model/errors.ts";
import type { RecordBatch } from "../model/record-batch.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { FlushLimits } from "./flush-policy.ts";

export interface Range {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
}

/** The events of one range; all were accepted by one schema. */
export interface Slice extends Range {
  readonly schemaId: string;
  readonly batches: readonly RecordBatch[];
  /** Of the rows as JSON. */
  readonly bytes: number;
}

/** A Native block; or why the core does not take a row of the range. */
export type Block = Uint8Array | { readonly refused: string };

/** What is inserted as one: the range, and its rows as the table takes them. */
export interface RangeBlock extends Range {
  /** Of the rows as JSON. */
  readonly bytes: number;
  readonly block: Block;
}

export interface Source {
  readonly stream: StreamLog;
  readonly name: string;
  readonly partition: number;
  /** What the table's `_partition` says: other than the partition's number for versions after a model's first, which share its table. */
  readonly tablePartition: number;
}

/** Names the partition among all those whose events go into one table. */
export function nameOf({ name, partition }: Pick<Source, "name" | "partition">): string {
  return `${name}/${partition}`;
}

/** Rows as they are read, until they are encoded: a slice of the default limits twice over. One for the process, since nothing is awaited in between. */
const rowMemory = new ByteArena(16 * 1024 * 1024);

/**
 * The next rows from `first`, up to the limits; undefined at the end. Throws `log_unavailable` where the log is damaged, and what keeps
 * their schema from being read.
 */
export async function nextBlock(
  source: Source,
  first: number,
  limits: FlushLimits,
  catalog: Catalog,
): Promise<RangeBlock | undefined> {
  const { stream, name, partition } = source;
  const memory = rowMemory.borrow();
  try {
    const batches = await stream.read(name, partition, first, {
      maxRecords: limits.rows,
      maxBytes: limits.bytes,
      ...(memory === undefined ? undefined : { memory }),
    });
    const slice = sliceOf(batches);
    return slice === undefined ? undefined : blockOf(slice, source, catalog);
  } finally {
    memory?.giveBack();
  }
}

/** Throws when the schema cannot be read now: no row is to blame for that. */
export function blockOf(slice: Slice, source: Source, catalog: Catalog): RangeBlock {
  const { first, last, bytes } = slice;
  try {
    return { first, last, bytes, block: encodeSlice(slice, source, catalog) };
  } catch (error) {
    if (error instanceof MooseError) throw error;
    return { first, last, bytes, block: { refused: error instanceof Error ? error.message : String(error) } };
  }
}

/** The slices of a recorded range, read as they are asked for: one, unless the log has been damaged since. */
export async function* slicesOf(source: Source, range: Range): AsyncGenerator<Slice> {
  const { stream, name, partition } = source;
  for (let next = range.first; next < range.last; ) {
    const untilOffset = range.last;
    const limit = { maxRecords: range.last - next, maxBytes: Number.MAX_SAFE_INTEGER, untilOffset };
    const slice = sliceOf(await stream.read(name, partition, next, limit));
    if (slice === undefined) return;
    yield slice;
    next = slice.last;
  }
}

function sliceOf(batches: readonly RecordBatch[]): Slice | undefined {
  const head = batches[0];
  if (head === undefined) return undefined;
  const { schemaId, baseOffset } = head;
  let count = 0;
  let last = baseOffset;
  let bytes = 0;
  for (const batch of batches) {
    // A block's columns are those of one schema.
    if (batch.schemaId !== schemaId) break;
    count++;
    bytes += batch.bytes.length;
    last = batch.baseOffset + batch.ends.length;
  }
  return { schemaId, batches: batches.slice(0, count), bytes, first: baseOffset, last };
}

const encoders = new WeakMap<ModelCore, BlockEncoder>();

/** Throws when a row does not fit its schema, or when the schema is not known. Nothing is awaited: an encoder serves one block at a time. */
export function encodeSlice(slice: Slice, source: Source, catalog: Catalog): Uint8Array {
  const core = catalog.coreFor(slice.schemaId);
  if (core === undefined) throw new Error(`schema ${slice.schemaId} is not known`);
  let encoder = encoders.get(core);
  if (encoder === undefined) {
    encoder = core.encoder();
    encoders.set(core, encoder);
  }
  try {
    for (const { bytes, baseOffset, receivedAtMs, malformed } of slice.batches) {
      // Bytes of several values, or of none, would shift the offsets of the rows behind them.
      if (malformed) throw new Error("an event that another producer wrote is not one JSON object");
      encoder.feed(bytes, { partition: source.tablePartition, baseOffset, receivedAtMs });
    }
    return encoder.finish();
  } catch (error) {
    encoder.reset();
    throw error;
  }
}
