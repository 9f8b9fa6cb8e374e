// The running server's catalog: which models and aggregations it serves, replaced as a whole on reload.
import type { AggregationSpec, Core, ModelCore, ModelSpec } from "@moose/core";
import { isSystemModel, type Manifest, streamName, tableName } from "../model/manifest.ts";
import type { Catalog, CatalogModel, CatalogState } from "../ports/catalog.ts";
import type { StreamLog } from "../ports/stream-log.ts";

export interface ReplaceableCatalog extends Catalog {
  /** Compiles a manifest into the next state without serving it yet. Throws what the core throws for a bad model. */
  prepare(manifest: Manifest): CatalogState;
  /** Serves a prepared state from now on and tells the listeners. */
  replace(next: CatalogState): void;
}

export function createCatalog({ core, stream }: { core: Core; stream: StreamLog }): ReplaceableCatalog {
  // Requests under way keep the core they began with, and the log may hold rows of any older schema, so cores stay
  // loaded for the life of the process: one for each distinct schema that was ever served or read back.
  const cores = new Map<string, ModelCore>();
  const listeners = new Set<(state: CatalogState) => void>();
  let state: CatalogState = { revision: 0, models: new Map(), aggregations: new Map() };
  /** Cores by the text of their spec, so that an unchanged model is not compiled again on reload. */
  const bySpec = new Map<string, ModelCore>();

  const coreOf = (spec: ModelSpec): ModelCore => {
    const text = JSON.stringify(spec);
    let found = bySpec.get(text);
    if (found === undefined) {
      found = core.load(spec);
      bySpec.set(text, found);
      cores.set(found.schemaId, found);
    }
    return found;
  };

  return {
    get state() {
      return state;
    },
    model(name, version) {
      const found = state.models.get(name);
      return found !== undefined && !found.system && (version === undefined || found.core.spec.version === version)
        ? found
        : undefined;
    },
    coreFor(schemaId) {
      const loaded = cores.get(schemaId);
      if (loaded !== undefined) return loaded;
      const spec = stream.schema(schemaId);
      return spec === undefined ? undefined : coreOf(JSON.parse(spec) as ModelSpec);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    prepare(manifest) {
      const models = new Map<string, CatalogModel>();
      for (const spec of manifest.models) {
        const model = { core: coreOf(spec), stream: streamName(spec), table: tableName(spec) };
        models.set(spec.name, isSystemModel(spec) ? { ...model, system: true } : model);
      }
      const aggregations = new Map<string, AggregationSpec>(manifest.aggregations.map((spec) => [spec.name, spec]));
      return { revision: state.revision + 1, models, aggregations };
    },
    replace(next) {
      state = next;
      for (const listener of listeners) listener(next);
    },
  };
}
