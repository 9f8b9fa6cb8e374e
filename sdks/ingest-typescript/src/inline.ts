// The package with nothing to fetch: the core is inlined. For bundlers that take no files along, and single-file builds.
import { type Ingest, type IngestOptions, type NoContext, newIngest } from "./ingest.ts";
import type { AnyModel } from "./model-types.ts";

/** As `createIngest` of "@moose/ingest". */
export function createIngest<const M extends readonly AnyModel[], const C extends object = NoContext>(
  options: IngestOptions<M, C>,
): Ingest<M, C> {
  return newIngest(options, () => undefined);
}

export { IngestDeliveryError, IngestError, IngestValidationError, isIngestError } from "./errors.ts";
export type * from "./index.ts";
export { indexedDbQueue } from "./queue/indexeddb-queue.ts";
export { memoryQueue } from "./queue/memory-queue.ts";
