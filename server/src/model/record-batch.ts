// Rows on their way into the log, and the record batches that come out of it.

/** Accepted rows of one request, to be stored together. */
export interface NewRecords {
  /** Rows as JSON text, each followed by "\n". */
  readonly bytes: Uint8Array;
  /** End byte (exclusive, before its "\n") of each row. */
  readonly ends: Uint32Array;
  /** The schema that accepted them: ModelCore.schemaId. */
  readonly schemaId: string;
  readonly receivedAtMs: number;
}

/** Events that are stored together in the log, under one base offset. */
export interface RecordBatch extends NewRecords {
  readonly stream: string;
  readonly partition: number;
  /** Offset of the first row; row i has baseOffset + i. */
  readonly baseOffset: number;
}
