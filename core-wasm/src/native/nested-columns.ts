// Columns that hold columns: Nullable, Array, Tuple, Map, LowCardinality.
import type { ColumnReader } from "./column-reader.ts";
import type { NativeBytes } from "./native-bytes.ts";

const withPrefixes = (inner: readonly ColumnReader[]): Pick<Required<ColumnReader>, "prefix"> => ({
  prefix(from) {
    for (const column of inner) column.prefix?.(from);
  },
});

/** A byte a row that says whether it is NULL, then the values, those of NULL rows too. */
export function nullableColumn(inner: ColumnReader): ColumnReader {
  return {
    ...withPrefixes([inner]),
    values(from, rows) {
      const begin = from.take(rows);
      const nulls = from.bytes.subarray(begin, begin + rows);
      const values = inner.values(from, rows, nulls);
      for (let row = 0; row < rows; row++) if (nulls[row] !== 0) values[row] = null;
      return values;
    },
  };
}

/** Where each row's elements end. */
function readEnds(from: NativeBytes, rows: number): number[] {
  const begin = from.take(rows, 8);
  const ends = new Array<number>(rows);
  let before = 0;
  for (let row = 0; row < rows; row++) {
    const end = Number(from.view.getBigUint64(begin + row * 8, true));
    if (end < before || !Number.isSafeInteger(end)) throw from.error(`array offsets run back: ${end} behind ${before}`);
    ends[row] = end;
    before = end;
  }
  return ends;
}

export function arrayColumn(inner: ColumnReader): ColumnReader {
  return {
    ...withPrefixes([inner]),
    values(from, rows) {
      const ends = readEnds(from, rows);
      const elements = inner.values(from, ends.at(-1) ?? 0);
      return ends.map((end, row) => elements.slice(row === 0 ? 0 : ends[row - 1], end));
    },
  };
}

/** Objects when every element has a label, else arrays. */
export function tupleColumn(inner: readonly ColumnReader[], labels: readonly (string | undefined)[]): ColumnReader {
  const named = labels.every((label) => label !== undefined);
  return {
    ...withPrefixes(inner),
    values(from, rows) {
      // A tuple without elements has a byte a row.
      if (inner.length === 0) from.take(rows);
      const columns = inner.map((column) => column.values(from, rows));
      return Array.from({ length: rows }, (_, row) => {
        const values = columns.map((column) => column[row]);
        return named && inner.length > 0 ? Object.fromEntries(values.map((value, i) => [labels[i]!, value])) : values;
      });
    },
  };
}

/** Objects; keys that are no text are written as text. */
export function mapColumn(keys: ColumnReader, values: ColumnReader): ColumnReader {
  return {
    ...withPrefixes([keys, values]),
    values(from, rows) {
      const ends = readEnds(from, rows);
      const count = ends.at(-1) ?? 0;
      const names = keys.values(from, count).map(String);
      const members = values.values(from, count);
      return ends.map((end, row) => {
        const begin = row === 0 ? 0 : ends[row - 1]!;
        return Object.fromEntries(names.slice(begin, end).map((name, i) => [name, members[begin + i]]));
      });
    },
  };
}

const DICTIONARY_VERSION = 1n;
/** Bits of the word before a dictionary: the keys stand here (9), a shared dictionary is needed (8); the low byte is the width of indexes. */
const KEYS_HERE = 1 << 9;
const SHARED = 1 << 8;

/** A dictionary and indexes into it. `nullable`: index 0 is NULL. */
export function lowCardinalityColumn(inner: ColumnReader, nullable: boolean): ColumnReader {
  return {
    prefix(from) {
      const version = from.view.getBigUint64(from.take(1, 8), true);
      if (version !== DICTIONARY_VERSION)
        throw from.error(`LowCardinality has version ${version}, and only 1 is known`);
    },
    values(from, rows) {
      const values: unknown[] = [];
      while (values.length < rows) {
        const flags = from.view.getUint32(from.take(1, 8), true);
        const width = flags & 0xff;
        if (width > 3 || (flags & SHARED) !== 0 || (flags & KEYS_HERE) === 0) {
          throw from.error(`LowCardinality has flags 0x${flags.toString(16)}, which FORMAT Native does not write`);
        }
        const keys = inner.values(from, from.count());
        if (nullable && keys.length > 0) keys[0] = null;
        const count = from.count();
        if (count === 0 || count > rows - values.length)
          throw from.error(`LowCardinality has ${count} of ${rows} rows`);
        const begin = from.take(count, 1 << width);
        for (let row = 0; row < count; row++) values.push(keyAt(from, keys, indexAt(from, begin, row, width)));
      }
      return values;
    },
  };
}

function indexAt(from: NativeBytes, begin: number, row: number, width: number): number {
  if (width === 0) return from.bytes[begin + row]!;
  if (width === 1) return from.view.getUint16(begin + row * 2, true);
  if (width === 2) return from.view.getUint32(begin + row * 4, true);
  return Number(from.view.getBigUint64(begin + row * 8, true));
}

function keyAt(from: NativeBytes, keys: readonly unknown[], index: number): unknown {
  if (index >= keys.length) throw from.error(`index ${index} points behind a dictionary of ${keys.length}`);
  return keys[index];
}
