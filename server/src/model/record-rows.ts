// Rows as text, to the form in which the log takes and returns them, and back.
import type { NewRecords, RecordBatch } from "./record-batch.ts";

export function recordsOf(rows: readonly string[], schemaId: string, receivedAtMs: number): NewRecords {
  const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(""));
  const ends = new Uint32Array(rows.length);
  let end = -1;
  for (let i = 0; i < rows.length; i++) {
    end += Buffer.byteLength(rows[i]!) + 1;
    ends[i] = end;
  }
  return { bytes, ends, schemaId, receivedAtMs };
}

export function rowsOf(batches: readonly RecordBatch[]): string[] {
  const rows: string[] = [];
  for (const { bytes, ends } of batches) {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let begin = 0;
    for (const end of ends) {
      rows.push(text.toString("utf8", begin, end));
      begin = end + 1;
    }
  }
  return rows;
}

/** Views on the bytes of each row. */
export function rowBytesOf(batches: readonly RecordBatch[]): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (const { bytes, ends } of batches) {
    let begin = 0;
    for (const end of ends) {
      rows.push(bytes.subarray(begin, end));
      begin = end + 1;
    }
  }
  return rows;
}
