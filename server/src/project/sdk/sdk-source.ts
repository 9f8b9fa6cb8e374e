// What an SDK is generated from: the models and aggregations of a project in a folder, or of a running server.
import { type AggregationSpec, createCore, type ModelSpec } from "@moose/core";
import { MooseError } from "../../model/errors.ts";
import { loadProject } from "../load-project.ts";

export interface SdkModel {
  readonly spec: ModelSpec;
  readonly schemaId: string;
  /** Base64 of the compiled schema program. */
  readonly program: string;
}

/** In the order of their names, whatever order they were found in: the same project gives the same files. */
export interface SdkSource {
  readonly models: readonly SdkModel[];
  readonly aggregations: readonly AggregationSpec[];
}

/** One generated file. */
export interface SdkFile {
  readonly name: string;
  readonly text: string;
}

const REQUEST_LIMIT_MS = 30_000;

/** Throws MooseError `project_invalid` or `config_invalid`. */
export async function readProject(dir: string): Promise<SdkSource> {
  const { manifest } = await loadProject(dir);
  const core = await createCore();
  const models = manifest.models.map((spec): SdkModel => {
    const { program, schemaId } = core.load(spec);
    return { spec, schemaId, program: Buffer.from(program).toString("base64") };
  });
  return sorted({ models, aggregations: manifest.aggregations });
}

interface CatalogReply {
  readonly models: readonly (SdkModel & { readonly system: boolean })[];
  readonly aggregations: readonly { readonly spec: AggregationSpec }[];
}

/** Asks the server's catalog. Throws MooseError `server_unreachable`. */
export async function readServer(url: string): Promise<SdkSource> {
  const address = new URL("/catalog", url);
  let reply: CatalogReply;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    reply = (await response.json()) as CatalogReply;
  } catch (cause) {
    throw new MooseError(
      "server_unreachable",
      `The models of ${address.origin} cannot be read: ${(cause as Error).message}. Start it (moose dev), or name another with --url.`,
      { cause },
    );
  }
  const own = reply.models.filter(({ system }) => !system);
  if (own.some(({ program }) => program === undefined)) {
    throw new MooseError(
      "server_unreachable",
      `The server at ${address.origin} is too old: its catalog has no programs.`,
    );
  }
  return sorted({
    models: own.map(({ spec, schemaId, program }) => ({ spec, schemaId, program })),
    aggregations: reply.aggregations.map(({ spec }) => spec),
  });
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;

const sorted = ({ models, aggregations }: SdkSource): SdkSource => ({
  models: [...models].sort((one, other) => byName(one.spec, other.spec)),
  aggregations: [...aggregations].sort(byName),
});
