// Cores that turn rows into blocks for functions: one of its own for each schema, with all times in UTC.
import type { BlockEncoder, Core, ModelSpec } from "@moose/core";
import type { Catalog } from "../ports/catalog.ts";
import { inUtc } from "./in-utc.ts";
import type { SliceSchema } from "./runtime/slice.ts";

export interface ReadingCore {
  /** Filled and finished in one turn of the event loop. */
  readonly encoder: BlockEncoder;
  readonly schema: SliceSchema;
}

export class ReadingCores {
  readonly #core: Core;
  readonly #catalog: Catalog;
  readonly #bySchema = new Map<string, ReadingCore>();

  constructor(core: Core, catalog: Catalog) {
    this.#core = core;
    this.#catalog = catalog;
  }

  /**
   * Those to try for rows that this schema accepted: the model as it is now, so that fields that are new have their defaults, then
   * the schema itself. Empty when nobody knows the schema.
   */
  of(schemaId: string): readonly ReadingCore[] {
    const own = this.#catalog.coreFor(schemaId);
    if (own === undefined) return [];
    const newest = this.#catalog.state.models.get(own.spec.name)?.core ?? own;
    const cores = newest.schemaId === own.schemaId ? [own] : [newest, own];
    return cores.map((core) => this.#load(core.schemaId, core.spec));
  }

  #load(schemaId: string, spec: ModelSpec): ReadingCore {
    let loaded = this.#bySchema.get(schemaId);
    if (loaded === undefined) {
      const { name, fields, partitionKey } = spec;
      const schema = {
        id: schemaId,
        model: name,
        fields,
        ...(partitionKey === undefined ? {} : { keyField: partitionKey }),
      };
      loaded = { encoder: this.#core.load(inUtc(spec)).encoder(), schema };
      this.#bySchema.set(schemaId, loaded);
    }
    return loaded;
  }
}
