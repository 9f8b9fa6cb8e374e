// `createIngest` as pages and servers import it: pages get the core as a file of its own.
import { wasmFile } from "#core-wasm";
import { type Ingest, type IngestOptions, type NoContext, newIngest } from "./ingest.ts";
import type { AnyModel } from "./model-types.ts";

/**
 * Creates a client. It starts at once; the WebAssembly core is loaded in the background and the first send waits for it.
 * @example
 * const ingest = createIngest({ url: "http://localhost:4000", models: [Flight] });
 * await ingest.send(Flight, { seenAt: new Date(), origin: "SFO", destination: "JFK", delay: 12, distance: 2586 });
 * await ingest.close();
 */
export function createIngest<const M extends readonly AnyModel[], const C extends object = NoContext>(
  options: IngestOptions<M, C>,
): Ingest<M, C> {
  return newIngest(options, wasmFile);
}
