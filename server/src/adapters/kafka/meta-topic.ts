// The compacted topic that all processes share: schemas by id, and the order in which streams were made.
import { randomUUID } from "node:crypto";
import type { FetchedPartition } from "./fetch-request.ts";
import { decompressed, openRecordSet, RecordCursor } from "./record-set-cursor.ts";

/** Reads the topic's one partition; resolves with nothing new at its end. */
export type FetchMeta = (fromOffset: number) => Promise<FetchedPartition>;
/** Appends a record; durable when it resolves. */
export type AppendMeta = (key: string, value: string) => Promise<void>;

export class MetaTopic {
  readonly #fetch: FetchMeta;
  readonly #append: AppendMeta;
  readonly #schemas = new Map<string, string>();
  readonly #newest = new Map<string, string>();
  readonly #streams = new Set<string>();
  #next = 0;
  #reading: Promise<void> | undefined;

  constructor(fetch: FetchMeta, append: AppendMeta) {
    this.#fetch = fetch;
    this.#append = append;
  }

  /** Streams in the order in which they were made, the same for all processes. */
  get streams(): readonly string[] {
    return [...this.#streams];
  }

  schema(schemaId: string): string | undefined {
    return this.#schemas.get(schemaId);
  }

  /** Id of the schema that was saved last for a stream. */
  newestSchema(stream: string): string | undefined {
    return this.#newest.get(stream);
  }

  async addStream(stream: string): Promise<void> {
    if (this.#streams.has(stream)) return;
    await this.catchUp();
    if (this.#streams.has(stream)) return;
    // A key of its own keeps the first record of a stream for ever, and so its place, when two processes make it at once.
    await this.#append(`stream/${randomUUID()}`, stream);
    await this.catchUp();
  }

  async saveSchema(schemaId: string, spec: string): Promise<void> {
    const stream = streamOf(spec);
    const isNewest = stream === undefined || this.#newest.get(stream) === schemaId;
    if (this.#schemas.get(schemaId) === spec && isNewest) return;
    await this.#append(`schema/${schemaId}`, spec);
    await this.catchUp();
  }

  /** Reads what other processes have added; calls at the same time share it. */
  catchUp(): Promise<void> {
    // One that is under way may have read the end before the caller's own record was there.
    const before = this.#reading ?? Promise.resolve();
    const reading = before.then(() => this.#readToEnd());
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #readToEnd(): Promise<void> {
    for (;;) {
      const { records, endOffset, aborted } = await this.#fetch(this.#next);
      const set = await decompressed(openRecordSet(records, this.#next, aborted));
      for (const batch of set.batches) {
        const cursor = new RecordCursor(batch);
        while (cursor.next()) if (cursor.offset >= this.#next) this.#apply(cursor);
      }
      const stuck = set.nextOffset === this.#next;
      this.#next = set.nextOffset;
      if (stuck || this.#next >= endOffset) return;
    }
  }

  #apply({ bytes, keyBegin, keyEnd, valueBegin, valueEnd }: RecordCursor): void {
    if (keyBegin < 0 || valueBegin < 0) return;
    const key = bytes.toString("utf8", keyBegin, keyEnd);
    const value = bytes.toString("utf8", valueBegin, valueEnd);
    if (key.startsWith("stream/")) this.#streams.add(value);
    else if (key.startsWith("schema/")) {
      const schemaId = key.slice("schema/".length);
      this.#schemas.set(schemaId, value);
      const stream = streamOf(value);
      if (stream !== undefined) this.#newest.set(stream, schemaId);
    }
  }
}

/** The stream of a schema's model: name and version. */
function streamOf(spec: string): string | undefined {
  try {
    const { name, version } = JSON.parse(spec) as { name?: unknown; version?: unknown };
    return typeof name === "string" && typeof version === "string" ? `${name}.${version}` : undefined;
  } catch {
    return undefined;
  }
}
