// The role functions: runs the project's stream functions, and exchanges them when the project changes.
import type { Core } from "@moose/core";
import { createStreamFunctions } from "../functions/stream-functions.ts";
import type { MooseConfig } from "../model/config.ts";
import type { Manifest } from "../model/manifest.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Quarantine } from "../ports/quarantine.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Lifecycle } from "./lifecycle.ts";

export interface FunctionsRoleOptions {
  readonly config: MooseConfig;
  readonly core: Core;
  readonly catalog: Catalog;
  readonly stream: StreamLog;
  readonly quarantine: Quarantine;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
}

export interface FunctionsRole {
  /** Runs the functions of a manifest that the catalog serves already. */
  apply(manifest: Manifest): Promise<void>;
}

export function openFunctionsRole(options: FunctionsRoleOptions): FunctionsRole {
  const { config, core, catalog, stream, quarantine, metrics, log, lifecycle } = options;
  const functions = createStreamFunctions({
    log: stream,
    catalog,
    core,
    quarantine,
    logger: log,
    metrics,
    limits: config.functions,
    partitions: config.stream.partitions,
  });
  lifecycle.onStop("the stream functions", () => functions.stop());
  return { apply: (manifest) => functions.apply(manifest.functions ?? []) };
}
