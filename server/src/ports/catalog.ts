// What the running server serves now: models with their loaded cores, aggregations. Replaced as a whole on reload.
import type { AggregationSpec, ModelCore } from "@moose/core";

export interface CatalogModel {
  readonly core: ModelCore;
  readonly stream: string;
  readonly table: string;
  /** Of Moose itself: served by the table writer and shown, but clients do not send events of it. */
  readonly system?: true;
}

export interface CatalogState {
  /** Counts up with every change. */
  readonly revision: number;
  /** Newest version of each model by exact name, system models included. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  readonly aggregations: ReadonlyMap<string, AggregationSpec>;
}

export interface Catalog {
  readonly state: CatalogState;
  /** A model of the project. Exact match of name and, when given, version; never by prefix. */
  model(name: string, version?: string): CatalogModel | undefined;
  /** The core for a schema that accepted rows, current or older. */
  coreFor(schemaId: string): ModelCore | undefined;
  onChange(listener: (state: CatalogState) => void): () => void;
}
