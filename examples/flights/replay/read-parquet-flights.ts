// Reads the three million flights row group by row group: one group's columns, held as small arrays, are all that is in memory.
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead } from "hyparquet";
import { asyncBufferFromFile } from "hyparquet/src/node.js";
import { compressors } from "hyparquet-compressors";
import { collectGarbage } from "./collect-garbage.ts";
import { dataFile } from "./data-file.ts";

export interface ParquetFlight {
  readonly scheduledAt: Date;
  readonly origin: string;
  readonly destination: string;
  readonly delay: number;
  readonly distance: number;
}

export const flightsParquet = (): string => dataFile("flights-3m.parquet");

/** Yields flights in the order of the file (by date), up to `batchRows` at a time. */
export async function* readParquetFlights(path: string, batchRows: number): AsyncGenerator<ParquetFlight[]> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupRows = Number(group.num_rows);
    const columns = await readGroup(file, metadata, groupStart, groupRows);
    groupStart += groupRows;
    collectGarbage();
    for (let row = 0; row < groupRows; ) {
      const end = Math.min(groupRows, row + batchRows);
      const flights: ParquetFlight[] = [];
      for (; row < end; row++) flights.push(flightAt(columns, row));
      yield flights;
    }
  }
}

interface Columns {
  readonly scheduledAtMs: Float64Array;
  readonly origin: readonly string[];
  readonly destination: readonly string[];
  readonly delay: Int16Array;
  readonly distance: Uint16Array;
}

async function readGroup(file: AsyncBuffer, metadata: FileMetaData, start: number, rows: number): Promise<Columns> {
  const read = (name: string) => readColumn(file, metadata, name, start, rows);
  return {
    scheduledAtMs: Float64Array.from(await read("date"), Number),
    origin: (await read("origin")) as string[],
    destination: (await read("destination")) as string[],
    delay: Int16Array.from(await read("delay"), Number),
    distance: Uint16Array.from(await read("distance"), Number),
  };
}

async function readColumn(
  file: AsyncBuffer,
  metadata: FileMetaData,
  name: string,
  start: number,
  rows: number,
): Promise<ArrayLike<unknown> & Iterable<unknown>> {
  const parts: unknown[][] = [];
  await parquetRead({
    file,
    metadata,
    compressors,
    columns: [name],
    rowStart: start,
    rowEnd: start + rows,
    // As milliseconds: the file has a time without a zone, which is read as UTC.
    parsers: { timestampFromMicroseconds: (micros: bigint) => Number(micros / 1000n) },
    onChunk: (chunk) => parts.push(chunk.columnData as unknown[]),
  });
  return parts.length === 1 ? parts[0]! : parts.flat();
}

function flightAt(columns: Columns, row: number): ParquetFlight {
  return {
    scheduledAt: new Date(columns.scheduledAtMs[row]!),
    origin: columns.origin[row]!,
    destination: columns.destination[row]!,
    delay: columns.delay[row]!,
    distance: columns.distance[row]!,
  };
}
