// The roles writer and query: what moves events into tables, and what reads them from there.

import { type FollowedProgress, type FollowedProgressOptions, followProgress } from "../deliver/followed-progress.ts";
import { ForgetGroups } from "../deliver/forget-groups.ts";
import { StreamRetention, type StreamRetentionOptions } from "../deliver/stream-retention.ts";
import type { TableWriter } from "../deliver/table-writer.ts";
import { systemClock } from "../lib/clock.ts";
import { createLiveHub } from "../live/live-hub.ts";
import { missingTables } from "../migrate/missing-tables.ts";
import type { MooseConfig } from "../model/config.ts";
import { MooseError } from "../model/errors.ts";
import { hasReader, type Manifest } from "../model/manifest.ts";
import type { Catalog } from "../ports/catalog.ts";
import type { Database } from "../ports/database.ts";
import type { LiveHub } from "../ports/live-socket.ts";
import type { QueryRunner } from "../ports/query-runner.ts";
import type { StreamLog } from "../ports/stream-log.ts";
import type { TableProgress } from "../ports/table-progress.ts";
import { createQueryService } from "../query/query-service.ts";
import type { Log } from "../telemetry/log.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** Of the time until the deadline: ending the insert under way, and closing what the writer stands on, need some. */
const STOP_RESERVE_MS = 3_000;

export function startWriter(writer: TableWriter, log: Log, lifecycle: Lifecycle): void {
  writer.start();
  lifecycle.onStop("the table writer", async ({ drain, remainingMs }) => {
    try {
      if (drain) await writer.drain(undefined, AbortSignal.timeout(Math.max(0, remainingMs() - STOP_RESERVE_MS)));
    } catch (error) {
      if (!(error instanceof MooseError)) throw error;
      log.info("Some events are not in their tables yet; they stay in the stream", { reason: error.message });
    } finally {
      await writer.stop();
    }
  });
}

export interface RetentionOptions
  extends Pick<StreamRetentionOptions, "stream" | "database" | "catalog" | "metrics" | "log"> {
  readonly config: MooseConfig;
  /** The manifest that is served now. */
  readonly manifest: () => Manifest;
}

/** Where the stream is Kafka, its topics' own retention frees it: then only metrics are told. */
export function startRetention({ config, manifest, ...parts }: RetentionOptions, lifecycle: Lifecycle): void {
  const { kafka, retention: limits } = config.stream;
  const retention = new StreamRetention({
    ...parts,
    ...(kafka === undefined ? { limits } : {}),
    forgetGroups: new ForgetGroups({
      ...parts,
      isExpected: (group, stream) => hasReader(manifest(), group, stream),
      afterHours: config.stream.forgetGroupsAfterHours,
      now: Date.now,
    }),
    clock: systemClock,
    now: Date.now,
  });
  retention.start();
  lifecycle.onStop("the retention of streams", () => retention.stop());
}

export interface QueryRoleOptions {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly stream: StreamLog;
  readonly progress: TableProgress;
  readonly log: Log;
}

export function openQueryRole(
  { database, catalog, stream, progress, log }: QueryRoleOptions,
  lifecycle: Lifecycle,
): { readonly queries: QueryRunner; readonly live: LiveHub } {
  const queries = createQueryService({ database, catalog, progress });
  const live = createLiveHub({ catalog, stream, queries, progress, log });
  lifecycle.onStop("live subscriptions", () => live.close());
  return { queries, live };
}

export function openFollowedProgress(options: FollowedProgressOptions, lifecycle: Lifecycle): FollowedProgress {
  const progress = followProgress(options);
  lifecycle.onStop("the progress of tables", () => progress.close());
  return progress;
}

/** For a process without the role writer: whether one with it has made the tables. Rejects with a sentence when not. */
export async function checkTables(database: Database, manifest: Manifest): Promise<boolean> {
  const [missing, ...more] = await missingTables(database, manifest);
  if (missing === undefined) return true;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  throw new Error(`the table ${missing}${others} is missing: a process with the role writer makes it`);
}
