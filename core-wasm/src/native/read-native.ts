// Reads ClickHouse's FORMAT Native back into typed values: blocks of our own encoder and answers over HTTP (client revision 0).
import type { ColumnReader } from "./column-reader.ts";
import { createColumnReader } from "./create-column-reader.ts";
import { NativeBytes } from "./native-bytes.ts";
import { NativeError } from "./native-error.ts";

export interface NativeColumn {
  readonly name: string;
  /** As ClickHouse writes it: `Nullable(Int64)`. */
  readonly type: string;
  readonly values: readonly unknown[];
}

export interface NativeBlock {
  readonly columns: readonly NativeColumn[];
  readonly rowCount: number;
  /** One object for each row, made anew at each call. */
  rows(): Record<string, unknown>[];
}

/**
 * All blocks in `bytes`, one behind the other; docs/NATIVE.md has a table of types and values. Integers from 64 bits are bigint, decimals,
 * days and times text. Throws NativeError for bytes that are no block and for types that are not read.
 * @example readNativeBlocks(new Uint8Array(await answer.arrayBuffer())).flatMap((block) => block.rows())
 */
export function readNativeBlocks(bytes: Uint8Array): NativeBlock[] {
  const from = new NativeBytes(bytes);
  const readers = new Map<string, ColumnReader>();
  const blocks: NativeBlock[] = [];
  while (from.left > 0) blocks.push(readBlock(from, readers));
  return blocks;
}

function readBlock(from: NativeBytes, readers: Map<string, ColumnReader>): NativeBlock {
  const columnCount = from.varint();
  const rowCount = from.varint();
  if (columnCount === 0 && rowCount > 0) throw from.error(`the block has ${rowCount} rows and no columns`);
  const columns: NativeColumn[] = [];
  for (let column = 0; column < columnCount; column++) {
    const name = from.text();
    const type = from.text();
    columns.push({ name, type, values: readColumn(from, readers, name, type, rowCount) });
  }
  return {
    columns,
    rowCount,
    rows: () =>
      Array.from({ length: rowCount }, (_, row) =>
        Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])),
      ),
  };
}

function readColumn(
  from: NativeBytes,
  readers: Map<string, ColumnReader>,
  name: string,
  type: string,
  rows: number,
): unknown[] {
  const reader = readers.get(type) ?? createColumnReader(type);
  if (reader === undefined) {
    const problem = `column ${JSON.stringify(name)} has type ${JSON.stringify(type.slice(0, 200))}, which is not read`;
    throw new NativeError(
      "unsupported_type",
      `${problem}: convert it in the query, for example with toString()`,
      from.at,
    );
  }
  readers.set(type, reader);
  // A block without rows ends behind the header of its columns.
  if (rows === 0) return [];
  reader.prefix?.(from);
  return reader.values(from, rows);
}
